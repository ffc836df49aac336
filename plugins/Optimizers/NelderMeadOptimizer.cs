using BrainModular.Optimizers;

namespace BrainModular.Plugins.Optimizers;

/// <summary>
/// The simplex of Nelder and Mead 1965, 10.1093/comjnl/7.4.308, with coefficients that adapt to the number of coordinates n (Gao and Han
/// 2012, 10.1007/s10589-010-9329-3): reflection 1, expansion 1 + 2/n, contraction 3/4 - 1/(2n), shrinkage 1 - 1/n.
/// </summary>
/// <remarks>
/// Candidates are brought into the box. A simplex that has collapsed is built anew around its best point, until that gains nothing: one
/// flattened by a bound, or stuck before the minimum, goes on. It asks for one candidate at a time, or for a whole simplex; starts side by
/// side fill the lanes.
/// </remarks>
internal sealed class NelderMeadOptimizer : GradientFreeOptimizer
{
    private readonly double size;
    private readonly double simplexTolerance;
    private readonly double tolerance;
    private readonly int restarts;
    private readonly int maxEvaluations;

    /// <summary>The points of the simplex, the best first, and their losses.</summary>
    private double[][] simplex = [];
    private double[] losses = [];
    private double[] centre = [], reflected = [];
    private double reflectedLoss, lossAtRestart;
    private Move move;
    private int restarted;

    /// <summary>An optimiser with the given settings.</summary>
    public NelderMeadOptimizer(Plugins.ISettings settings)
        : base("nelder-mead", 1)
    {
        size = settings.Number("size", 0.1, 1e-6, 1, "edge of the first simplex, as a part of the bounds' distance");
        simplexTolerance = settings.Number("xtol", 1e-8, 0, 1, "a simplex has collapsed where no edge is longer than this part of the bounds' distance, ...");
        tolerance = settings.Number("ftol", 1e-9, 0, 1, "... and its losses f differ by less than ftol max(|f|, 1)");
        restarts = settings.Integer("restarts", 3, 0, 1000, "how often a collapsed simplex is built anew around its best point; not again once that gains nothing");
        maxEvaluations = settings.Integer("maxEvaluations", 10_000, 1, int.MaxValue, "evaluations");
    }

    private enum Move
    {
        Build,
        Reflect,
        Expand,
        ContractOutside,
        ContractInside,
        Shrink,
    }

    private int Coefficients => Math.Max(Dimension, 2);

    private double Expansion => 1 + (2.0 / Coefficients);

    private double Contraction => 0.75 - (0.5 / Coefficients);

    private double Shrinkage => 1 - (1.0 / Coefficients);

    private protected override IReadOnlyList<double[]> First(double[] start)
    {
        (restarted, lossAtRestart) = (0, double.PositiveInfinity);
        return Build(start);
    }

    private protected override IReadOnlyList<double[]> Next(IReadOnlyList<double[]> told, double[] losses)
    {
        var (point, loss) = (told[0], losses[0]);
        switch (move)
        {
            case Move.Build:
                (simplex, this.losses) = ([.. told], losses);
                break;
            case Move.Shrink:
                (simplex, this.losses) = ([simplex[0], .. told], [this.losses[0], .. losses]);
                break;
            case Move.Reflect when loss < this.losses[0]:
                (reflected, reflectedLoss) = (point, loss);
                return Try(Move.Expand, Expansion);
            case Move.Reflect when loss < this.losses[^2]:
                Replace(point, loss);
                break;
            case Move.Reflect when loss < this.losses[^1]:
                (reflected, reflectedLoss) = (point, loss);
                return Try(Move.ContractOutside, Contraction);
            case Move.Reflect:
                return Try(Move.ContractInside, -Contraction);
            case Move.Expand when loss >= reflectedLoss:
                Replace(reflected, reflectedLoss);
                break;
            case Move.ContractOutside when loss > reflectedLoss:
            case Move.ContractInside when loss >= this.losses[^1]:
                move = Move.Shrink;
                return [.. simplex.Skip(1).Select(p => Along(simplex[0], p, Shrinkage))];
            default:
                Replace(point, loss);
                break;
        }

        return Iterate();
    }

    private protected override void SaveSearch(BinaryWriter writer)
    {
        writer.WriteArrays(simplex);
        writer.WriteArrays([losses, centre, reflected]);
        writer.Write(reflectedLoss);
        writer.Write(lossAtRestart);
        writer.Write((int)move);
        writer.Write(restarted);
    }

    private protected override void RestoreSearch(BinaryReader reader)
    {
        simplex = reader.ReadArrays();
        if (reader.ReadArrays() is [var saved, var middle, var mirror])
        {
            (losses, centre, reflected) = (saved, middle, mirror);
        }

        (reflectedLoss, lossAtRestart, move, restarted) = (reader.ReadDouble(), reader.ReadDouble(), (Move)reader.ReadInt32(), reader.ReadInt32());
    }

    /// <summary>A point, and one beside it along each coordinate: on whichever side there is room.</summary>
    private IReadOnlyList<double[]> Build(double[] start)
    {
        move = Move.Build;
        return
        [
            [.. start],
            .. Enumerable.Range(0, Dimension).Select(d =>
            {
                double[] point = [.. start];
                var edge = size * Width(d);
                point[d] = Box.Clamp(d, start[d] + edge <= Box.Upper[d] ? start[d] + edge : start[d] - edge);
                return point;
            }),
        ];
    }

    private IReadOnlyList<double[]> Iterate()
    {
        int[] order = [.. Enumerable.Range(0, losses.Length).OrderBy(i => losses[i])];
        (simplex, losses) = ([.. order.Select(i => simplex[i])], [.. order.Select(i => losses[i])]);
        if (Evaluations >= maxEvaluations)
        {
            return Stop(OptimizerStatus.Exhausted, $"reached {maxEvaluations} evaluations");
        }

        if (HasCollapsed())
        {
            if (restarted == restarts || lossAtRestart - BestLoss <= tolerance * Math.Max(Math.Abs(BestLoss), 1))
            {
                return Stop(OptimizerStatus.Converged, "the simplex has collapsed");
            }

            (restarted, lossAtRestart) = (restarted + 1, BestLoss);
            return Build(Best);
        }

        centre = [.. Enumerable.Range(0, Dimension).Select(d => simplex.Take(Dimension).Sum(p => p[d]) / Dimension)];
        return Try(Move.Reflect, 1);
    }

    private bool HasCollapsed() =>
        AreAlike(losses, tolerance)
        && simplex.Skip(1).All(p => Enumerable.Range(0, Dimension).All(d => Math.Abs(p[d] - simplex[0][d]) <= simplexTolerance * Width(d)));

    /// <summary>The point on the line from the worst one through the centre of the others, so far behind it.</summary>
    private IReadOnlyList<double[]> Try(Move next, double distance)
    {
        move = next;
        return [Along(centre, simplex[^1], -distance)];
    }

    private double[] Along(double[] from, double[] to, double part) => Box.Project([.. from.Select((x, d) => x + (part * (to[d] - x)))]);

    private void Replace(double[] point, double loss) => (simplex[^1], losses[^1]) = (point, loss);
}
