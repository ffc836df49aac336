using BrainModular.Engine.Ir;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Onnx;

/// <summary>
/// How each operation that models are written in becomes operators of ONNX, opset 17. Operations that only lowering to a processor
/// brings in are not here: functions are exported before it.
/// </summary>
internal static class OperationTable
{
    /// <summary>Given the list to add to and the names of the operands, adds the operators and gives the name of the result.</summary>
    public delegate string Rule(NodeList nodes, string[] x);

    private static readonly Dictionary<IrOp, Rule> Rules = new()
    {
        [IrOp.Add] = static (nodes, x) => nodes.Add("Add", x),
        [IrOp.Subtract] = static (nodes, x) => nodes.Add("Sub", x),
        [IrOp.Multiply] = static (nodes, x) => nodes.Add("Mul", x),
        [IrOp.Divide] = static (nodes, x) => nodes.Add("Div", x),
        [IrOp.Negate] = static (nodes, x) => nodes.Add("Neg", x),
        [IrOp.Abs] = static (nodes, x) => nodes.Add("Abs", x),
        [IrOp.Sqrt] = static (nodes, x) => nodes.Add("Sqrt", x),

        // ONNX's Min and Max hand on a NaN of either operand; the engine's give the second operand.
        [IrOp.Min] = static (nodes, x) => nodes.Add("Where", nodes.Add("Less", x), x[0], x[1]),
        [IrOp.Max] = static (nodes, x) => nodes.Add("Where", nodes.Add("Less", x[1], x[0]), x[0], x[1]),

        [IrOp.Exp] = SpecialFunctions.Exp,
        [IrOp.Log] = static (nodes, x) => nodes.Add("Log", x),
        [IrOp.Tanh] = static (nodes, x) => nodes.Add("Tanh", x),
        [IrOp.Sigmoid] = SpecialFunctions.Sigmoid,
        [IrOp.Linoid] = SpecialFunctions.Linoid,
        [IrOp.LinoidSlope] = SpecialFunctions.LinoidSlope,
        [IrOp.Exprel] = SpecialFunctions.Exprel,
        [IrOp.ExprelSlope] = SpecialFunctions.ExprelSlope,

        [IrOp.Less] = static (nodes, x) => nodes.Add("Less", x),
        [IrOp.LessOrEqual] = static (nodes, x) => nodes.Add("LessOrEqual", x),
        [IrOp.And] = static (nodes, x) => nodes.Add("And", x),
        [IrOp.Or] = static (nodes, x) => nodes.Add("Or", x),
        [IrOp.Not] = static (nodes, x) => nodes.Add("Not", x),
        [IrOp.Select] = static (nodes, x) => nodes.Add("Where", x),
        [IrOp.Heaviside] = static (nodes, x) =>
            nodes.Add("Cast", [nodes.Add("GreaterOrEqual", x[0], nodes.Constant(0))], [new OnnxAttribute.Int("to", (long)nodes.Number)]),
    };

    /// <summary>The operations that have a rule. Constants and inputs need none: they are operands.</summary>
    public static IEnumerable<IrOp> Operations => Rules.Keys;

    /// <summary>Adds the operators of one operation.</summary>
    /// <exception cref="InvalidOperationException">The function was lowered to a processor before it came here; a fault of the caller.</exception>
    public static string Lower(IrOp op, NodeList nodes, string[] operands) => Rules.TryGetValue(op, out var rule)
        ? rule(nodes, operands)
        : throw new InvalidOperationException($"{op} cannot be exported: export functions before they are lowered to a processor");
}
