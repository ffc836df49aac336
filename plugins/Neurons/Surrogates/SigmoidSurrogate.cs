using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>S(x) = 1 / (1 + exp(-a x)), S'(x) = a S (1 - S); a is the slope (Zenke and Ganguli 2018, 10.1162/neco_a_01086, for the idea).</summary>
internal sealed class SigmoidSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 4, 1e-3, 1e3, "steepness at threshold, four times the derivative there");

    public Expr Derivative(Expr x)
    {
        var s = Smooth(x);
        return slope * s * (1 - s);
    }

    public Expr Smooth(Expr x) => Sigmoid(slope * x);
}
