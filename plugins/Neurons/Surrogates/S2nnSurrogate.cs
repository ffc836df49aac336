using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S(x) = 1 / (1 + exp(-a x)) below threshold and 1/2 + b log(1 + x) from there on; S'(x) = a S (1 - S) below and b / (1 + x) above
/// (Suetake et al. 2022, 10.48550/arXiv.2201.10879).
/// </summary>
internal sealed class S2nnSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 4, 1e-3, 1e3, "steepness below threshold, four times the derivative just below it");
    private readonly double above = settings.Number("above", 1, 0, 1e6, "the derivative at threshold");

    public Expr Derivative(Expr x)
    {
        var s = Sigmoid(slope * x);
        return Where(x < 0, slope * s * (1 - s), above / (1 + Max(x, 0)));
    }

    public Expr Smooth(Expr x) => Where(x < 0, Sigmoid(slope * x), 0.5 + (above * Log(1 + Max(x, 0))));
}
