using BrainModular.Optimizers;

namespace BrainModular.Plugins.Optimizers.Populations;

/// <summary>
/// Differential evolution (Storn and Price 1997, 10.1023/A:1008202821328), for losses without a useful gradient: each member x of a
/// population is replaced by a trial x + K (best - x) + F (a - b) where that is better, with a and b two other members, F drawn from
/// [0.4, 0.9], and K = F or 0, by chance.
/// </summary>
/// <remarks>
/// The first member is the start; of the others each coordinate is by chance near the start or anywhere in the box. With the crossover
/// <c>binomial</c> a trial takes each coordinate with the probability 0.9 or 0.3, by chance, and at least one; with <c>two-point</c> it takes
/// those between two cuts, or by chance those outside of them, so that neighbours in the list of parameters are inherited together (as
/// two-point crossover in genetic algorithms: De Jong and Spears 1992, 10.1007/BF01530777). A trial that leaves the box is put between its
/// member and the bound. Trials of one generation are evaluated side by side.
/// </remarks>
public sealed class DifferentialEvolutionOptimizer : GradientFreeOptimizer
{
    private const double Nearby = 0.1;

    private readonly int size;
    private readonly int maxGenerations;
    private readonly double tolerance;
    private readonly bool twoPoint;

    private double[][] members = [];
    private double[] losses = [];
    private int generation;

    /// <summary>An optimiser with the given settings.</summary>
    public DifferentialEvolutionOptimizer(Plugins.ISettings settings)
        : base("differential-evolution", 2)
    {
        ArgumentNullException.ThrowIfNull(settings);
        size = settings.Integer("population", 64, 4, 100_000, "members of the population, all evaluated side by side");
        maxGenerations = settings.Integer("maxGenerations", 100, 1, int.MaxValue, "generations, each of one evaluation a member");
        tolerance = settings.Number("ftol", 1e-9, 0, 1, "stops where the losses f of all members differ by less than ftol max(|f|, 1)");
        twoPoint = settings.Choice("crossover", "binomial", ["binomial", "two-point"], "which coordinates a trial takes: each by chance, or those between two cuts") == "two-point";
    }

    private protected override IReadOnlyList<double[]> First(double[] start)
    {
        RequireBounds();
        generation = 0;
        members = [.. Enumerable.Range(0, size).Select(i => i == 0 ? [.. start] : Somewhere(start))];
        losses = [.. members.Select(static _ => double.PositiveInfinity)];
        return members;
    }

    private protected override IReadOnlyList<double[]> Next(IReadOnlyList<double[]> told, double[] losses)
    {
        for (var i = 0; i < size; i++)
        {
            if (losses[i] <= this.losses[i])
            {
                (members[i], this.losses[i]) = (told[i], losses[i]);
            }
        }

        generation++;
        return AreAlike(this.losses, tolerance) ? Stop(OptimizerStatus.Converged, "all members have the same loss")
            : generation >= maxGenerations ? Stop(OptimizerStatus.Exhausted, $"reached {maxGenerations} generations")
            : [.. Enumerable.Range(0, size).Select(Trial)];
    }

    private protected override void SaveSearch(BinaryWriter writer)
    {
        writer.WriteArrays(members);
        writer.WriteArray(losses);
        writer.Write(generation);
    }

    private protected override void RestoreSearch(BinaryReader reader) =>
        (members, losses, generation) = (reader.ReadArrays(), reader.ReadArray(), reader.ReadInt32());

    private double[] Somewhere(double[] start) =>
    [
        .. start.Select((s, d) => Random.Uniform() < 0.5
            ? Box.Lower[d] + (Random.Uniform() * (Box.Upper[d] - Box.Lower[d]))
            : Box.Clamp(d, s + (Nearby * ((2 * Random.Uniform()) - 1) * (Box.Upper[d] - Box.Lower[d])))),
    ];

    private double[] Trial(int member)
    {
        var (a, b) = (members[Random.Integer(size)], members[Random.Integer(size)]);
        var x = members[member];
        var scale = 0.4 + (0.5 * Random.Uniform());
        var toBest = Random.Uniform() < 0.5 ? scale : 0;
        var takes = twoPoint ? BetweenCuts() : ByChance();
        var trial = new double[x.Length];
        for (var d = 0; d < x.Length; d++)
        {
            trial[d] = takes(d) ? x[d] + (toBest * (Best[d] - x[d])) + (scale * (a[d] - b[d])) : x[d];
            trial[d] = trial[d] < Box.Lower[d] ? x[d] - (Random.Uniform() * (x[d] - Box.Lower[d]))
                : trial[d] > Box.Upper[d] ? x[d] + (Random.Uniform() * (Box.Upper[d] - x[d]))
                : trial[d];
        }

        return trial;
    }

    private Func<int, bool> ByChance()
    {
        var rate = Random.Uniform() < 0.5 ? 0.9 : 0.3;
        var certain = Random.Integer(Dimension);
        return d => Random.Uniform() < rate || d == certain;
    }

    private Func<int, bool> BetweenCuts()
    {
        var (first, last) = (Random.Integer(Dimension), Random.Integer(Dimension));
        (first, last) = (Math.Min(first, last), Math.Max(first, last));
        var outside = last - first + 1 < Dimension && Random.Uniform() < 0.5;
        return d => (d >= first && d <= last) != outside;
    }
}
