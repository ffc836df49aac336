using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = a below threshold and b from there on, S(x) = a x and b x (one of the functions of Wang et al. 2024, 10.48550/arXiv.2406.19708, table S1).
/// </summary>
internal sealed class LeakyReluSurrogate(ISettings settings) : ISurrogate
{
    private readonly double below = settings.Number("below", 0.1, 0, 1e6, "the derivative below threshold");
    private readonly double above = settings.Number("above", 1, 0, 1e6, "the derivative above threshold");

    public Expr Derivative(Expr x) => Where(x < 0, below, above);

    public Expr Smooth(Expr x) => Where(x < 0, below * x, above * x);
}
