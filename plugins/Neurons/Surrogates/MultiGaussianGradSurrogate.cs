using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = c ((1 + h) N(x; 0, s) - h N(x; s, k s) - h N(x; -s, k s)), N a normal density by mean and standard deviation: a bell with a
/// shallow trough on either side (Yin et al. 2021, 10.1038/s42256-021-00397-w). S is its integral from minus infinity and rises to c (1 - h).
/// </summary>
internal sealed class MultiGaussianGradSurrogate(ISettings settings) : ISurrogate
{
    private readonly double deviation = settings.Number("deviation", 0.5, 1e-3, 1e3, "standard deviation of the bell, and how far off the troughs lie");
    private readonly double trough = settings.Number("trough", 0.15, 0, 10, "the weight of either trough");
    private readonly double spread = settings.Number("spread", 6, 1e-3, 1e3, "how many times as wide as the bell a trough is");
    private readonly double scale = settings.Number("scale", 0.5, 1e-6, 1e6, "what the sum is multiplied by");

    public Expr Derivative(Expr x) => scale / deviation * Mixed(
        NormalDistribution.Density(x / deviation),
        (NormalDistribution.Density(FromRight(x)) + NormalDistribution.Density(FromLeft(x))) / spread);

    public Expr Smooth(Expr x) => scale * Mixed(
        NormalDistribution.Cumulative(x / deviation),
        NormalDistribution.Cumulative(FromRight(x)) + NormalDistribution.Cumulative(FromLeft(x)));

    private Expr Mixed(Expr bell, Expr troughs) => ((1 + trough) * bell) - (trough * troughs);

    private Expr FromRight(Expr x) => (x - deviation) / (spread * deviation);

    private Expr FromLeft(Expr x) => (x + deviation) / (spread * deviation);
}
