using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Networks;

/// <summary>
/// Ports whose sum a step adds to the next value of one state and uses nowhere else, as synapses that decay exponentially do. What arrives there can be added to the state itself
/// once the unit has been stepped: there is no row of sums to write, read and clear.
/// </summary>
internal static class DirectPorts
{
    /// <summary>Takes such ports out of a step.</summary>
    /// <param name="outputs">What the step computes.</param>
    /// <param name="ports">The ports that may be taken out.</param>
    /// <returns>What it computes without them, and of each port that is taken out the state to which its sum is added.</returns>
    public static (IReadOnlyList<IrOutput> Outputs, IReadOnlyDictionary<string, string> States) TakeOut(IReadOnlyList<IrOutput> outputs, IReadOnlyCollection<string> ports)
    {
        IrOutput[] left = [.. outputs];
        var states = new Dictionary<string, string>();
        for (var i = 0; i < left.Length; i++)
        {
            while (left[i].Name.EndsWith(".next", StringComparison.Ordinal) && Addend(left, left[i].Node, ports) is var (port, other))
            {
                states[port] = left[i].Name[..^".next".Length];
                left[i] = left[i] with { Node = other };
            }
        }

        return (left, states);
    }

    /// <summary>The port of a sum that nothing else needs, and what is added to it; null where the node is none.</summary>
    private static (string Port, IrNode Other)? Addend(IReadOnlyList<IrOutput> outputs, IrNode sum, IReadOnlyCollection<string> ports)
    {
        if (sum.Op != IrOp.Add)
        {
            return null;
        }

        int Uses(IrNode node) => outputs.Count(o => o.Node == node) + IrFunction.Reachable(outputs.Select(static o => o.Node)).Sum(n => n.Operands.Count(o => o == node));
        foreach (var (port, other) in new[] { (sum.Operands[1], sum.Operands[0]), (sum.Operands[0], sum.Operands[1]) })
        {
            if (port.Input is { Kind: IrInputKind.Signal } input && ports.Contains(input.Name) && Uses(sum) == 1 && Uses(port) == 1)
            {
                return (input.Name, other);
            }
        }

        return null;
    }
}
