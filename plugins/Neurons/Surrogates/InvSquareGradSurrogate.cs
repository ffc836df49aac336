using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = 1 / (1 + a |x|)^2 (Zenke and Ganguli 2018, 10.1162/neco_a_01086); S(x) = 1 / a + x / (1 + a |x|), which rises from 0 to 2 / a.
/// </summary>
internal sealed class InvSquareGradSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 100, 1e-3, 1e6, "how fast the derivative falls from 1 at threshold");

    public Expr Derivative(Expr x) => 1 / Power(Base(x), 2);

    public Expr Smooth(Expr x) => (1 / slope) + (x / Base(x));

    private Expr Base(Expr x) => 1 + (slope * Abs(x));
}
