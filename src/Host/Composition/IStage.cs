using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Kernels.Random;

namespace BrainModular.Host.Composition;

/// <summary>A stage of an experiment, composed and checked, ready to run.</summary>
internal interface IStage
{
    /// <summary>Its unique name in the configuration.</summary>
    string Name { get; }

    /// <summary>Runs the stage.</summary>
    /// <param name="context">What it may use.</param>
    /// <param name="cancel">Ends the stage early; it saves what <see cref="StageContext.Checkpoint"/> needs, then throws.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    StageOutcome Run(StageContext context, CancellationToken cancel);
}

/// <summary>What a running stage may use.</summary>
/// <param name="Folder">The run folder; files are written there atomically.</param>
/// <param name="Checkpoint">The stage's own file for its state: there when the run is a resumed one that had written it.</param>
/// <param name="Threads">How many threads may compute.</param>
/// <param name="Random">The stage's random stream.</param>
/// <param name="Earlier">What the stages before it came to, by name.</param>
/// <param name="Progress">Told how far the stage is.</param>
internal sealed record StageContext(
    string Folder,
    string Checkpoint,
    int Threads,
    PhiloxStream Random,
    IReadOnlyDictionary<string, StageOutcome> Earlier,
    IStageProgress Progress);

/// <summary>Where a stage tells how far it is: to the terminal, and as lines of <c>metrics.jsonl</c>.</summary>
internal interface IStageProgress
{
    /// <summary>Shows how far the stage is.</summary>
    /// <param name="fraction">From 0 to 1, or null where it is not known.</param>
    /// <param name="text">A few words, such as the loss.</param>
    void Report(double? fraction, string text);

    /// <summary>Adds a line to the metrics; the stage's name is put in front.</summary>
    void Metric(JsonObject line);

    /// <summary>Keeps the stage's first lines of an earlier part of the run, and takes back those after them.</summary>
    void KeepMetrics(int lines);

    /// <summary>Says something that the user should know.</summary>
    void Warn(string text);

    /// <summary>Says in one line something of what the stage came to.</summary>
    void Tell(string text);
}

/// <summary>What a stage came to.</summary>
internal abstract record StageOutcome
{
    /// <summary>Its part of <c>summary.json</c>.</summary>
    public required JsonObject Summary { get; init; }

    /// <summary>Why the stage failed its own check, or null; the run ends with it after everything is written.</summary>
    public Diagnostic? Fault { get; init; }

    /// <summary>Gives up what is kept outside of memory, when everything is written.</summary>
    public virtual void Release()
    {
    }
}
