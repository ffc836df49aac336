namespace BrainModular.Engine.Features;

/// <summary>What features have in common: places of extrema, differences, straight lines.</summary>
internal static class Series
{
    public static double[] AsNumbers(IEnumerable<int> indices) => [.. indices.Select(static i => (double)i)];

    public static double[] At(double[] values, IEnumerable<int> indices) => [.. indices.Select(i => values[i])];

    /// <summary>Each value less the one before; null where there are fewer than two.</summary>
    public static double[]? Differences(double[]? values) => values is { Length: > 1 } ? [.. values.Skip(1).Zip(values, static (b, a) => b - a)] : null;

    /// <summary>Of each value but the first, how much it differs from the first, as a fraction of that.</summary>
    public static double[]? ChangesFromFirst(double[]? values) => values is { Length: > 1 } ? [.. values.Skip(1).Select(v => (v - values[0]) / values[0])] : null;

    /// <summary>The value at a place from the start; null where there is none.</summary>
    public static double[]? Single(double[]? values, int place) => values is { } && place < values.Length ? [values[place]] : null;

    public static double[]? Last(double[]? values) => values is { } ? [values[^1]] : null;

    /// <summary>The first place from <paramref name="first"/> to before <paramref name="end"/> where something holds; <paramref name="end"/> where there is none.</summary>
    public static int FirstWhere(double[] values, int first, int end, Func<double, bool> holds)
    {
        while (first < end && !holds(values[first]))
        {
            first++;
        }

        return first;
    }

    /// <summary>The place of the first smallest value from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    public static int Lowest(double[] values, int first, int end)
    {
        var lowest = first;
        for (var i = first + 1; i < end; i++)
        {
            lowest = values[i] < values[lowest] ? i : lowest;
        }

        return lowest;
    }

    /// <summary>The place of the first largest value from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    public static int Highest(double[] values, int first, int end)
    {
        var highest = first;
        for (var i = first + 1; i < end; i++)
        {
            highest = values[i] > values[highest] ? i : highest;
        }

        return highest;
    }

    /// <summary>The first minimum: a value that neither of two later ones falls below before a smaller one comes. Without one it is the smallest value.</summary>
    public static int FirstMinimum(double[] values, int first, int end)
    {
        var (lowest, after) = (first, 0);
        for (var i = first + 1; i < end && after < 2; i++)
        {
            (lowest, after) = values[i] < values[lowest] ? (i, 0) : (lowest, after + 1);
        }

        return first < end ? lowest : end;
    }

    /// <summary>Central differences of neighbours, one-sided at the ends.</summary>
    public static double[] Central(double[] values)
    {
        var d = new double[values.Length];
        for (var i = 1; i < values.Length - 1; i++)
        {
            d[i] = (values[i + 1] - values[i - 1]) / 2;
        }

        (d[0], d[^1]) = (values[1] - values[0], values[^1] - values[^2]);
        return d;
    }

    /// <summary>Differences by the five-point stencil, by fewer points at the ends.</summary>
    public static double[] FivePoint(double[] values)
    {
        var d = Central(values);
        for (var i = 2; i < values.Length - 2; i++)
        {
            d[i] = (values[i - 2] - (8 * values[i - 1]) + (8 * values[i + 1]) - values[i + 2]) / 12;
        }

        return d;
    }

    public static double[] Ratio(double[] a, double[] b) => [.. a.Zip(b, static (x, y) => x / y)];

    public static double Mean(double[] values, int first, int end) => values.AsSpan(first, end - first).ToArray().Average();

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The straight line of least squares: its slope, and the squared residuals as a part of the squared range of y.</summary>
    public static (double Slope, double Residual) Line(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var (mx, my) = (x.Average(), y.Average());
        var (xx, xy) = (0.0, 0.0);
        for (var i = 0; i < x.Count; i++)
        {
            xx += (x[i] - mx) * (x[i] - mx);
            xy += (x[i] - mx) * (y[i] - my);
        }

        var slope = xy / xx;
        var residual = 0.0;
        for (var i = 0; i < x.Count; i++)
        {
            var r = y[i] - my - (slope * (x[i] - mx));
            residual += r * r;
        }

        var range = y.Max() - y.Min();
        return (slope, residual / (range * range));
    }
}
