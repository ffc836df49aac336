using System.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Random;

namespace BrainModular.Host.Composition;

/// <summary>What each way to fit may spend; neither: each runs once to its own end.</summary>
/// <param name="Steps">Simulated steps.</param>
/// <param name="Seconds">Seconds of this machine.</param>
internal sealed record FitBudget(long? Steps, double? Seconds)
{
    public bool IsSpent(long steps, double seconds) => steps >= Steps || seconds >= Seconds;

    public bool Covers(long steps, double seconds) => !(steps > Steps) && !(seconds > Seconds);
}

/// <summary>The best loss so far, at a time.</summary>
internal readonly record struct ConvergencePoint(long Steps, double Seconds, double Loss);

/// <summary>What a way to fit came to with one seed.</summary>
/// <param name="Loss">The best loss within the budget, in engine units; positive infinity where none was finite.</param>
/// <param name="Steps">Steps simulated.</param>
/// <param name="Runs">How often it began.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="ProcessorSeconds">The same of all processors, by the process' clock.</param>
/// <param name="Values">The free parameters of the best loss, in engine units.</param>
/// <param name="Curve">Where the best loss fell.</param>
internal sealed record FitterTrial(double Loss, long Steps, int Runs, double Seconds, double ProcessorSeconds, IReadOnlyDictionary<string, double> Values, IReadOnlyList<ConvergencePoint> Curve)
{
    /// <summary>
    /// Fits until the budget is spent: as soon as a run ends, another begins elsewhere. Each begins at a point drawn from the bounds. Of a round
    /// of evaluations that goes beyond the budget nothing counts.
    /// </summary>
    /// <param name="fit">The fit, compiled.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="fitter">The way to fit.</param>
    /// <param name="first">The fit that is run first, with its plan; null: none.</param>
    /// <param name="budget">What it may spend.</param>
    /// <param name="random">The seed's stream; where runs begin depends on it alone.</param>
    /// <param name="cancel">Stops between rounds of evaluations.</param>
    public static FitterTrial Run(RecordingFit fit, FitPlan plan, Fitter fitter, (RecordingFit Fit, FitPlan Plan)? first, FitBudget budget, IRandomStream random, CancellationToken cancel)
    {
        var (watch, processor, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime, Simulated());
        var curve = new List<ConvergencePoint>();
        using var spent = new CancellationTokenSource();
        IReadOnlyDictionary<string, double> values = new Dictionary<string, double>();
        var runs = 0;
        while (runs == 0 || (budget != new FitBudget(null, null) && !spent.IsCancellationRequested))
        {
            var own = random.Split($"run.{runs++}");
            var drawn = own.Split("first");
            var start = plan.Free.ToDictionary(static f => f.Name, f => f.Value(drawn.Uniform()));
            try
            {
                fit.Restart(plan with
                {
                    Optimizer = fitter.Optimizer, Search = fitter.Search, Starts = fitter.Starts, Random = own, Coupling = fitter.IsCoupled ? plan.Coupling : null, Horizon = fitter.IsCoupled ? plan.Horizon : null, Shooting = fitter.IsCoupled ? plan.Shooting : null,
                    Start = start, Beginnings = first is { } earlier ? Ends(earlier, start, own.Split("after")) : null,
                });
                fit.Run(Note);
            }
            catch (OperationCanceledException) when (spent.IsCancellationRequested)
            {
                break;
            }
        }

        return new(
            curve.Count > 0 ? curve[^1].Loss : double.PositiveInfinity, Simulated() - before, runs,
            watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds, values, curve);

        long Simulated() => fit.SimulatedSteps + (first?.Fit.SimulatedSteps ?? 0);

        IReadOnlyList<IReadOnlyDictionary<string, double>> Ends((RecordingFit Fit, FitPlan Plan) earlier, Dictionary<string, double> start, IRandomStream own)
        {
            earlier.Fit.Restart(earlier.Plan with { Starts = fitter.Starts, Random = own, Start = start });
            return [.. earlier.Fit.Run(_ => Spend(Simulated() - before, watch.Elapsed.TotalSeconds)).Starts.Select(static s => s.Values)];
        }

        void Note(FitProgress progress)
        {
            var (steps, seconds) = (Simulated() - before, watch.Elapsed.TotalSeconds);
            if (!progress.IsPreliminary && budget.Covers(steps, seconds) && progress.BestLoss < (curve.Count > 0 ? curve[^1].Loss : double.PositiveInfinity))
            {
                curve.Add(new(steps, seconds, progress.BestLoss));
                values = fit.BestValues;
            }

            Spend(steps, seconds);
        }

        void Spend(long steps, double seconds)
        {
            cancel.ThrowIfCancellationRequested();
            if (budget.IsSpent(steps, seconds))
            {
                spent.Cancel();
                spent.Token.ThrowIfCancellationRequested();
            }
        }
    }
}
