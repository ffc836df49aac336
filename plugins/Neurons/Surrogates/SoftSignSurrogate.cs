using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>S(x) = (1 + a x / (1 + a |x|)) / 2, S'(x) = (a / 2) / (1 + a |x|)^2 (Zenke and Ganguli 2018, 10.1162/neco_a_01086).</summary>
internal sealed class SoftSignSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 1, 1e-3, 1e3, "steepness, twice the derivative at threshold");

    public Expr Derivative(Expr x) => slope / 2 / Power(1 + (slope * Abs(x)), 2);

    public Expr Smooth(Expr x) => 0.5 + (slope / 2 * x / (1 + (slope * Abs(x))));
}
