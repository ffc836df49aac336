using System.Globalization;
using System.Text.Json.Nodes;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Training;
using BrainModular.Host.Composition.Simulations;
using BrainModular.Host.Composition.Uncertainties;
using BrainModular.Host.Reports;
using BrainModular.Host.Runs;
using BrainModular.Models;
using BrainModular.Symbolics;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition;

/// <summary>Gathers what a run's report shows from the outcomes of its stages.</summary>
internal static class ReportComposer
{
    public static ReportData Compose(Experiment experiment, IReadOnlyDictionary<string, StageOutcome> outcomes, RunFolder folder, string status)
    {
        var record = JsonNode.Parse(File.ReadAllBytes(folder.Record))!;
        var started = RunRecord.Started(record);
        var config = experiment.Config;
        var fits = outcomes.Values.OfType<FitOutcome>().ToList();
        return new(config.Name, config.File, status, (long)config.Seed, Product.Version, RunRecord.CommandLine(record), started, (DateTimeOffset.UtcNow - started).TotalSeconds)
        {
            Description = config.Description,
            Stages = [.. outcomes.Select(o => StageOf(o.Key, o.Value, outcomes))],
            Warnings =
            [
                .. fits.SelectMany(static f => f.Fit.Recording.Warnings).Select(static w => w.ToString()).Distinct(),
                .. outcomes.SelectMany(static o => o.Value is FitOutcome fit ? fit.Warnings.Select(warning => $"{o.Key}: {warning}") : []),
                .. outcomes.SelectMany(static o => o.Value is FitOutcome { Uncertainty: { } uncertainty } ? uncertainty.Warnings.Select(warning => $"{o.Key}: {warning}") : []),
                .. outcomes.SelectMany(static o => o.Value is SimulationOutcome simulated ? simulated.Simulation.Notes.Select(note => $"{o.Key}: {note}") : []),
            ],
            Plugins = [.. experiment.Catalog.Plugins.Select(static p => new ReportPlugin(p.Name, p.Version, p.Path, p.Hashes().GetValueOrDefault(p.Path, "")))],
            Files =
            [
                .. fits.Select(static f => new ReportFile(f.Fit.Recording.Path, "recording")),
                .. outcomes.Values.OfType<SimulationOutcome>().SelectMany(static s => s.Simulation.SpikeFiles).Select(static f => new ReportFile(f, "spikes")),
                .. outcomes.Values.OfType<NetworkExportOutcome>().SelectMany(static e => new ReportFile[] { new(e.Result.StepFile, "step model"), new(e.Result.SequenceFile, "sequence model") }),
                .. outcomes.Values.OfType<NetworkExportOutcome>().Where(static e => e.NirFile is not null).Select(static e => new ReportFile(e.NirFile!, "NIR graph")),
                .. outcomes.Values.OfType<ExportOutcome>().SelectMany(static e => new ReportFile[] { new(e.Result.StepFile, "step model"), new(e.Result.SequenceFile, "sequence model") }),
            ],
        };
    }

    private static ReportStage StageOf(string name, StageOutcome outcome, IReadOnlyDictionary<string, StageOutcome> all) => outcome switch
    {
        FitOutcome fit => Fit(name, fit),
        SimulateOutcome simulated => Simulation(name, simulated),
        TrainOutcome trained => TrainingReport.Of(name, trained, all.Where(static o => o.Value is NetworkExportOutcome).Select(static o => (o.Key, (NetworkExportOutcome)o.Value))),
        SimulationOutcome simulated => SimulationReport.Of(name, simulated),
        EvaluateOutcome evaluated => new(name, "evaluate") { Headlines = [.. TrainingReport.Evaluation(evaluated.Evaluation, TrainingReport.AccuracyName(evaluated.Trained), evaluated.Task.For(TrialUse.Evaluation).Examples)] },
        ExportOutcome export => Export(name, export),
        NetworkExportOutcome export => Export(name, export),
        _ => new(name, "stage"),
    };

