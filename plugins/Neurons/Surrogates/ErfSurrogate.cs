using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>S(x) = (1 + erf(a x)) / 2, S'(x) = a exp(-(a x)^2) / sqrt(pi) (Wu et al. 2018, 10.3389/fnins.2018.00331).</summary>
internal sealed class ErfSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 1, 1e-3, 1e3, "steepness, sqrt(pi) times the derivative at threshold");

    public Expr Derivative(Expr x) => slope * Math.Sqrt(2) * NormalDistribution.Density(slope * Math.Sqrt(2) * x);

    public Expr Smooth(Expr x) => NormalDistribution.Cumulative(slope * Math.Sqrt(2) * x);
}
