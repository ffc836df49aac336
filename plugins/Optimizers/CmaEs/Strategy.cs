namespace BrainModular.Plugins.Optimizers.CmaEs;

/// <summary>The constants of CMA-ES for n coordinates and lambda candidates a generation, in the symbols of Hansen 2016, 10.48550/arXiv.1604.00772, table 1.</summary>
internal sealed class Strategy
{
    public Strategy(int n, int lambda)
    {
        (Lambda, Parents) = (lambda, lambda / 2);
        double[] raw = [.. Enumerable.Range(1, lambda).Select(i => Math.Log((lambda + 1) / 2.0) - Math.Log(i))];
        Mass = Square(raw.Take(Parents).Sum()) / raw.Take(Parents).Sum(Square);
        var negativeMass = Square(raw.Skip(Parents).Sum()) / raw.Skip(Parents).Sum(Square);
        StepRate = (Mass + 2) / (n + Mass + 5);
        Damping = 1 + (2 * Math.Max(0, Math.Sqrt((Mass - 1) / (n + 1)) - 1)) + StepRate;
        PathRate = (4 + (Mass / n)) / (n + 4 + (2 * Mass / n));
        RankOneRate = 2 / (Square(n + 1.3) + Mass);
        RankManyRate = Math.Min(1 - RankOneRate, 2 * (0.25 + Mass + (1 / Mass) - 2) / (Square(n + 2) + Mass));
        var positive = raw.Where(static w => w > 0).Sum();
        var negative = -raw.Where(static w => w < 0).Sum();
        var negativeSum = Math.Min(
            1 + (RankOneRate / RankManyRate),
            Math.Min(1 + (2 * negativeMass / (Mass + 2)), (1 - RankOneRate - RankManyRate) / (n * RankManyRate)));
        Weights = [.. raw.Select(w => w >= 0 ? w / positive : w * negativeSum / negative)];
        ExpectedLength = Math.Sqrt(n) * (1 - (1 / (4.0 * n)) + (1 / (21.0 * n * n)));
        GenerationsPerEigen = Math.Max(1, (int)(1 / (10 * n * (RankOneRate + RankManyRate))));
        Horizon = 10 + (int)Math.Ceiling(30.0 * n / lambda);
    }

    /// <summary>lambda.</summary>
    public int Lambda { get; }

    /// <summary>mu: of how many the mean is made.</summary>
    public int Parents { get; }

    /// <summary>mu_eff: how many of equal weight would vary as much.</summary>
    public double Mass { get; }

    /// <summary>w: of the parents they sum to 1; those of the worse half are negative (active covariance).</summary>
    public double[] Weights { get; }

    /// <summary>c_sigma.</summary>
    public double StepRate { get; }

    /// <summary>d_sigma.</summary>
    public double Damping { get; }

    /// <summary>c_c.</summary>
    public double PathRate { get; }

    /// <summary>c_1.</summary>
    public double RankOneRate { get; }

    /// <summary>c_mu.</summary>
    public double RankManyRate { get; }

    /// <summary>The expected length of a vector of n standard normal numbers.</summary>
    public double ExpectedLength { get; }

    /// <summary>After how many generations the covariance is decomposed again.</summary>
    public int GenerationsPerEigen { get; }

    /// <summary>Over how many generations the best loss must fall.</summary>
    public int Horizon { get; }

    private static double Square(double x) => x * x;
}
