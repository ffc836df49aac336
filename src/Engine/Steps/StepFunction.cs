using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Steps;

/// <summary>How a parameter enters a step.</summary>
public enum ParameterBinding
{
    /// <summary>As a number known now; it is folded into the code.</summary>
    Constant,

    /// <summary>As one number for all units and lanes.</summary>
    Shared,

    /// <summary>As one number per element: per unit, per lane or both.</summary>
    PerElement,
}

/// <summary>As what a loss stands beside a step.</summary>
internal enum LossResult
{
    /// <summary>The weighted sum of its parts.</summary>
    Sum,

    /// <summary>Residuals whose squares sum to it.</summary>
    Residuals,

    /// <summary>Each part by itself, without its weight in the sum.</summary>
    Parts,
}

/// <summary>How a step is made of a model.</summary>
/// <param name="TimeStep">The length of the step in ms.</param>
/// <param name="Integrator">The method.</param>
/// <param name="Values">Values of parameters in engine units, where they are not the defaults, and of states at time 0 (<see cref="InitialOf"/>), where they are not the model's.</param>
/// <param name="Bindings">How parameters enter, where not as constants.</param>
/// <param name="Smooth">Whether spikes are replaced by their surrogate's smooth function, to check gradients.</param>
/// <param name="InitialFromData">States whose initial value is given as the input <c>data.initial.NAME</c> instead of by the model.</param>
/// <param name="SharedInputs">Whether all elements get the same inputs, as candidates do that are fitted to one sweep.</param>
/// <param name="OwnNoise">Whether each element has random numbers of its own all the same, as several runs of one sweep do.</param>
/// <param name="Connected">The ports at which something arrives, and <c>PORT.weight</c> where its sum of weights is wanted; null for all.</param>
/// <param name="Sent">
/// States, outputs, spikes and releases that projections carry, as they are at the step's end: each becomes the output <c>NAME.sent</c>, and
/// a spike whose surrogate has a slope only near threshold also the output <c>NAME.slope</c>.
/// </param>
/// <param name="RecordedSpikes">
/// Whether the spikes of the signal <c>data.spike</c> stand for the model's own wherever its equations use them: it resets and adapts when the
/// recorded cell fired, and its states are smooth functions of its parameters.
/// </param>
/// <param name="HeldResets">
/// Whether derivatives take the jumps of states at spikes as they fall, and pass by the surrogate only through spikes as outputs. Crossings, which reset nothing, keep it everywhere.
/// </param>
/// <param name="Joins">
/// States that begin at a parameter of their own, <see cref="InitialOf"/>, and what the square of their distance from another, <see cref="FinalOf"/>, adds to the loss where the signal <c>join</c> is 1. Null: none.
/// </param>
public sealed record StepOptions(
    double TimeStep,
    Integrator Integrator,
    IReadOnlyDictionary<string, double>? Values = null,
    IReadOnlyDictionary<string, ParameterBinding>? Bindings = null,
    bool Smooth = false,
    IReadOnlyCollection<string>? InitialFromData = null,
    bool SharedInputs = false,
    bool OwnNoise = false,
    IReadOnlyCollection<string>? Connected = null,
    IReadOnlyCollection<string>? Sent = null,
    bool RecordedSpikes = false,
    bool HeldResets = false,
    IReadOnlyDictionary<string, double>? Joins = null)
{
    /// <summary>The name under which the value of a state at time 0 is given.</summary>
    public static string InitialOf(string state) => $"data.initial.{state}";

    /// <summary>The name under which the value is given that a state is to end at.</summary>
    public static string FinalOf(string state) => $"data.final.{state}";
}

/// <summary>
/// A model's step as functions: <see cref="Prologue"/> computes, once, initial states and whatever depends on parameters alone;
/// <see cref="Step"/> takes the states over one step.
/// </summary>
/// <param name="Model">The model.</param>
/// <param name="Prologue">Inputs: parameters and <c>data.initial.*</c>; outputs: <c>initial.STATE</c> and <c>invariant.N</c>.</param>
/// <param name="Step">
/// Inputs: states, signals, <c>invariant.N</c>, parameters; outputs: <c>STATE.next</c>, then each spike and output under its name;
/// beside a loss only <c>loss</c>, or its residuals or parts.
/// </param>
/// <param name="States">The names of the states in the order of rows; beside a loss those that it depends on, its own included.</param>
public sealed record StepFunction(ModelDefinition Model, IrFunction Prologue, IrFunction Step, IReadOnlyList<string> States)
{
    /// <summary>The step of a model alone.</summary>
    public static StepFunction Build(ModelDefinition model, StepOptions options) => Build(model, null, null, options);

    /// <summary>The step of a model with a loss beside it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss, or null.</param>
    /// <param name="coupling">The port whose input is pulled towards the data, by <c>coupling (data.V - V)</c>; null for none.</param>
    /// <param name="options">How.</param>
    public static StepFunction Build(ModelDefinition model, LossDefinition? loss, string? coupling, StepOptions options) =>
        Build(model, loss, coupling, options, LossResult.Sum);

    /// <summary>The step of a model with, beside it, residuals <c>residual.N</c> whose squares sum to the loss of the step.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="coupling">The port whose input is pulled towards the data; null for none.</param>
    /// <param name="options">How.</param>
    /// <exception cref="DiagnosticException">BM2714: the loss is no sum of squares.</exception>
    public static StepFunction BuildResiduals(ModelDefinition model, LossDefinition loss, string? coupling, StepOptions options) =>
        Build(model, loss, coupling, options, LossResult.Residuals);

    /// <summary>The step of a model with, beside it, what each loss of a sum adds in engine units, <c>part.N</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The losses.</param>
    /// <param name="coupling">The port whose input is pulled towards the data; null for none.</param>
    /// <param name="options">How.</param>
    public static StepFunction BuildParts(ModelDefinition model, LossDefinition loss, string? coupling, StepOptions options) =>
        Build(model, loss, coupling, options, LossResult.Parts);

    private static StepFunction Build(ModelDefinition model, LossDefinition? loss, string? coupling, StepOptions options, LossResult wanted)
    {
        var builder = new StepBuilder(model, options);
        builder.DefineModel(coupling);
        if (loss is not null)
        {
            builder.DefineLoss(loss, wanted);
        }

        var (prologue, step) = Invariants.Split(builder.Initial(), builder.Step());
        return new(model, IrVerifier.Check(prologue), IrVerifier.Check(step), builder.StateNames);
    }
}
