using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Networks;
using BrainModular.Export.Checking;
using BrainModular.Export.Networks;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export;

/// <summary>A state that a network's files give by step, as <c>readout.POPULATION.STATE</c>.</summary>
public sealed record NetworkReadout(string Population, string State);

/// <summary>A trained network to export.</summary>
/// <param name="Network">The network.</param>
/// <param name="Coordinates">Its coordinates, as an optimiser left them.</param>
/// <param name="Readouts">The states that are read out, at least one.</param>
/// <param name="Stimulus">Trials under which the files are held against the engine, a few.</param>
public sealed record NetworkExportPlan(
    NetworkDefinition Network, IReadOnlyList<double> Coordinates, IReadOnlyList<NetworkReadout> Readouts, NetworkStimulus Stimulus)
{
    /// <summary>The populations whose spikes the sequence gives by step; the step model gives those of all.</summary>
    public IReadOnlyCollection<string> Spikes { get; init; } = [];

    /// <summary>The numbers in the files.</summary>
    public Precision FilePrecision { get; init; } = Precision.Single;

    /// <summary>The numbers with which the engine computes what the files are held against.</summary>
    public Precision EnginePrecision { get; init; } = Precision.Double;

    /// <summary>How the engine's kernels are compiled for that.</summary>
    public CompileOptions Compile { get; init; } = CompileOptions.Default;

    /// <summary>What the files' names begin with, before <c>.step.onnx</c> and <c>.seq.onnx</c>.</summary>
    public string FileName { get; init; } = "model";

    /// <summary>Further entries for the files' metadata, such as seed and provenance; keys without the prefix <c>brainmodular.</c></summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>What was written, and how well it agrees.</summary>
/// <param name="StepFile">The file of one step.</param>
/// <param name="SequenceFile">The file of a whole sequence.</param>
/// <param name="Check">How well they do what the engine does.</param>
public sealed record NetworkExportResult(string StepFile, string SequenceFile, NetworkCheckResult Check);

/// <summary>Writes a network as <c>model.step.onnx</c> and <c>model.seq.onnx</c> and holds both against the engine in ONNX Runtime.</summary>
public static class NetworkExport
{
    /// <summary>What the engine's run for the check may take, bytes: the stimulus is checked up to that length.</summary>
    private const long CheckMemory = 256L << 20;

    /// <summary>Writes and checks; whether the result is good enough, <see cref="NetworkCheckResult.Fault"/> says.</summary>
    /// <exception cref="DiagnosticException">
    /// BM25xx: the network contradicts itself; BM2701: it draws random numbers; BM2702: it lacks what is to be read out; BM2703: the stimulus
    /// does not fit it; BM55xx: ONNX Runtime refuses the files; BM65xx: they cannot be written, or it cannot be loaded.
    /// </exception>
    public static NetworkExportResult Write(NetworkExportPlan plan, string folder, CancellationToken cancel = default)
    {
        var reference = NetworkReference.Run(plan, CheckMemory, cancel);
        var model = reference.Model;
        var (stepFile, sequenceFile) = (Path.Combine(folder, $"{plan.FileName}.step.onnx"), Path.Combine(folder, $"{plan.FileName}.seq.onnx"));
        OnnxFile.Write(NetworkGraphs.Step(model, plan.FilePrecision), stepFile);
        OnnxFile.Write(NetworkGraphs.Sequence(model, plan.FilePrecision), sequenceFile);
        cancel.ThrowIfCancellationRequested();
        return new(stepFile, sequenceFile, NetworkCheck.Run(reference, stepFile, sequenceFile, cancel));
    }
}
