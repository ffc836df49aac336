using BrainModular.Optimizers;

namespace BrainModular.Engine.Fitting;

/// <summary>Where the starts of a fit begin, as coordinates.</summary>
/// <param name="plan">The fit.</param>
/// <param name="evaluator">What it minimises.</param>
internal sealed class FitStarts(FitPlan plan, FitEvaluator evaluator)
{
    private const int PointsPerStart = 8;

    /// <summary>The best candidates that the search met.</summary>
    public Elite Elite { get; } = new();

    /// <summary>Where the first start and the search begin.</summary>
    public double[] Given => [.. evaluator.Free.Select(f => f.Coordinate(plan.StartOf(f)))];

    /// <summary>Where the first round begins: where the plan says, else at drawn points.</summary>
    public IReadOnlyList<double[]> First => plan.Beginnings is { } given
        ? [.. given.Select(values => evaluator.Free.Select(f => f.Coordinate(values.TryGetValue(f.Name, out var value) ? Math.Clamp(value, f.Lower, f.Upper) : plan.StartOf(f))).ToArray())]
        : Drawn();

    /// <summary>
    /// The first start's values, and for every other start the best, in the first round, of a few random points: one without a gradient costs a third, and a
    /// start in a hopeless corner of the bounds costs a whole descent.
    /// </summary>
    public IReadOnlyList<double[]> Drawn()
    {
        var random = plan.Random.Split("starts");
        double[][] drawn = [.. Enumerable.Range(0, PointsPerStart * (plan.Starts - 1)).Select(_ => evaluator.Free.Select(_ => random.Uniform()).ToArray())];
        evaluator.Enter(plan.Shooting is null ? plan.Schedule[0] : FitRound.Free, double.NaN);
        var losses = evaluator.Evaluate(drawn, EvaluationNeeds.Loss);
        return
        [
            Given,
            .. Enumerable.Range(0, plan.Starts - 1).Select(i => drawn[Enumerable.Range(i * PointsPerStart, PointsPerStart)
                .MinBy(k => double.IsFinite(losses[k].Loss) ? losses[k].Loss : double.PositiveInfinity)]),
        ];
    }

    /// <summary>Where the last round begins after a search: at the best of what it met and of where annealing led, at drawn points where those are too few.</summary>
    /// <param name="annealed">Where annealing led; none where there was none.</param>
    public IReadOnlyList<double[]> Best(IReadOnlyList<double[]> annealed)
    {
        if (annealed.Count > 0)
        {
            evaluator.Enter(FitRound.Free, double.NaN);
            EvaluateInSearch(annealed, EvaluationNeeds.Loss);
        }

        IReadOnlyList<double[]> found = [.. Elite.Choose(plan.Starts).Select(static c => c.Point)];
        return found.Count == plan.Starts ? found : [.. found, .. Drawn().Skip(found.Count)];
    }

    /// <summary>Evaluates candidates and takes note of the best.</summary>
    public IReadOnlyList<Evaluation> EvaluateInSearch(IReadOnlyList<double[]> candidates, EvaluationNeeds needs)
    {
        var found = evaluator.Evaluate(candidates, needs);
        foreach (var (candidate, evaluation) in candidates.Zip(found))
        {
            Elite.Add(candidate, evaluation.Loss);
        }

        return found;
    }
}