    private static ReportStage Fit(string name, FitOutcome fit)
    {
        var unit = fit.Fit.Plan.Loss.Unit;
        var best = fit.Result.Best;
        string Loss(double loss) => $"{NumberText.Number(unit.Export(loss))} {NumberText.Unit(unit.Symbol)}";
        var free = fit.Fit.Plan.Model.Parameters.Where(p => best.Values.ContainsKey(p.Name)).ToList();
        return new(name, "fit")
        {
            Headlines =
            [
                new("Loss", Loss(best.Loss), $"at the first start {Loss(fit.Result.InitialLoss)}"),
                .. fit.Fit.Plan.Losses.Zip(fit.Result.Parts, static (loss, value) => new ReportHeadline(
                    loss.Name, $"{NumberText.Number(loss.Unit.Export(value))} {NumberText.Unit(loss.Unit.Symbol)}", $"counts {NumberText.Number(loss.Weight)} times")),
                .. Explained("Explained variance, test sweeps", fit.Test),
                .. Explained("Explained variance, fitted sweeps", fit.Train),
                new("Starts", fit.Result.Starts.Count.ToString(CultureInfo.InvariantCulture), $"{fit.Result.SearchEvaluations + fit.Result.Starts.Sum(static s => s.Evaluations)} evaluations"),
                new("Time step", $"{NumberText.Number(fit.Fit.Recording.TimeStep)} ms", fit.Fit.Recording.Resampling),
                .. Subtracted(fit.Fit.Recording),
                .. Aids(fit.Fit.Plan),
            ],
            Scores = [Score("train", fit.Train), .. fit.Test is { } test ? [Score("test", test)] : Array.Empty<ReportScore>()],
            Parameters = [.. free.Select(p => new ReportParameter(
                p.Name, p.Unit.Export(fit.Values[p.Name]), p.Unit.Symbol, p.Unit.Export(fit.Fit.Neuron.Bounds[p.Name].Lower), p.Unit.Export(fit.Fit.Neuron.Bounds[p.Name].Upper), p.Scale == ParameterScale.Logarithmic))],
            Spikes = SpikeReport.Of(fit),
            Sweeps = [.. fit.Sweeps.Select(s => Sweep(s, fit.Uncertainty?.Bands.FirstOrDefault(b => b.Sweep.Number == s.Sweep.Sweep.Number))).OrderBy(static s => s.Number)],
            Starts = [.. fit.Result.Starts.Select(s => new ReportStart(
                unit.Export(s.Loss), s.Evaluations, [.. free.Select(p => p.Unit.Export(s.Values[p.Name]))], [.. s.History.Select(unit.Export)]))],
            LossUnit = unit.Symbol,
            Uncertainty = fit.Uncertainty is { } uncertainty ? UncertaintyReport.Of(fit.Fit.Plan.Model, uncertainty) : null,
        };
    }

    /// <summary>What is no longer in the recorded potential.</summary>
    private static IEnumerable<ReportHeadline> Subtracted(ComposedRecording recording)
    {
        if (recording.JunctionPotential != 0)
        {
            yield return new("Junction potential", $"{NumberText.Number(recording.JunctionPotential)} mV", "subtracted from the recorded potential");
        }

        if (recording.Electrode is { Resistance: > 0 } electrode)
        {
            yield return new("Electrode", $"{NumberText.Number(electrode.Resistance)} MOhm", $"with {NumberText.Number(electrode.TimeConstant)} ms, subtracted from the recorded potential");
        }
    }

