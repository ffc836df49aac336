namespace BrainModular.Plugins.Tests.Tasks;

/// <summary>What an observer of noisy evidence may expect.</summary>
internal static class NormalDistribution
{
    /// <summary>The probability of a value below z, by Simpson's rule on 0 to z.</summary>
    public static double Below(double z)
    {
        const int Intervals = 200;
        var h = z / Intervals;
        static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
        var sum = Density(0) + Density(z);
        for (var i = 1; i < Intervals; i++)
        {
            sum += (i % 2 == 0 ? 2 : 4) * Density(i * h);
        }

        return 0.5 + (sum * h / 3);
    }

    /// <summary>Asserts that a share of n draws is what its probability lets one expect.</summary>
    public static void AssertNear(double probability, double share, int n)
    {
        var deviation = Math.Sqrt(probability * (1 - probability) / n);
        Assert.InRange(share, probability - (4.5 * deviation), probability + (4.5 * deviation));
    }
}
