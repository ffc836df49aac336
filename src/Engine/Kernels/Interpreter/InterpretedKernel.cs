using System.Numerics;
using System.Runtime.CompilerServices;
using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Interpreter;

/// <summary>
/// Walks the lowered function node by node for every element: slow, plain, and the oracle of every other backend, which must give the same bits.
/// </summary>
/// <typeparam name="T">The numbers.</typeparam>
/// <typeparam name="TBits">Integers of the same size, for patterns.</typeparam>
internal sealed class InterpretedKernel<T, TBits> : Kernel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TBits : unmanaged, IBinaryInteger<TBits>
{
    private readonly IrNode[] nodes;
    private readonly int[][] operands;
    private readonly int[] inputs;
    private readonly int[] outputs;

    public InterpretedKernel(IrFunction function)
        : base(function)
    {
        nodes = [.. function.Nodes];
        var place = nodes.Select(static (n, i) => (n, i)).ToDictionary(static p => p.n, static p => p.i);
        var rows = function.Inputs.Select(static (input, i) => (input, i)).ToDictionary(static p => p.input, static p => p.i);
        operands = [.. nodes.Select(n => n.Operands.Select(o => place[o]).ToArray())];
        inputs = [.. nodes.Select(n => n.Input is { } input ? rows[input] : -1)];
        outputs = [.. function.Outputs.Select(o => place[o.Node])];
    }

    public override unsafe void Run(void** rows, nint first, nint count)
    {
        var values = new T[nodes.Length];
        for (var element = first; element < first + count; element++)
        {
            for (var i = 0; i < nodes.Length; i++)
            {
                values[i] = inputs[i] < 0 ? Evaluate(nodes[i], operands[i], values)
                    : ((T*)rows[inputs[i]])[nodes[i].Input!.Uniform ? 0 : element];
            }

            for (var i = 0; i < outputs.Length; i++)
            {
                ((T*)rows[Function.Inputs.Count + i])[element] = values[outputs[i]];
            }
        }
    }

    private static T Evaluate(IrNode node, int[] operands, T[] values)
    {
        var a = operands.Length > 0 ? values[operands[0]] : default;
        var b = operands.Length > 1 ? values[operands[1]] : default;
        var c = operands.Length > 2 ? values[operands[2]] : default;
        return node.Op switch
        {
            IrOp.Constant => T.CreateTruncating(node.Value),
            IrOp.BitConstant => Number(TBits.CreateTruncating(node.Bits)),
            IrOp.Add => a + b,
            IrOp.Subtract => a - b,
            IrOp.Multiply => a * b,
            IrOp.Divide => a / b,
            IrOp.Negate => -a,
            IrOp.Abs => T.Abs(a),
            IrOp.Sqrt => T.Sqrt(a),
            IrOp.Min => a < b ? a : b,
            IrOp.Max => a > b ? a : b,
            IrOp.Fma => T.FusedMultiplyAdd(a, b, c),
            IrOp.FmaSubtract => T.FusedMultiplyAdd(a, b, -c),
            IrOp.FmaNegate => T.FusedMultiplyAdd(-a, b, c),
            IrOp.Less => Mask(a < b),
            IrOp.LessOrEqual => Mask(a <= b),
            IrOp.Select => Bits(a) != TBits.Zero ? b : c,
            IrOp.And or IrOp.BitAnd => Number(Bits(a) & Bits(b)),
            IrOp.Or or IrOp.BitOr => Number(Bits(a) | Bits(b)),
            IrOp.Not => Number(~Bits(a)),
            IrOp.BitAdd => Number(Bits(a) + Bits(b)),
            IrOp.ShiftLeft => Number(Bits(a) << (int)node.Bits),
            IrOp.ShiftRight => Number(Bits(a) >>> (int)node.Bits),
            _ => throw new InvalidOperationException($"{node.Op} is no primitive operation"),
        };
    }

    private static T Mask(bool holds) => holds ? Number(~TBits.Zero) : default;

    private static TBits Bits(T number) => Unsafe.BitCast<T, TBits>(number);

    private static T Number(TBits bits) => Unsafe.BitCast<TBits, T>(bits);
}
