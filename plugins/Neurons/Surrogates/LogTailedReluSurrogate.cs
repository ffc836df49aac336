using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = a below threshold, 1 up to 1 and 1 / x beyond (Cai et al. 2017, 10.1109/CVPR.2017.574); S(x) = a x, x and 1 + log x.
/// </summary>
internal sealed class LogTailedReluSurrogate(ISettings settings) : ISurrogate
{
    private readonly double below = settings.Number("below", 0, 0, 1e6, "the derivative below threshold");

    public Expr Derivative(Expr x) => Where(x <= 0, below, 1 / Max(x, 1));

    public Expr Smooth(Expr x) => Where(x <= 0, below * x, Min(x, 1) + Log(Max(x, 1)));
}
