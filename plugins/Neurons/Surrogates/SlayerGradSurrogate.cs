using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>S'(x) = exp(-a |x|) (Shrestha and Orchard 2018, 10.48550/arXiv.1810.08646); S is its integral from minus infinity and rises to 2 / a.</summary>
internal sealed class SlayerGradSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 1, 1e-3, 1e3, "how fast the derivative falls from 1 at threshold");

    public Expr Derivative(Expr x) => Exp(-slope * Abs(x));

    public Expr Smooth(Expr x)
    {
        var tail = Exp(-slope * Abs(x)) / slope;
        return Where(x < 0, tail, (2 / slope) - tail);
    }
}
