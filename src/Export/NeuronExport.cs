using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Export.Checking;
using BrainModular.Export.Onnx;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export;

/// <summary>A stimulus under which an exported neuron is held against the engine.</summary>
/// <param name="Name">Which sweep, for messages.</param>
/// <param name="Signals">What arrives at each port in every step, in engine units.</param>
/// <param name="InitialPotential">V at time 0 in mV, or null for the model's own.</param>
public sealed record CheckStimulus(string Name, IReadOnlyDictionary<string, double[]> Signals, double? InitialPotential = null)
{
    public int Steps => Signals.Values.Min(static values => values.Length);
}

/// <summary>A single neuron to export, with the values of its parameters.</summary>
/// <param name="Model">The model.</param>
/// <param name="Integrator">The method of integration, which becomes a part of the file.</param>
/// <param name="TimeStep">The length of the step in ms, the same.</param>
/// <param name="Parameters">Values of parameters in engine units, where they are not the defaults.</param>
/// <param name="Stimuli">Under which the files are checked, at least one.</param>
public sealed record NeuronExportPlan(
    ModelDefinition Model, Integrator Integrator, double TimeStep, IReadOnlyDictionary<string, double> Parameters, IReadOnlyList<CheckStimulus> Stimuli)
{
    /// <summary>The population's name in the files.</summary>
    public string Population { get; init; } = "neuron";

    /// <summary>The numbers in the files.</summary>
    public Precision FilePrecision { get; init; } = Precision.Single;

    /// <summary>The numbers with which the engine computes what the files are held against.</summary>
    public Precision EnginePrecision { get; init; } = Precision.Double;

    /// <summary>What the files' names begin with, before <c>.step.onnx</c> and <c>.seq.onnx</c>.</summary>
    public string FileName { get; init; } = "model";

    /// <summary>Further entries for the files' metadata, such as seed and provenance.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
}

/// <summary>What was written, and how well it agrees.</summary>
public sealed record NeuronExportResult(string StepFile, string SequenceFile, OnnxCheckResult Check);

/// <summary>Writes a neuron as <c>model.step.onnx</c> and <c>model.seq.onnx</c> and holds both against the engine in ONNX Runtime.</summary>
public static class NeuronExport
{
    private const string Potential = "V";

    /// <summary>Writes and checks; whether the result is good enough, <see cref="OnnxCheckResult.Fault"/> says.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM55xx: ONNX Runtime refuses the files; BM65xx: they cannot be written, or it cannot be loaded.</exception>
    public static NeuronExportResult Write(NeuronExportPlan plan, string folder, CancellationToken cancel = default)
    {
        var trajectories = plan.Stimuli.Select(stimulus => Simulate(plan, stimulus, cancel)).ToArray();
        var model = StepModelOf(plan, trajectories[0]);
        var (stepFile, sequenceFile) = (Path.Combine(folder, $"{plan.FileName}.step.onnx"), Path.Combine(folder, $"{plan.FileName}.seq.onnx"));
        OnnxFile.Write(OnnxExport.Step(model, plan.FilePrecision), stepFile);
        OnnxFile.Write(OnnxExport.Sequence(model, plan.FilePrecision), sequenceFile);
        cancel.ThrowIfCancellationRequested();
        return new(stepFile, sequenceFile, OnnxCheck.Run(model, stepFile, sequenceFile, trajectories));
    }

    /// <summary>The step with every parameter as an input, so that the files show them by name.</summary>
    private static StepModel StepModelOf(NeuronExportPlan plan, ReferenceTrajectory first)
    {
        var bindings = plan.Model.Parameters.ToDictionary(static parameter => parameter.Name, static _ => ParameterBinding.Shared);
        var function = StepFunction.Build(plan.Model, new StepOptions(plan.TimeStep, plan.Integrator, Bindings: bindings));
        var parameters = plan.Model.Parameters.ToDictionary(
            static parameter => parameter.Name, parameter => new[] { plan.Parameters.GetValueOrDefault(parameter.Name, parameter.Default.InEngineUnits) });
        var initial = first.States.ToDictionary(static state => state.Key, static state => new[] { state.Value[0] });
        return StepModel.From(function, plan.Population, 1, plan.TimeStep, parameters, initial) with { Metadata = plan.Metadata };
    }

    /// <summary>The engine's run. It records states at the start of each step, so it goes one step further than the stimulus, without input.</summary>
    private static ReferenceTrajectory Simulate(NeuronExportPlan plan, CheckStimulus stimulus, CancellationToken cancel)
    {
        string[] fromData = stimulus.InitialPotential is null ? [] : [Potential];
        var step = StepFunction.Build(plan.Model, new StepOptions(plan.TimeStep, plan.Integrator, plan.Parameters, InitialFromData: fromData, SharedInputs: true));
        var events = plan.Model.Spikes.Select(static spike => spike.Name).ToArray();
        var simulator = new Simulator(step, plan.TimeStep, plan.EnginePrecision, CompileOptions.Default, [.. step.States, .. events]);
        var constants = fromData.ToDictionary(static state => $"data.initial.{state}", _ => stimulus.InitialPotential!.Value);
        var extended = stimulus.Signals.ToDictionary(static signal => signal.Key, signal => (double[])[.. signal.Value[..stimulus.Steps], 0]);
        using var trace = new Trace(stimulus.Steps + 1, extended, constants, plan.EnginePrecision);
        var recorded = simulator.Run(trace, new Dictionary<string, double[]>(), lanes: 1, cancel);
        return new ReferenceTrajectory(stimulus.Name, stimulus.Steps, stimulus.Signals,
            step.States.ToDictionary(static state => state, state => recorded[state][0]), events.ToDictionary(static name => name, name => recorded[name][0]));
    }
}
