using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = 1 / w for |x| &lt;= w, and c outside (Wu et al. 2018, 10.3389/fnins.2018.00331, for the rectangle). S is the broken line with these
/// slopes that is 0 at -w and 2 at w.
/// </summary>
internal sealed class PiecewiseLeakyReluSurrogate(ISettings settings) : ISurrogate
{
    private readonly double width = settings.Number("width", 1, 1e-6, 1e6, "half width of the rectangle, whose height is its inverse");
    private readonly double tail = settings.Number("tail", 0.01, 0, 1e6, "the derivative outside of the rectangle");

    public double? Support => tail == 0 ? width : null;

    public Expr Derivative(Expr x) => Where(Abs(x) <= width, 1 / width, tail);

    public Expr Smooth(Expr x)
    {
        var inside = Max(Min(x, width), -width);
        return 1 + (inside / width) + (tail * (x - inside));
    }
}
