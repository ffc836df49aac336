using BrainModular.Diagnostics;
using BrainModular.Plugins;
using BrainModular.Random;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Connectomes.Generators;

/// <summary>
/// <c>distance-dependent</c>: a pair at distance d is connected with probability peak exp(-d^2 / (2 sigma^2)) (<c>gaussian</c>) or
/// peak exp(-d / sigma) (<c>exponential</c>), independently, as between neighbouring cortical cells (Hellwig 2000, DOI 10.1007/PL00007964;
/// Mehring et al. 2003, DOI 10.1007/s00422-002-0384-4). Both populations are spread over the same <see cref="Lattice"/>, and distance is the
/// shorter way round. Targets are taken by ascending distance, along which the probability only falls, and skipped by geometric numbers for the
/// last probability seen, thinned by the ratio of the new one to it (Miller and Hagberg 2011, DOI 10.1007/978-3-642-21286-4_10): the
/// distribution is exact, and the draws are about as many as the edges and, on a grid, the rows.
/// Settings: <c>layout</c> (<c>ring</c> or <c>grid</c>), <c>extent</c> (1000 um), <c>profile</c> (<c>gaussian</c> or <c>exponential</c>),
/// <c>sigma</c> (100 um), <c>peak</c> (0.5, 0 to 1), <c>allowSelf</c> (false), whether a unit may be connected to itself.
/// </summary>
internal sealed class DistanceDependent : ConnectomeGenerator
{
    private readonly bool ring;
    private readonly bool gaussian;
    private readonly bool allowSelf;
    private readonly double extent;
    private readonly double sigma;
    private readonly double peak;

    public DistanceDependent(ISettings settings)
        : base(settings)
    {
        ring = settings.Choice("layout", "ring", ["ring", "grid"], "where the units lie") == "ring";
        extent = settings.Quantity("extent", 1000 * um, "the ring's circumference, or the grid's side");
        gaussian = settings.Choice("profile", "gaussian", ["gaussian", "exponential"], "how the probability falls with distance") == "gaussian";
        sigma = settings.Quantity("sigma", 100 * um, "the distance over which the probability falls");
        peak = settings.Number("peak", 0.5, 0, 1, "the probability at distance 0");
        allowSelf = settings.Flag("allowSelf", false, "whether a unit may be connected to itself");
    }

    /// <exception cref="DiagnosticException">BM3214: extent or sigma is not positive.</exception>
    protected override long? Count(Populations populations) => extent > 0 && sigma > 0 ? null : throw new DiagnosticException(
        "BM3214", $"extent is {extent} um and sigma {sigma} um", expected: "lengths above 0", cure: "give both a positive length");

    protected override IReadOnlyDictionary<string, Func<int, double[]>> Positions(Populations populations) => new Dictionary<string, Func<int, double[]>>
    {
        ["x"] = count => [.. Enumerable.Range(0, count).Select(Place(count).X)],
        ["y"] = count => [.. Enumerable.Range(0, count).Select(unit => Place(count).Y(unit / Place(count).Columns))],
    };

    protected override IEnumerable<Edge> Edges(Populations populations, IRandomStream random)
    {
        var from = Place(populations.Sources);
        var to = Place(populations.Targets);
        for (var source = 0; source < populations.Sources; source++)
        {
            for (var row = 0; row < to.Rows; row++)
            {
                foreach (var target in Row(to, row, from.X(source), Around(from.Y(source / from.Columns) - to.Y(row)), random))
                {
                    if (target < populations.Targets && (allowSelf || !populations.Recurrent || target != source))
                    {
                        yield return new Edge(source, target);
                    }
                }
            }
        }
    }

    /// <summary>The connected targets of one row: a source's nearest column first, then the next ones on either side in turn.</summary>
    private IEnumerable<int> Row(Lattice to, int row, double x, double dy, IRandomStream random)
    {
        var spacing = to.Extent / to.Columns;
        var at = (x / spacing) - 0.5;
        var nearest = (int)Math.Round(at);
        var fraction = at - nearest;
        var side = fraction >= 0 ? 1 : -1;
        var bound = Probability(fraction * spacing, dy);
        for (var rank = 0L; rank < to.Columns && bound > 0; rank++)
        {
            rank += GeometricSkip.Next(random, bound, to.Columns - rank);
            if (rank >= to.Columns)
            {
                yield break;
            }

            var offset = (int)((rank + 1) / 2) * (rank % 2 == 1 ? side : -side);
            var probability = Probability((offset - fraction) * spacing, dy);
            if (random.Uniform() * bound < probability)
            {
                yield return (row * to.Columns) + ((nearest + offset + to.Columns) % to.Columns);
            }

            bound = probability;
        }
    }

    private double Probability(double dx, double dy)
    {
        var squared = (dx * dx) + (dy * dy);
        return peak * Math.Exp(gaussian ? -squared / (2 * sigma * sigma) : -Math.Sqrt(squared) / sigma);
    }

    private double Around(double difference) => Math.Min(Math.Abs(difference), extent - Math.Abs(difference));

    private Lattice Place(int count) => ring ? Lattice.Ring(count, extent) : Lattice.Grid(count, extent);
}
