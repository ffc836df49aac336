namespace BrainModular.Plugins.Optimizers.LbfgsB;

/// <summary>Sums over vectors, in index order, so that they give the same bits everywhere.</summary>
internal static class Vector
{
    /// <summary>The distance from 1 to the next larger double.</summary>
    public const double Precision = 2.220446049250313e-16;

    public static double Dot(double[] a, double[] b, bool[]? mask = null)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            if (mask is null || mask[i])
            {
                sum += a[i] * b[i];
            }
        }

        return sum;
    }

    public static double[] Difference(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        for (var i = 0; i < a.Length; i++)
        {
            difference[i] = a[i] - b[i];
        }

        return difference;
    }
}
