using BrainModular.Optimizers;

namespace BrainModular.Engine.Fitting;

/// <summary>Finds the free parameters that a fit's loss does not depend on at some points. Elsewhere, as where the model spikes, it may.</summary>
/// <param name="plan">The fit.</param>
/// <param name="evaluator">What it minimises.</param>
internal sealed class IdleParameters(FitPlan plan, FitEvaluator evaluator)
{
    private static readonly double[] Elsewhere = [0, 0.5, 1];

    /// <summary>
    /// Those that the model's step has no use for, and those that have no slope at any of some points and leave the loss there the same to the bit at either bound and halfway. The slope alone does not say
    /// so: what moves spikes by whole steps has none.
    /// </summary>
    /// <param name="points">Coordinates, without coupling.</param>
    public IReadOnlyList<FreeParameter> At(IReadOnlyList<double[]> points)
    {
        evaluator.Enter(FitRound.Free, double.NaN);
        var suspects = Enumerable.Range(0, evaluator.Free.Count);
        if (plan.Features is null)
        {
            var slopes = evaluator.Evaluate(points, EvaluationNeeds.Loss | EvaluationNeeds.Gradient);
            suspects = suspects.Where(p => slopes.All(s => s.Gradient![p] == 0 || !double.IsFinite(s.Loss)));
        }

        IReadOnlyList<FreeParameter> idle = [.. suspects.Where(p => IsIdle(p, points)).Select(p => evaluator.Free[p])];
        return [.. plan.Free.Where(f => idle.Contains(f) || !evaluator.Free.Contains(f))];
    }

    private bool IsIdle(int parameter, IReadOnlyList<double[]> points)
    {
        var losses = evaluator.Evaluate([.. points.SelectMany(p => Elsewhere.Select(x => Moved(p, parameter, x)).Prepend(p))], EvaluationNeeds.Loss);
        var groups = losses.Select(static e => e.Loss).Chunk(Elsewhere.Length + 1).ToList();
        return groups.Any(static g => double.IsFinite(g[0])) && groups.TrueForAll(static g => g.All(loss => loss.Equals(g[0])));
    }

    private static double[] Moved(double[] point, int parameter, double coordinate)
    {
        double[] moved = [.. point];
        moved[parameter] = coordinate;
        return moved;
    }
}
