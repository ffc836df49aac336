using System.Numerics;
using BrainModular.Engine.Ir;

namespace BrainModular.Export.Tests.Fixtures;

/// <summary>Evaluates a function's nodes one by one with .NET's own mathematics, rounding after every operation as ONNX Runtime does.</summary>
internal static class Evaluator
{
    /// <summary>The outputs for one element, in <typeparamref name="T"/>.</summary>
    public static Dictionary<string, double> Evaluate<T>(IrFunction function, Func<IrInput, double> read)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = new Dictionary<IrNode, T>();
        foreach (var node in function.Nodes)
        {
            values[node] = node.Op switch
            {
                IrOp.Constant => T.CreateTruncating(node.Value),
                IrOp.Input => T.CreateTruncating(read(node.Input!)),
                _ => Apply(node.Op, [.. node.Operands.Select(operand => values[operand])]),
            };
        }

        return function.Outputs.ToDictionary(output => output.Name, output => double.CreateTruncating(values[output.Node]));
    }

    /// <summary>A mask is 1 or 0 here.</summary>
    public static T Apply<T>(IrOp op, T[] x)
        where T : unmanaged, IFloatingPointIeee754<T> => op switch
        {
            IrOp.Add => x[0] + x[1],
            IrOp.Subtract => x[0] - x[1],
            IrOp.Multiply => x[0] * x[1],
            IrOp.Divide => x[0] / x[1],
            IrOp.Negate => -x[0],
            IrOp.Abs => T.Abs(x[0]),
            IrOp.Sqrt => T.Sqrt(x[0]),
            IrOp.Min => x[0] < x[1] ? x[0] : x[1],
            IrOp.Max => x[0] > x[1] ? x[0] : x[1],
            IrOp.Less => Mask<T>(x[0] < x[1]),
            IrOp.LessOrEqual => Mask<T>(x[0] <= x[1]),
            IrOp.And => x[0] * x[1],
            IrOp.Or => T.Max(x[0], x[1]),
            IrOp.Not => T.One - x[0],
            IrOp.Select => x[0] != T.Zero ? x[1] : x[2],
            IrOp.Heaviside => Mask<T>(x[0] >= T.Zero),
            IrOp.Exp => InDouble(Math.Exp, x[0]),
            IrOp.Log => InDouble(Math.Log, x[0]),
            IrOp.Tanh => InDouble(Math.Tanh, x[0]),
            IrOp.Sigmoid => InDouble(static v => 1 / (1 + Math.Exp(-v)), x[0]),
            IrOp.Linoid => InDouble(Reference.Linoid, x[0]),
            IrOp.LinoidSlope => InDouble(Reference.LinoidSlope, x[0]),
            IrOp.Exprel => InDouble(Reference.Exprel, x[0]),
            IrOp.ExprelSlope => InDouble(Reference.ExprelSlope, x[0]),
            _ => throw new ArgumentOutOfRangeException(nameof(op), op, "models are not written in this operation"),
        };

    private static T Mask<T>(bool holds)
        where T : IFloatingPointIeee754<T> => holds ? T.One : T.Zero;

    private static T InDouble<T>(Func<double, double> function, T x)
        where T : IFloatingPointIeee754<T> => T.CreateTruncating(function(double.CreateTruncating(x)));
}
