namespace BrainModular.Engine.Ir;

/// <summary>A named result of a function.</summary>
/// <param name="Name">Its name, unique among the outputs.</param>
/// <param name="Node">The node whose value it is.</param>
public sealed record IrOutput(string Name, IrNode Node);

/// <summary>Which numbers a lowered function computes with.</summary>
public enum Precision
{
    /// <summary>IEEE 754 binary32.</summary>
    Single,

    /// <summary>IEEE 754 binary64.</summary>
    Double,
}

/// <summary>
/// A function of rows: for every element it reads its inputs, computes, and writes its outputs. An input and an output may be the same
/// row in memory: an element's inputs are all read before any of its outputs is written.
/// </summary>
/// <param name="Name">What it is, for dumps.</param>
/// <param name="Inputs">The rows it reads, in order.</param>
/// <param name="Outputs">The rows it writes, in order.</param>
/// <param name="LoweredTo">The precision for which it was lowered; null before.</param>
public sealed record IrFunction(string Name, IReadOnlyList<IrInput> Inputs, IReadOnlyList<IrOutput> Outputs, Precision? LoweredTo = null)
{
    public IReadOnlyList<IrOutput> Outputs
    {
        get;
        init => (field, Nodes) = (value, Reachable(value.Select(static o => o.Node)));
    }
    = Outputs;

    /// <summary>All nodes that the outputs need, operands first.</summary>
    public IReadOnlyList<IrNode> Nodes { get; private init; } = Reachable(Outputs.Select(static o => o.Node));

    /// <summary>The output of that name.</summary>
    public IrNode Output(string name) => Outputs.First(o => o.Name == name).Node;

    /// <summary>All nodes that the given ones need, themselves included, operands first.</summary>
    public static IReadOnlyList<IrNode> Reachable(IEnumerable<IrNode> roots)
    {
        var seen = new HashSet<IrNode>();
        var pending = new Stack<IrNode>(roots);
        while (pending.TryPop(out var node))
        {
            if (seen.Add(node))
            {
                foreach (var operand in node.Operands)
                {
                    pending.Push(operand);
                }
            }
        }

        return [.. seen.OrderBy(static n => n.Id)];
    }
}
