namespace BrainModular.Engine.Ir;

/// <summary>
/// Checks what every function must keep to: names are unique, every input node is a declared input, operands have the number and kind that
/// their operation takes, masks are not outputs, and lowered operations appear only after lowering, the others only before.
/// </summary>
public static class IrVerifier
{
    private static readonly Dictionary<IrOp, int> Arity = new()
    {
        [IrOp.Constant] = 0, [IrOp.Input] = 0, [IrOp.BitConstant] = 0,
        [IrOp.Negate] = 1, [IrOp.Abs] = 1, [IrOp.Sqrt] = 1, [IrOp.Exp] = 1, [IrOp.Log] = 1, [IrOp.Tanh] = 1, [IrOp.Sigmoid] = 1,
        [IrOp.Linoid] = 1, [IrOp.LinoidSlope] = 1, [IrOp.Exprel] = 1, [IrOp.ExprelSlope] = 1, [IrOp.Heaviside] = 1, [IrOp.Not] = 1,
        [IrOp.ShiftLeft] = 1, [IrOp.ShiftRight] = 1,
        [IrOp.Select] = 3, [IrOp.Fma] = 3, [IrOp.FmaSubtract] = 3, [IrOp.FmaNegate] = 3,
    };

    /// <summary>Operations that lowering replaces.</summary>
    internal static bool IsHighLevel(IrOp op) => op is IrOp.Exp or IrOp.Log or IrOp.Tanh or IrOp.Sigmoid
        or IrOp.Linoid or IrOp.LinoidSlope or IrOp.Exprel or IrOp.ExprelSlope or IrOp.Heaviside;

    /// <summary>Returns the function, so that passes can end with it.</summary>
    /// <exception cref="InvalidOperationException">A pass broke a rule; this is a fault of the engine.</exception>
    public static IrFunction Check(IrFunction function)
    {
        Require(function.Inputs.Select(static i => i.Name).Distinct().Count() == function.Inputs.Count, "input names repeat");
        Require(function.Outputs.Select(static o => o.Name).Distinct().Count() == function.Outputs.Count, "output names repeat");
        var inputs = function.Inputs.ToHashSet();
        foreach (var node in function.Nodes)
        {
            if (FaultOf(node, inputs, lowered: function.LoweredTo is not null) is { } fault)
            {
                Require(false, fault);
            }
        }

        Require(function.Outputs.All(static o => !o.Node.IsMask), "an output is a mask");
        return function;

        void Require(bool holds, string fault)
        {
            if (!holds)
            {
                throw new InvalidOperationException($"IR of {function.Name}: {fault}");
            }
        }
    }

    private static string? FaultOf(IrNode node, HashSet<IrInput> inputs, bool lowered)
    {
        if (node.Operands.Count != Arity.GetValueOrDefault(node.Op, 2))
        {
            return $"{node.Op} has {node.Operands.Count} operands";
        }

        if (node.Op == IrOp.Input && !inputs.Contains(node.Input!))
        {
            return $"input {node.Input?.Name} is not declared";
        }

        for (var i = 0; i < node.Operands.Count; i++)
        {
            var mask = node.Op is IrOp.And or IrOp.Or or IrOp.Not || (node.Op == IrOp.Select && i == 0);
            if (node.Operands[i].IsMask != mask)
            {
                return $"operand {i} of {node.Op} is {(mask ? "no" : "a")} mask";
            }

            if (node.Operands[i].Id >= node.Id)
            {
                return $"{node.Op} comes before its operand";
            }
        }

        return (lowered ? IsHighLevel(node.Op) : node.Op > IrOp.Heaviside) ? $"{node.Op} does not belong at this level" : null;
    }
}
