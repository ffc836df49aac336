namespace BrainModular.Plugins.Optimizers.Bayesian;

/// <summary>
/// The kernel of Matern with smoothness 5/2 and a length for each coordinate: k = s (1 + sqrt(5) r + 5 r^2 / 3) exp(-sqrt(5) r) with
/// r^2 = sum_d ((a_d - b_d) / l_d)^2 (Rasmussen and Williams 2006, 10.7551/mitpress/3206.001.0001, section 4.2).
/// </summary>
/// <param name="Lengths">l, one a coordinate.</param>
/// <param name="Variance">s.</param>
internal sealed record Matern(double[] Lengths, double Variance)
{
    private static readonly double Root = Math.Sqrt(5);

    public double Value(double[] a, double[] b)
    {
        var r = Root * Distance(a, b);
        return Variance * (1 + r + (r * r / 3)) * Math.Exp(-r);
    }

    /// <summary>The derivative of k by the squared distance in units of length, times -2: what slopes by coordinates and by lengths share.</summary>
    public double Steepness(double[] a, double[] b)
    {
        var r = Root * Distance(a, b);
        return Variance * (5.0 / 3) * (1 + r) * Math.Exp(-r);
    }

    private double Distance(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var d = 0; d < a.Length; d++)
        {
            var apart = (a[d] - b[d]) / Lengths[d];
            sum += apart * apart;
        }

        return Math.Sqrt(sum);
    }
}
