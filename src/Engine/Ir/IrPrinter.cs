using System.Globalization;
using System.Text;

namespace BrainModular.Engine.Ir;

/// <summary>Writes a function as text: one node a line, numbered in order of use, so the same function gives the same text.</summary>
public static class IrPrinter
{
    public static string Print(IrFunction function)
    {
        var text = new StringBuilder();
        var names = new Dictionary<IrNode, string>();
        text.Append(CultureInfo.InvariantCulture, $"function {function.Name}{(function.LoweredTo is { } p ? $" lowered to {p}" : "")}\n");
        foreach (var input in function.Inputs)
        {
            text.Append(CultureInfo.InvariantCulture, $"  in {input.Name}: {input.Kind}{(input.Uniform ? " uniform" : "")} [{input.Dimension}]\n");
        }

        foreach (var node in function.Nodes.Where(static n => n.Op is not (IrOp.Constant or IrOp.Input or IrOp.BitConstant)))
        {
            names[node] = $"%{names.Count}";
            var operands = string.Join(", ", node.Operands.Select(o => Operand(o, names)));
            var payload = node.Op is IrOp.ShiftLeft or IrOp.ShiftRight ? $" by {node.Bits}" : node.Surrogate is { } s ? $" as {s.GetType().Name}" : "";
            text.Append(CultureInfo.InvariantCulture, $"  {names[node]} = {node.Op} {operands}{payload}\n");
        }

        foreach (var output in function.Outputs)
        {
            text.Append(CultureInfo.InvariantCulture, $"  out {output.Name} = {Operand(output.Node, names)}\n");
        }

        return text.ToString();
    }

    private static string Operand(IrNode node, Dictionary<IrNode, string> names) => node.Op switch
    {
        IrOp.Constant => node.Value.ToString("R", CultureInfo.InvariantCulture),
        IrOp.BitConstant => $"0x{node.Bits:x}",
        IrOp.Input => node.Input!.Name,
        _ => names[node],
    };
}
