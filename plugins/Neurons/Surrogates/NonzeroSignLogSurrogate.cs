using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = a / (1 + a |x|), S(x) = sign(x) log(1 + a |x|) (one of the functions of Wang et al. 2024, 10.48550/arXiv.2406.19708, table S1). Its
/// integral is infinite on either side, so S is 0 at threshold.
/// </summary>
internal sealed class NonzeroSignLogSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 1, 1e-3, 1e3, "the derivative at threshold");

    public Expr Derivative(Expr x) => slope / (1 + (slope * Abs(x)));

    public Expr Smooth(Expr x)
    {
        var magnitude = Log(1 + (slope * Abs(x)));
        return Where(x < 0, -magnitude, magnitude);
    }
}
