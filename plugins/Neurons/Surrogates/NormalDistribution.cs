using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>The standard normal distribution in symbols.</summary>
internal static class NormalDistribution
{
    /// <summary>Beyond this many standard deviations the cumulative function is 0 or 1 to double precision.</summary>
    private const double Edge = 8.5;

    private static readonly (double Node, double Weight)[] Quadrature = GaussLegendre(32);

    /// <summary>exp(-z^2 / 2) / sqrt(2 pi).</summary>
    public static Expr Density(Expr z) => 1 / Math.Sqrt(2 * Math.PI) * Exp(-(z * z) / 2);

    /// <summary>1/2 plus the integral of the density from 0, by 32-point Gauss-Legendre quadrature: below 1e-14 off.</summary>
    public static Expr Cumulative(Expr z)
    {
        z = Max(Min(z, Edge), -Edge);
        Expr sum = 0;
        foreach (var (node, weight) in Quadrature)
        {
            sum += weight * Density(node * z);
        }

        return 0.5 + (z * sum);
    }

    /// <summary>Nodes and weights on [0, 1]: the roots of the Legendre polynomial of order n, by Newton's method.</summary>
    private static (double Node, double Weight)[] GaussLegendre(int n)
    {
        var rule = new (double, double)[n];
        for (var i = 0; i < n; i++)
        {
            var root = Math.Cos(Math.PI * (i + 0.75) / (n + 0.5));
            var slope = 0.0;
            for (var iteration = 0; iteration < 20; iteration++)
            {
                var (previous, value) = (0.0, 1.0);
                for (var k = 1; k <= n; k++)
                {
                    (previous, value) = (value, ((((2 * k) - 1) * root * value) - ((k - 1) * previous)) / k);
                }

                slope = n * ((root * value) - previous) / ((root * root) - 1);
                root -= value / slope;
            }

            rule[i] = ((1 + root) / 2, 1 / ((1 - (root * root)) * slope * slope));
        }

        return rule;
    }
}
