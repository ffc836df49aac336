using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = a max(0, w - |x|) with height a w and half width w (Esser et al. 2016, 10.1073/pnas.1604850113; Bellec et al. 2018,
/// 10.48550/arXiv.1803.09574). S is the parabolic step that rises from 0 at -w to a w^2 at w.
/// </summary>
internal sealed class ReluSurrogate(ISettings settings) : ISurrogate
{
    private readonly double slope = settings.Number("slope", 0.3, 1e-6, 1e6, "how fast the derivative falls on either side of threshold");
    private readonly double width = settings.Number("width", 1, 1e-6, 1e6, "half width outside of which the derivative is 0");

    public double? Support => width;

    public Expr Derivative(Expr x) => slope * Max(width - Abs(x), 0);

    public Expr Smooth(Expr x)
    {
        // The left half is a parabola that opens upwards; the right half is its mirror image about the centre.
        var left = Max(width + Min(x, 0), 0);
        var right = Max(width - Max(x, 0), 0);
        return slope * ((width * width) + (left * left) - (right * right)) / 2;
    }
}
