using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Tests.Kernels;

/// <summary>Functions drawn at random, the same ones for the same seed: every operation occurs, values are used near and far.</summary>
internal static class RandomFunction
{
    private static readonly IrOp[] Binary = [IrOp.Add, IrOp.Subtract, IrOp.Multiply, IrOp.Divide, IrOp.Min, IrOp.Max];

    private static readonly IrOp[] Unary =
        [IrOp.Negate, IrOp.Abs, IrOp.Sqrt, IrOp.Exp, IrOp.Log, IrOp.Tanh, IrOp.Sigmoid, IrOp.Linoid, IrOp.LinoidSlope, IrOp.Exprel, IrOp.ExprelSlope];

    public static IrFunction Of(int seed, int nodes)
    {
        var random = new System.Random(seed);
        var graph = new IrGraph();
        IrInput[] inputs = [.. Enumerable.Range(0, 5).Select(i => KernelRunner.Row($"x{i}", uniform: i == 3))];
        List<IrNode> values = [.. inputs.Select(graph.Input), graph.Constant(0.7), graph.Constant(-3)];
        for (var i = 0; i < nodes; i++)
        {
            values.Add(random.Next(12) switch
            {
                < 8 => graph.Make(Binary[random.Next(Binary.Length)], Any(), Any()),
                8 => graph.Make(Unary[random.Next(Unary.Length)], Any()),
                9 => graph.Select(Mask(), Any(), Any()),
                10 => graph.Heaviside(Any(), new NoSurrogate()),
                _ => graph.Constant(random.NextDouble() * 4),
            });
        }

        return new($"random{seed}", inputs, [.. values.TakeLast(nodes / 4).Append(values[0]).Select(static (node, i) => new IrOutput($"y{i}", node))]);

        IrNode Any() => values[random.Next(2) == 0 ? random.Next(values.Count) : values.Count - 1 - random.Next(Math.Min(8, values.Count))];

        IrNode Mask() => random.Next(4) switch
        {
            0 => graph.Make(IrOp.And, graph.Less(Any(), Any()), graph.Make(IrOp.LessOrEqual, Any(), Any())),
            1 => graph.Make(IrOp.Or, graph.Less(Any(), Any()), graph.Make(IrOp.LessOrEqual, Any(), Any())),
            2 => graph.Make(IrOp.Not, graph.Less(Any(), Any())),
            _ => graph.Less(Any(), Any()),
        };
    }
}
