using System.Text.Json.Nodes;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Export;
using BrainModular.Export.Checking;
using BrainModular.Host.Configuration;
using BrainModular.Random;

namespace BrainModular.Host.Composition;

/// <summary>What an export came to.</summary>
internal sealed record ExportOutcome(NeuronExportResult Result, double Tolerance) : StageOutcome;

/// <summary>Writes an earlier stage's model as ONNX files and holds them against the engine in ONNX Runtime.</summary>
/// <param name="config">The stage.</param>
/// <param name="fileName">What the files' names begin with.</param>
internal sealed class ExportStage(ExportConfig config, string fileName) : IStage
{
    public string Name => config.Name;

    public StageOutcome Run(StageContext context, CancellationToken cancel)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        context.Progress.Report(null, "writing the files and checking them in ONNX Runtime");
        var result = NeuronExport.Write(Plan(context) with { FileName = fileName }, context.Folder, cancel);
        var tolerance = config.Tolerance.InEngineUnits;
        var fault = result.Check.Fault(result.StepFile, tolerance);
        return new ExportOutcome(result, tolerance)
        {
            Summary = Summary(result.Check, fault?.Problem, watch.Elapsed.TotalSeconds),
            Fault = fault,
        };
    }

    private static JsonObject Summary(OnnxCheckResult check, string? fault, double seconds) => new()
    {
        ["type"] = "export",
        ["passed"] = fault is null,
        ["fault"] = fault,
        ["maxAbsDifference"] = FitSummary.Number(check.MaxAbsDifference),
        ["spikeDifferences"] = check.SpikeDifferences,
        ["marginalSpikeDifferences"] = check.MarginalSpikeDifferences,
        ["checkedSteps"] = check.CheckedSteps,
        ["sequenceMaxAbsDifference"] = FitSummary.Number(check.SequenceMaxAbsDifference),
        ["sequenceSpikeDifferences"] = check.SequenceSpikeDifferences,
        ["seconds"] = seconds,
    };

    private NeuronExportPlan Plan(StageContext context)
    {
        var outcomes = config.From.Select(f => context.Earlier[f]).ToList();
        if (outcomes.OfType<FitOutcome>().FirstOrDefault() is { } fit)
        {
            var plan = fit.Fit.Plan;
            return Plan(fit.Fit.Neuron, plan.Integrator, fit.Fit.Recording.TimeStep, fit.Values,
                context.Random, fit.Fit.Recording.All.Select(s => (s.Number, s.Current, plan.InitialFromData ? s.InitialPotential : (double?)null)));
        }

        var simulated = outcomes.OfType<SimulateOutcome>().First();
        return Plan(simulated.Neuron, simulated.Stepping.Integrator, simulated.Stepping.TimeStep, simulated.Values,
            context.Random, simulated.Sweeps.Select(static s => (s.Number, s.Current, s.Initial)));
    }

    private static NeuronExportPlan Plan(
        ComposedNeuron neuron, Integrator integrator, double timeStep, IReadOnlyDictionary<string, double> values, IRandomStream random,
        IEnumerable<(long Number, double[] Current, double? Initial)> sweeps)
    {
        var step = StepFunction.Build(neuron.Model, new(timeStep, integrator, values)).Step;
        var port = FitPlan.StimulusPort(neuron.Model);
        return new(neuron.Model, integrator, timeStep, values, [.. sweeps.Select(s => new CheckStimulus(
            $"sweep {s.Number}",
            NoiseSignals.Beside(new Dictionary<string, double[]> { [port] = s.Current }, step, s.Current.Length, random.Split($"noise.{s.Number}")),
            s.Initial))]);
    }
}
