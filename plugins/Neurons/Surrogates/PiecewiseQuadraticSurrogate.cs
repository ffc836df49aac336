using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = max(0, a - a^2 |x|), the triangle of height a and area 1, and half width 1 / a (Bellec et al. 2018, 10.48550/arXiv.1803.09574).
/// S(x) = 1/2 + a x - a^2 x |x| / 2 between 0 and 1.
/// </summary>
internal sealed class PiecewiseQuadraticSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 1, 1e-3, 1e3, "the derivative at threshold");

    public double? Support => 1 / slope;

    public Expr Derivative(Expr x) => slope * Max(1 - Abs(slope * x), 0);

    public Expr Smooth(Expr x)
    {
        var z = Max(Min(slope * x, 1), -1);
        return 0.5 + (z * (1 - (Abs(z) / 2)));
    }
}
