using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = c exp(-(x / s)^2 / 2) / (s sqrt(2 pi)), the normal density of standard deviation s, scaled by c (Yin et al. 2021,
/// 10.1038/s42256-021-00397-w). S is its integral from minus infinity and rises to c.
/// </summary>
internal sealed class GaussianSurrogate(ISettings settings) : ISurrogate
{
    private readonly double deviation = settings.Number("deviation", 0.5, 1e-3, 1e3, "standard deviation");
    private readonly double scale = settings.Number("scale", 1, 1e-6, 1e6, "what the density is multiplied by");

    public Expr Derivative(Expr x) => scale / deviation * NormalDistribution.Density(x / deviation);

    public Expr Smooth(Expr x) => scale * NormalDistribution.Cumulative(x / deviation);
}
