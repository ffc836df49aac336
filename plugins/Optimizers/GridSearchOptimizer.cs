using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Optimizers;

namespace BrainModular.Plugins.Optimizers;

/// <summary>
/// A lattice around the start, and of its points the one around which the mean loss is least: for few coordinates and losses that jump, as numbers of spikes do, where it is chance which
/// single point has the least. Nothing is drawn, so that no seed changes the result.
/// </summary>
/// <remarks>Points outside of the box are left out, beside others, too. The loss that it ends with is that of the point itself, which others may undercut.</remarks>
internal sealed class GridSearchOptimizer : GradientFreeOptimizer
{
    private const int MostPoints = 1_000_000;
    private const int PointsByDefault = 1000;
    private const double Rounding = 1e-12;

    private readonly int population;
    private readonly double[] points;
    private readonly double[] spacing;
    private readonly double[] neighbours;

    private List<double> found = [];
    private double[] start = [];

    // The places inside of the box along each coordinate, the start's 0; a point's number counts them, those of the last coordinate fastest.
    private int[][] places = [];

    /// <summary>An optimiser with the given settings.</summary>
    public GridSearchOptimizer(Plugins.ISettings settings)
        : base("grid-search", 1)
    {
        population = settings.Integer("population", 64, 1, 100_000, "points that are evaluated side by side");
        points = Numbers(settings, "points", "0", static n => n == 0 || n % 2 == 1, $"how many points lie along each coordinate, the start in their middle: an odd number for all, or one for each with commas; 0: as many as make {PointsByDefault} or fewer in all");
        spacing = Numbers(settings, "spacing", "0.02", static d => d is > 0 and <= 1, "from one point to the next along each coordinate, as a part of the bounds' distance");
        neighbours = Numbers(settings, "neighbours", "0", static n => n == Math.Floor(n), "how many points to both sides along each coordinate count beside a point; 0: its loss alone");
    }

    private int Count => places.Aggregate(1, static (product, p) => product * p.Length);

    private protected override IReadOnlyList<double[]> First(double[] start)
    {
        RequireBounds();
        (this.start, found) = (start, []);
        LayOut();
        return Asked();
    }

    private protected override IReadOnlyList<double[]> Next(IReadOnlyList<double[]> told, double[] losses)
    {
        found.AddRange(losses);
        if (found.Count < Count)
        {
            return Asked();
        }

        // Of points that are alike but for rounding the one nearest to the start: what the loss does not determine stays.
        var means = Means();
        var least = means.Min();
        var chosen = Enumerable.Range(0, Count).Where(i => means[i] <= least + (Rounding * Math.Abs(least))).MinBy(i => (found[i], Point(i).Zip(start, static (x, s) => Math.Abs(x - s)).Sum()));
        return Settle(Point(chosen), found[chosen], $"evaluated {Count} points");
    }

    private protected override void SaveSearch(BinaryWriter writer)
    {
        writer.WriteArray(start);
        writer.WriteArray([.. found]);
    }

    private protected override void RestoreSearch(BinaryReader reader)
    {
        (start, found) = (reader.ReadArray(), [.. reader.ReadArray()]);
        LayOut();
    }

    private static double[] Numbers(Plugins.ISettings settings, string key, string defaultValue, Func<double, bool> isRight, string description)
    {
        var text = settings.Text(key, defaultValue, description);
        double[] numbers = [.. text.Split(',').Select(static t => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out var x) && x is >= 0 and <= MostPoints ? x : double.NaN)];
        return numbers.All(isRight) ? numbers : throw Fault($"'{key}' of the optimiser grid-search is \"{text}\"", description);
    }

    private static DiagnosticException Fault(string what, string expected) => new(
        "BM6204", what, expected: expected, cure: "give one number for all coordinates, or one for each free parameter, with commas, in the order in which the model declares them");

    private double Of(double[] numbers, int coordinate) =>
        numbers.Length == 1 ? numbers[0] : numbers.Length == Dimension ? numbers[coordinate] : throw Fault($"a setting of the optimiser grid-search has {numbers.Length} numbers", $"1 or {Dimension} of them");

    private void LayOut()
    {
        int[] half = [.. Enumerable.Range(0, Dimension).Select(d => Width(d) == 0 ? 0 : Half(Of(points, d)))];
        if (half.Aggregate(1.0, static (product, h) => product * ((2 * h) + 1)) > MostPoints)
        {
            throw Fault($"the lattice of the optimiser grid-search has more than {MostPoints} points", "few points along few coordinates");
        }

        places = [.. half.Select((h, d) => Enumerable.Range(-h, (2 * h) + 1).Where(k => Value(d, k) >= Box.Lower[d] && Value(d, k) <= Box.Upper[d]).ToArray())];
    }

    private int Half(double points)
    {
        if (points > 0)
        {
            return ((int)points - 1) / 2;
        }

        var half = 0;
        while (Math.Pow((2 * half) + 3, Dimension) <= PointsByDefault)
        {
            half++;
        }

        return half;
    }

    private double Value(int coordinate, int place) => start[coordinate] + (place * Of(spacing, coordinate) * Width(coordinate));

    private double[] Point(int number)
    {
        var point = new double[Dimension];
        for (var d = Dimension - 1; d >= 0; d--)
        {
            point[d] = Value(d, places[d][number % places[d].Length]);
            number /= places[d].Length;
        }

        return point;
    }

    private IReadOnlyList<double[]> Asked() => [.. Enumerable.Range(found.Count, Math.Min(population, Count - found.Count)).Select(Point)];

    /// <summary>Of each point the mean loss of those in the box around it: sums along one coordinate after the other.</summary>
    private double[] Means()
    {
        double[] sums = [.. found];
        double[] counts = [.. found.Select(static _ => 1.0)];
        var stride = 1;
        for (var d = Dimension - 1; d >= 0; d--)
        {
            var (reach, length) = ((int)Of(neighbours, d), places[d].Length);
            (sums, counts) = (Summed(sums, reach, length, stride), Summed(counts, reach, length, stride));
            stride *= length;
        }

        return [.. sums.Zip(counts, static (sum, count) => sum / count)];
    }

    private static double[] Summed(double[] values, int reach, int length, int stride)
    {
        var sums = new double[values.Length];
        for (var i = 0; i < sums.Length; i++)
        {
            var place = i / stride % length;
            for (var k = Math.Max(0, place - reach); k <= Math.Min(length - 1, place + reach); k++)
            {
                sums[i] += values[i + ((k - place) * stride)];
            }
        }

        return sums;
    }
}
