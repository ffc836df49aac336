namespace BrainModular.Plugins.Optimizers;

/// <summary>The box l &lt;= x &lt;= u that the candidates stay in.</summary>
internal sealed record Box(double[] Lower, double[] Upper)
{
    private readonly bool unbounded = Array.TrueForAll(Lower, double.IsNegativeInfinity) && Array.TrueForAll(Upper, double.IsPositiveInfinity);

    public double Clamp(int i, double x) => Math.Min(Math.Max(x, Lower[i]), Upper[i]);

    /// <summary>Brings a point into the box, in place.</summary>
    public void Clamp(Span<double> x)
    {
        for (var i = 0; i < x.Length && !unbounded; i++)
        {
            x[i] = Clamp(i, x[i]);
        }
    }

    /// <summary>Brings a coordinate into the box as a mirror at each bound would.</summary>
    public double Mirror(int i, double x)
    {
        var (lower, upper) = (Lower[i], Upper[i]);
        if ((x >= lower && x <= upper) || lower == upper)
        {
            return Clamp(i, x);
        }

        if (!double.IsFinite(upper - lower))
        {
            return x < lower ? (2 * lower) - x : (2 * upper) - x;
        }

        var width = upper - lower;
        var place = Math.IEEERemainder(x - lower, 2 * width);
        return Clamp(i, lower + Math.Abs(place));
    }

    public double[] Project(double[] x) => [.. x.Select((value, i) => Clamp(i, value))];

    /// <summary>The largest component of P(x - g) - x: 0 exactly at a point that satisfies the first-order conditions.</summary>
    public double ProjectedGradientNorm(double[] x, double[] g)
    {
        var norm = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            norm = Math.Max(norm, Math.Abs(Clamp(i, x[i] - g[i]) - x[i]));
        }

        return norm;
    }

    /// <summary>How far x may go along d before it leaves the box; positive infinity where nothing stops it.</summary>
    public double LongestStep(double[] x, double[] d)
    {
        var step = double.PositiveInfinity;
        for (var i = 0; i < x.Length; i++)
        {
            var room = d[i] > 0 ? Upper[i] - x[i] : d[i] < 0 ? Lower[i] - x[i] : double.PositiveInfinity;
            if (double.IsFinite(room))
            {
                step = Math.Min(step, Math.Max(room / d[i], 0));
            }
        }

        return step;
    }

    public void Save(BinaryWriter writer)
    {
        writer.WriteArray(Lower);
        writer.WriteArray(Upper);
    }

    public static Box Restore(BinaryReader reader) => new(reader.ReadArray(), reader.ReadArray());
}