    /// <summary>What made the loss tamer while it was minimised.</summary>
    private static IEnumerable<ReportHeadline> Aids(FitPlan plan)
    {
        if (plan.Coupling is { } coupling)
        {
            yield return new("Coupling to the data", $"{NumberText.Number(Units.nS.Export(coupling.Conductance))} nS", $"at first, none in the last of {coupling.Rounds} rounds");
        }

        if (plan.Horizon is { } horizon)
        {
            yield return new("Horizon", $"{NumberText.Number(horizon.First)} ms", $"at first, whole sweeps in the last of {horizon.Rounds} rounds");
        }

        if (plan.Shooting is { } shooting)
        {
            yield return new("Segments", $"{NumberText.Number(shooting.Segment)} ms", $"at first, with gaps that count; whole sweeps in the last of {shooting.Rounds} rounds");
        }

        if (plan.Jitter is { } jitter)
        {
            var unit = plan.Model.FindParameter(jitter.Parameter)!.Unit;
            yield return new($"Jitter of {jitter.Parameter}", $"±{NumberText.Number(unit.Export(jitter.HalfWidth))} {NumberText.Unit(unit.Symbol)}", $"the loss is the mean of {jitter.Points}");
        }
    }

    private static ReportStage Simulation(string name, SimulateOutcome simulated) => new(name, "simulate")
    {
        Headlines =
        [
            new("Sweeps", simulated.Sweeps.Count.ToString(CultureInfo.InvariantCulture)),
            new("Spikes", simulated.Sweeps.Sum(static s => s.Spikes.Length).ToString(CultureInfo.InvariantCulture)),
        ],
        Sweeps = [.. simulated.Sweeps.Select(static s => new ReportSweep((int)s.Number, "", 0, s.TimeStep)
        {
            Stimulus = s.Current, Fitted = s.Potential, FittedSpikes = [.. s.Spikes.Select(t => t * s.TimeStep)],
        })],
    };

    private static ReportStage Export(string name, ExportOutcome export)
    {
        var check = export.Result.Check;
        return new(name, "export")
        {
            Headlines =
            [
                new("Largest difference in ONNX Runtime", $"{NumberText.Number(check.MaxAbsDifference)} mV", $"at most {NumberText.Number(export.Tolerance)} mV passes", export.Fault is null),
                new("Spike differences", check.SpikeDifferences.ToString(CultureInfo.InvariantCulture), $"in {check.CheckedSteps} steps", export.Fault is null),
            ],
        };
    }

    private static ReportStage Export(string name, NetworkExportOutcome export) => new(name, "export")
    {
        Headlines =
        [
            new("Accuracy in ONNX Runtime", NumberText.Percent(export.OnnxAccuracy), $"the engine's on the same trials {NumberText.Percent(export.EngineAccuracy)}"),
            new("Largest difference in ONNX Runtime", $"{NumberText.Number(export.Result.Check.MaxAbsDifference)} mV", "after one step", export.Fault is null),
            new("Spike differences", export.Result.Check.SpikeDifferences.ToString(CultureInfo.InvariantCulture), $"in {export.Result.Check.CheckedSteps} steps", export.Fault is null),
        ],
    };

    private static IEnumerable<ReportHeadline> Explained(string label, Assessment? assessment) =>
        assessment?.ExplainedVariance is { } explained
            ? [new(label, NumberText.Percent(explained), assessment.PassiveExplainedVariance is { } passive ? $"a passive membrane {NumberText.Percent(passive)}" : null)]
            : [];

    private static ReportScore Score(string part, Assessment a) =>
        new(part, a.ExplainedVariance, a.PassiveExplainedVariance, a.Sweeps.Sum(static s => s.ComparedSpikes.Length), a.Sweeps.Sum(static s => s.Sweep.ComparedSpikes.Length));

    private static ReportSweep Sweep((SweepAssessment Of, string Part) s, PredictiveBand? band) => new((int)s.Of.Sweep.Number, s.Part, 0, s.Of.Sweep.TimeStep)
    {
        Stimulus = s.Of.Sweep.Current,
        Recorded = s.Of.Sweep.Potential,
        Fitted = s.Of.Potential,
        Lower = band?.Lower,
        Upper = band?.Upper,
        RecordedSpikes = [.. s.Of.Sweep.Spikes.Select(t => t * s.Of.Sweep.TimeStep)],
        FittedSpikes = [.. s.Of.Spikes.Select(t => t * s.Of.Sweep.TimeStep)],
        ExplainedVariance = s.Of.ExplainedVariance,
    };
}
