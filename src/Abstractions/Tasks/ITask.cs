using BrainModular.Random;
using BrainModular.Symbolics;

namespace BrainModular.Tasks;

/// <summary>A task that a network learns: it makes batches of trials.</summary>
public interface ITask
{
    /// <summary>What a trial looks like at this time step.</summary>
    /// <param name="timeStep">The length of a step.</param>
    TaskShape Shape(Quantity timeStep);

    /// <summary>Fills a batch of trials. The same random stream gives the same trials for as many of them.</summary>
    /// <remarks>
    /// A batch may be used again: every element of its arrays is written, whatever it held, so clear those first that are mostly zero.
    /// A training calls this once for every batch, so it has to be quick beside the simulation of one.
    /// </remarks>
    /// <param name="batch">A batch whose shape this task gave.</param>
    /// <param name="random">The only source of chance.</param>
    void Generate(TrialBatch batch, IRandomStream random);

    /// <summary>The same task with the examples that are kept for a use; itself where every trial is drawn anew, so that none of training comes again.</summary>
    /// <remarks>Its shape is the same. What a training shows must not be shown in validation or evaluation, unless the user asks for it.</remarks>
    /// <param name="use">What the trials are for.</param>
    ITask For(TrialUse use) => this;

    /// <summary>Which examples the trials show, such as <c>359 images of the part 'test'</c>; empty where every trial is drawn anew.</summary>
    string Examples => "";
}

/// <summary>What trials are for.</summary>
public enum TrialUse
{
    /// <summary>Weights are changed by them.</summary>
    Training,

    /// <summary>They choose between the weights that training came by, and tell when to end it.</summary>
    Validation,

    /// <summary>They judge the weights in the end.</summary>
    Evaluation,
}

/// <summary>The shape of a trial.</summary>
/// <remarks>
/// Where targets are classes, a trial asks for one answer in every period in which the mask is not 0: the class whose readout, averaged over the
/// period's steps with the mask as weights, is largest. Inside such a period the target class is one and the same.
/// </remarks>
/// <param name="Steps">Its length in steps.</param>
/// <param name="Inputs">How many input channels.</param>
/// <param name="InputKind">Whether inputs are spikes (0 or 1) or graded.</param>
/// <param name="InputGroups">The named groups of input channels, in order and apart from each other.</param>
/// <param name="Targets">How many target channels, or classes.</param>
/// <param name="TargetKind">Whether targets are classes or values.</param>
/// <param name="TargetNames">The name of each class or target channel.</param>
/// <param name="Periods">The named periods, in order and apart from each other; steps between them belong to none.</param>
public sealed record TaskShape(
    int Steps,
    int Inputs,
    Models.PortKind InputKind,
    IReadOnlyList<ChannelGroup> InputGroups,
    int Targets,
    TargetKind TargetKind,
    IReadOnlyList<string> TargetNames,
    IReadOnlyList<Period> Periods);

/// <summary>A named group of input channels, for pictures and summaries.</summary>
/// <param name="Name">Its name, such as <c>left</c> or <c>noise</c>.</param>
/// <param name="First">Its first channel.</param>
/// <param name="Count">How many channels.</param>
public sealed record ChannelGroup(string Name, int First, int Count);

/// <summary>What a target is.</summary>
public enum TargetKind
{
    /// <summary>One class per step and trial, as its number in channel 0.</summary>
    Class,

    /// <summary>A value per step, trial and channel.</summary>
    Value,
}

/// <summary>A named stretch of a trial.</summary>
/// <param name="Name">Its name, such as <c>cue</c>, <c>delay</c>, <c>response</c>.</param>
/// <param name="Start">Its first step.</param>
/// <param name="Steps">Its length in steps.</param>
public sealed record Period(string Name, int Start, int Steps);

/// <summary>A batch of trials to fill. Layout is [step][channel][trial], trial contiguous.</summary>
/// <param name="Trials">How many trials.</param>
/// <param name="Shape">The shape of each.</param>
public sealed record TrialBatch(int Trials, TaskShape Shape)
{
    /// <summary>Inputs, [step][input channel][trial].</summary>
    public float[] Inputs { get; } = new float[(long)Shape.Steps * Shape.Inputs * Trials];

    /// <summary>Targets, [step][target channel][trial]; one channel where they are classes.</summary>
    public float[] Targets { get; } = new float[(long)Shape.Steps * (Shape.TargetKind == TargetKind.Class ? 1 : Shape.Targets) * Trials];

    /// <summary>The weight of each step in the loss, [step][trial]; 0 where it does not count.</summary>
    public float[] Mask { get; } = new float[(long)Shape.Steps * Trials];
}
