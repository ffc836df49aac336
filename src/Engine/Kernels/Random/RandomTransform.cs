using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Kernels.Random;

/// <summary>How numbers of a stream are distributed.</summary>
public enum RandomDistribution
{
    /// <summary>Uniform in (0, 1).</summary>
    Uniform,

    /// <summary>Normal with mean 0 and variance 1.</summary>
    Normal,
}

/// <summary>
/// Kernels that turn random words into random numbers. They are made of primitive operations like all kernels, so the numbers are the
/// same on every machine and backend.
/// </summary>
internal static class RandomTransform
{
    private static readonly Dictionary<(RandomDistribution, Precision), Lazy<Kernel>> Kernels = (
        from distribution in Enum.GetValues<RandomDistribution>()
        from precision in Enum.GetValues<Precision>()
        select ((distribution, precision), new Lazy<Kernel>(() => KernelCompiler.CompileLowered(Function(distribution, precision), KernelBackend.Il))))
        .ToDictionary();

    /// <summary>Inputs: one row of random words for uniform numbers, two for normal ones.</summary>
    public static Kernel Of(RandomDistribution distribution, Precision precision) => Kernels[(distribution, precision)].Value;

    internal static IrFunction Function(RandomDistribution distribution, Precision precision)
    {
        var lowering = new LoweringExponential(new IrGraph(), LoweringFormat.Of(precision));
        IrInput[] words = [.. (distribution == RandomDistribution.Uniform ? ["words"] : (string[])["words", "angles"])
            .Select(static name => new IrInput(name, IrInputKind.Signal, Dimension.None))];
        var x = words.Select(lowering.Graph.Input).ToArray();
        var number = distribution == RandomDistribution.Uniform ? Uniform(lowering, x[0]) : Normal(lowering, x[0], x[1]);
        return new($"random.{distribution}", words, [new("numbers", number)], precision);
    }

    /// <summary>(k + 1/2) 2^-M with the upper M bits k of the word, M the format's mantissa.</summary>
    private static IrNode Uniform(LoweringExponential lowering, IrNode word)
    {
        var graph = lowering.Graph;
        var half = Math.ScaleB(1, -lowering.Format.MantissaBits - 1);
        return graph.Subtract(OneToTwo(lowering, word), graph.Constant(1 - half));
    }

    /// <summary>
    /// Box and Muller's transform: sqrt(-2 ln u) sin(2 pi t). All bits of the first word make u, so that the tails reach to 6.7 standard
    /// deviations in float32; t runs from -1/4 to 1/4, over which the sine takes each of its values as often as over a whole period.
    /// </summary>
    private static IrNode Normal(LoweringExponential lowering, IrNode word, IrNode angle)
    {
        var (graph, format) = (lowering.Graph, lowering.Format);
        var spare = SpareBits(format);
        var coarse = graph.Subtract(OneToTwo(lowering, word), graph.Constant(1));
        var rest = graph.Shift(IrOp.ShiftLeft, graph.Make(IrOp.BitAnd, word, graph.Bits((1UL << spare) - 1)), format.MantissaBits - spare);
        var fine = graph.Subtract(graph.Make(IrOp.BitOr, rest, graph.Bits(format.One)), graph.Constant(1 - Math.ScaleB(1, -spare - 1)));
        var u = lowering.Fma(fine, graph.Constant(Math.ScaleB(1, -format.MantissaBits)), coarse);
        var radius = graph.Make(IrOp.Sqrt, graph.Multiply(graph.Constant(-2), LoweringLogarithm.Log(graph, format, u)));
        var t = graph.Subtract(graph.Make(IrOp.Abs, graph.Subtract(OneToTwo(lowering, angle), graph.Constant(1.5))), graph.Constant(0.25));
        var sine = graph.Multiply(t, lowering.Polynomial(graph.Multiply(t, t), format.SineOfTurns));
        return graph.Multiply(radius, sine);
    }

    /// <summary>The upper bits of a word as the mantissa of a number from 1 to 2.</summary>
    private static IrNode OneToTwo(LoweringExponential lowering, IrNode word) => lowering.Graph.Make(
        IrOp.BitOr, lowering.Graph.Shift(IrOp.ShiftRight, word, SpareBits(lowering.Format)), lowering.Graph.Bits(lowering.Format.One));

    /// <summary>Bits of a word that the mantissa has no room for: 9 of 32, 12 of 64.</summary>
    private static int SpareBits(LoweringFormat format) => format.MantissaBits == 23 ? 9 : 12;
}
