using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Host.Composition.Uncertainties;

namespace BrainModular.Host.Composition;

/// <summary>What a fit came to.</summary>
/// <param name="Fit">What was fitted.</param>
/// <param name="Result">Where the starts ended.</param>
/// <param name="Values">The values of all parameters with the best start's, in engine units.</param>
/// <param name="Train">The model beside the fitted sweeps.</param>
/// <param name="Test">The model beside the sweeps held out; null where there are none.</param>
internal sealed record FitOutcome(
    ComposedFit Fit, FitResult Result, IReadOnlyDictionary<string, double> Values, Assessment Train, Assessment? Test) : StageOutcome
{
    /// <summary>What the user should know of the fit.</summary>
    public IReadOnlyList<Diagnostic> Warnings { get; init; } = [];

    /// <summary>How well the recording determines the parameters; null where that was not asked for.</summary>
    public FitUncertainty? Uncertainty { get; init; }

    /// <summary>Every sweep once with its part; one that is split in time as a whole, which is of the part held out.</summary>
    public IEnumerable<(SweepAssessment Sweep, string Part)> Sweeps =>
        (Test?.Sweeps ?? []).Select(static s => (Sweep: s, "test")).Concat(Train.Sweeps.Select(static s => (Sweep: s, "train"))).DistinctBy(static s => s.Sweep.Sweep.Number);
}

/// <summary>Fits a neuron to a recording.</summary>
internal sealed class FitStage(string name, ComposedFit fit) : IStage
{
    public string Name => name;

    public ComposedFit Fit => fit;

    public StageOutcome Run(StageContext context, CancellationToken cancel)
    {
        var earlier = fit.From is { } from ? ((FitOutcome)context.Earlier[from]).Values : new Dictionary<string, double>();
        var plan = fit.PlanAfter(earlier) with { Threads = context.Threads, Random = context.Random };
        IReadOnlyList<Diagnostic> masked = plan.SpikeWeight == 0 && plan.Loss.DataValues.ContainsKey("spike") ? [SpikesWithoutWeight] : [];
        var isNew = fit.From is null || ((FitOutcome)context.Earlier[fit.From]).Fit.Recording != fit.Recording;
        foreach (var warning in (isNew ? fit.Recording.Warnings : []).Concat(masked))
        {
            context.Progress.Warn(warning.ToString());
        }

        using var running = new RecordingFit(plan);
        var checkpoint = new FitCheckpoint(context.Checkpoint, running);
        context.Progress.KeepMetrics(checkpoint.Lines);
        var result = running.Run(progress =>
        {
            Report(context.Progress, plan, progress);
            checkpoint.Lines++;

            // What has ended is kept whatever the time: a run that is resumed in a later stage takes it from there, and leaves its metrics as they are.
            checkpoint.Save(running, cancel.IsCancellationRequested || progress.Running == 0);
            cancel.ThrowIfCancellationRequested();
        });
        if (!double.IsFinite(result.Best.Loss))
        {
            throw new DiagnosticException(
                "BM5101", $"the loss of stage {name} is not finite from any of its {plan.Starts} starts", expected: "a simulation that stays finite",
                cure: "use a smaller 'timeStep', the integrator exponential-euler, or narrower bounds of parameters");
        }

        var values = plan.Model.Parameters.ToDictionary(
            static p => p.Name,
            p => result.Best.Values.TryGetValue(p.Name, out var fitted) ? fitted
                : plan.Fixed.TryGetValue(p.Name, out var given) ? given
                : plan.Start.TryGetValue(p.Name, out var start) ? start : p.Default.InEngineUnits);

        // That the loss has no use at all for one that nobody chose to fit, such as the potential at which a spike is counted, misleads no one: it keeps its value.
        IReadOnlyList<FreeParameter> without = [.. running.WithoutEffect(result).Where(f => fit.NamesFree || running.Free.Contains(f))];
        IReadOnlyList<Diagnostic> idle = without.Count > 0 && plan.Train.All(static s => s.Spikes.Length == 0) ? [Silent(without)] : [.. without.Select(Idle)];
        foreach (var warning in idle)
        {
            context.Progress.Warn(warning.ToString());
        }

        IReadOnlyList<Diagnostic> warnings = [.. masked, .. idle];

        var assessor = new FitAssessor(plan, values);
        var train = assessor.Assess(fit.Recording.Train);
        var test = fit.Recording.Test.Count > 0 ? assessor.Assess(fit.Recording.Test) : null;
        FitTold.Tell(context.Progress, plan, fit.Recording, train, test);
        var uncertainty = fit.Uncertainty is { } asked ? new UncertaintyEstimator(asked, plan, checkpoint, context.Progress).Estimate(result.Best.Values, values, train, fit.Recording.Test, cancel) : null;
        return new FitOutcome(fit, result, values, train, test)
        {
            Warnings = warnings,
            Uncertainty = uncertainty,
            Summary = FitSummary.Of(fit, result, values, train, test, uncertainty, warnings, checkpoint.Seconds),
        };
    }

    private static Diagnostic SpikesWithoutWeight => new(
        "BM2726", "samples near recorded spikes have no weight, and recorded spikes none in the loss that reads them: a model may fire at any of them or at none",
        Cure: "leave out 'spikeWeight', or give the loss that reads spikes a fit of its own, 'from' this one");

    private static Diagnostic Silent(IReadOnlyList<FreeParameter> free) => new(
        "BM2727", $"no spikes were found in the fitted sweeps, and nothing there determines {string.Join(", ", free.Select(static f => f.Name))}: the model tells of the potential alone",
        Cure: "fit sweeps in which the cell fires; where it does, say by the recording's 'spikeThreshold' what a spike is");

    private static Diagnostic Idle(FreeParameter free) => new(
        "BM2725", $"the loss does not depend on {free.Name} where that was tried: at the fit's start and at its result it is the same to the bit with {free.Name} at either bound and halfway, so nothing there determines the value given for it",
        Cure: $"where the model does not spike there, start from values with which it does; where a parameter that multiplies {free.Name} is 0, give that another value; or give {free.Name} a value of its own");

    private static void Report(IStageProgress to, FitPlan plan, FitProgress p)
    {
        to.Report(null, $"{(p.Rounds > 1 ? $"round {p.Round + 1} of {p.Rounds}, " : "")}iteration {p.Iteration}, {p.Running} starts running, loss {p.BestLoss:g6}");
        var metric = new JsonObject
        {
            ["round"] = p.Round,
            ["iteration"] = p.Iteration,
            ["evaluations"] = p.Evaluations,
            ["running"] = p.Running,
            ["loss"] = double.IsFinite(p.BestLoss) ? p.BestLoss : null,
        };
        if (p.Parts.Count > 0)
        {
            metric["losses"] = FitSummary.Losses(plan, p.Parts, static (_, value) => FitSummary.Number(value));
        }

        to.Metric(metric);
    }
}
