using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>S'(x) = (a / 2) exp(-a |x|); S(x) = exp(a x) / 2 below threshold and 1 - exp(-a x) / 2 above (Neftci et al. 2019, 10.1109/MSP.2019.2931595).</summary>
internal sealed class PiecewiseExpSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 1, 1e-3, 1e3, "steepness, twice the derivative at threshold");

    public Expr Derivative(Expr x) => slope / 2 * Exp(-slope * Abs(x));

    public Expr Smooth(Expr x)
    {
        var tail = Exp(-slope * Abs(x)) / 2;
        return Where(x < 0, tail, 1 - tail);
    }
}
