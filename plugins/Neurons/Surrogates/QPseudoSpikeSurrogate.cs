using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = (1 + 2 |x| / (q - 1))^-q with tails that are the fatter the smaller q is (Herranz-Celotti and Rouat 2022, 10.48550/arXiv.2202.00282);
/// S(x) = (1 - 2 x / (q - 1))^(1 - q) / 2 below threshold and 1 - (1 + 2 x / (q - 1))^(1 - q) / 2 above.
/// </summary>
internal sealed class QPseudoSpikeSurrogate(ISettings settings) : ISurrogate
{
    private readonly double exponent = settings.Number("exponent", 2, 1.001, 1e3, "how fast the tails fall");

    public Expr Derivative(Expr x) => Power(Base(x), (Expr)(-exponent));

    public Expr Smooth(Expr x)
    {
        var tail = Power(Base(x), (Expr)(1 - exponent)) / 2;
        return Where(x < 0, tail, 1 - tail);
    }

    private Expr Base(Expr x) => 1 + (2 / (exponent - 1) * Abs(x));
}
