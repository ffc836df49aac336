using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Export.Checking;
using BrainModular.Export.Onnx;
using BrainModular.Formats.Onnx;
using BrainModular.Host.Configuration;

namespace BrainModular.Host.Composition;

/// <summary>What an export came to.</summary>
internal sealed record ExportOutcome(OnnxCheckResult Check, double Tolerance, IReadOnlyList<string> Files) : StageOutcome;

/// <summary>Writes an earlier stage's model as ONNX files and holds them against the engine in ONNX Runtime.</summary>
internal sealed class ExportStage(ExportConfig config) : IStage
{
    private const string Population = "neuron";
    private const string StepFile = "model.step.onnx";
    private const string SequenceFile = "model.seq.onnx";

    public string Name => config.Name;

    public StageOutcome Run(StageContext context, CancellationToken cancel)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var source = Source(context);

        // Files carry float32 numbers, which every runtime has; the engine is asked to compute with the same.
        var values = source.Values.Where(v => source.Neuron.Model.FindParameter(v.Key) is not null).ToDictionary();
        var bindings = values.Keys.ToDictionary(static n => n, static _ => ParameterBinding.Shared);
        var step = StepFunction.Build(source.Neuron.Model, new(source.TimeStep, source.Integrator, values, bindings, InitialFromData: ["V"]));
        var trajectories = source.Sweeps.Select(s => Trajectory(step, source, s, values, cancel)).ToList();
        var initial = step.States.ToDictionary(static s => s, s => new[] { trajectories[0].States[s][0] });
        var model = StepModel.From(step, Population, 1, source.TimeStep, values.ToDictionary(static v => v.Key, static v => new[] { v.Value }), initial);

        var (stepPath, sequencePath) = (Path.Combine(context.Folder, StepFile), Path.Combine(context.Folder, SequenceFile));
        context.Progress.Report(0.3, "writing the files");
        OnnxFile.Write(OnnxExport.Step(model, Precision.Single), stepPath);
        OnnxFile.Write(OnnxExport.Sequence(model, Precision.Single), sequencePath);
        cancel.ThrowIfCancellationRequested();
        context.Progress.Report(0.5, "checking the files in ONNX Runtime");
        var check = OnnxCheck.Run(model, stepPath, sequencePath, trajectories);
        var tolerance = config.Tolerance.InEngineUnits;
        context.Progress.Metric(new JsonObject { ["maxAbsDifference"] = FitSummary.Number(check.MaxAbsDifference), ["spikeDifferences"] = check.SpikeDifferences });
        return new ExportOutcome(check, tolerance, [StepFile, SequenceFile]) { Summary = Summary(check, check.Fault(stepPath, tolerance), watch.Elapsed.TotalSeconds) };
    }

    private static JsonObject Summary(OnnxCheckResult check, Diagnostic? fault, double seconds) => new()
    {
        ["type"] = "export",
        ["files"] = new JsonArray(StepFile, SequenceFile),
        ["passed"] = fault is null,
        ["fault"] = fault?.ToString(),
        ["maxAbsDifference"] = FitSummary.Number(check.MaxAbsDifference),
        ["spikeDifferences"] = check.SpikeDifferences,
        ["marginalSpikeDifferences"] = check.MarginalSpikeDifferences,
        ["checkedSteps"] = check.CheckedSteps,
        ["sequenceMaxAbsDifference"] = FitSummary.Number(check.SequenceMaxAbsDifference),
        ["sequenceSpikeDifferences"] = check.SequenceSpikeDifferences,
        ["seconds"] = seconds,
    };

    /// <summary>The engine's own run, in the precision of the file, with all states before every step and after the last.</summary>
    private static ReferenceTrajectory Trajectory(
        StepFunction step, ExportSource source, SimulatedSweep sweep, Dictionary<string, double> values, CancellationToken cancel)
    {
        var spikes = source.Neuron.Model.Spikes.Select(static s => s.Name).ToList();
        var simulator = new Simulator(step, source.TimeStep, Precision.Single, CompileOptions.Default, [.. step.States, .. spikes]);
        var port = FitPlan.StimulusPort(source.Neuron.Model);

        // One step more than the sweep has, so that the state after the last step is recorded, too.
        using var trace = new Trace(
            sweep.Current.Length + 1,
            new Dictionary<string, double[]> { [port] = [.. sweep.Current, 0] },
            new Dictionary<string, double> { ["data.initial.V"] = sweep.Initial ?? source.InitialPotential },
            Precision.Single);
        var recorded = simulator.Run(trace, values.ToDictionary(static v => v.Key, static v => new[] { v.Value }), 1, cancel);
        return new(
            $"sweep {sweep.Number}",
            sweep.Current.Length,
            new Dictionary<string, double[]> { [port] = sweep.Current },
            step.States.ToDictionary(static s => s, s => recorded[s][0]),
            spikes.ToDictionary(static s => s, s => recorded[s][0][..sweep.Current.Length]));
    }

    private ExportSource Source(StageContext context)
    {
        var outcomes = config.From.Select(f => context.Earlier[f]).ToList();
        if (outcomes.OfType<FitOutcome>().FirstOrDefault() is { } fit)
        {
            var plan = fit.Fit.Plan;
            return new(
                fit.Fit.Neuron, fit.Values, fit.Fit.Recording.TimeStep, plan.Integrator, fit.Fit.Recording.Train[0].InitialPotential,
                [.. fit.Fit.Recording.All.Select(s => new SimulatedSweep(s.Number, s.TimeStep, s.Current, [], [], plan.InitialFromData ? s.InitialPotential : null))]);
        }

        var simulated = outcomes.OfType<SimulateOutcome>().First();
        return new(
            simulated.Neuron, simulated.Values, simulated.Stepping.TimeStep, simulated.Stepping.Integrator, simulated.Sweeps[0].Potential[0], simulated.Sweeps);
    }

    /// <summary>A model to export, and the stimuli with which its files are checked.</summary>
    private sealed record ExportSource(
        ComposedNeuron Neuron, IReadOnlyDictionary<string, double> Values, double TimeStep, Integrator Integrator, double InitialPotential, IReadOnlyList<SimulatedSweep> Sweeps);
}
