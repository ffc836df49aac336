using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Il;

/// <summary>
/// Puts the operations of a function in an order that keeps a superscalar processor busy: those on the longest path first, started when
/// their operands are ready, as long as there are registers for the results; else those that set registers free.
/// </summary>
/// <remarks>
/// Constants and input rows are operands in memory and are not scheduled. A result is stored once no operation that reads a row is left,
/// since a row may be read and written. The run-time compiler keeps this order.
/// </remarks>
internal sealed class ListScheduler
{
    private const int IssueWidth = 3;

    private readonly int liveLimit;
    private readonly Dictionary<IrNode, List<IrNode>> users = [];
    private readonly Dictionary<IrNode, IrNode[]> operands = [];
    private readonly Dictionary<IrNode, int> height = [];
    private readonly Dictionary<IrNode, int> waitingFor = [];
    private readonly Dictionary<IrNode, int> usesLeft = [];
    private readonly Dictionary<IrNode, int> readyAt = [];
    private readonly List<IrNode> ready = [];
    private readonly List<IrNode> order = [];
    private int live;

    private ListScheduler(IrFunction function, int liveLimit)
    {
        this.liveLimit = liveLimit;
        var results = function.Outputs.Select(static o => o.Node).ToHashSet();
        var scheduled = function.Nodes.Where(n => !IsMemoryOperand(n) || (n.Op == IrOp.Input && results.Contains(n))).ToList();
        foreach (var node in scheduled)
        {
            users[node] = [];
            usesLeft[node] = results.Contains(node) ? 1 : 0;
        }

        foreach (var node in scheduled)
        {
            operands[node] = node.Op == IrOp.Input ? [] : [.. node.Operands.Where(users.ContainsKey).Distinct()];
            waitingFor[node] = operands[node].Length;
            foreach (var operand in operands[node])
            {
                users[operand].Add(node);
                usesLeft[operand]++;
            }
        }

        foreach (var node in Enumerable.Reverse(scheduled))
        {
            height[node] = Latency(node.Op) + users[node].Select(u => height[u]).DefaultIfEmpty(0).Max();
        }

        ready.AddRange(scheduled.Where(n => waitingFor[n] == 0));
    }

    /// <summary>The operations in order.</summary>
    /// <param name="function">A lowered function.</param>
    /// <param name="liveLimit">How many values may be live before setting registers free comes first.</param>
    public static IReadOnlyList<IrNode> Run(IrFunction function, int liveLimit) => new ListScheduler(function, liveLimit).Run();

    /// <summary>Whether the node is read from memory wherever it is used.</summary>
    public static bool IsMemoryOperand(IrNode node) => node.Op is IrOp.Constant or IrOp.BitConstant or IrOp.Input;

    private List<IrNode> Run()
    {
        var cycle = 0;
        while (ready.Count > 0)
        {
            for (var issued = 0; issued < IssueWidth && ready.Count > 0; issued++)
            {
                if (Choose(cycle) is not { } node)
                {
                    break;
                }

                Issue(node, cycle);
            }

            cycle = Math.Max(cycle + 1, live >= liveLimit || ready.Count == 0 ? 0 : ready.Min(n => readyAt.GetValueOrDefault(n)));
        }

        return order;
    }

    private IrNode? Choose(int cycle)
    {
        var full = live >= liveLimit;
        IrNode? best = null;
        foreach (var node in ready)
        {
            if ((full || readyAt.GetValueOrDefault(node) <= cycle) && (best is null || Compare(node, best, full) < 0))
            {
                best = node;
            }
        }

        return best;
    }

    private int Compare(IrNode a, IrNode b, bool full)
    {
        var byPressure = full ? Pressure(a) - Pressure(b) : 0;
        return byPressure != 0 ? byPressure
            : height[a] != height[b] ? height[b] - height[a]
            : a.Id - b.Id;
    }

    /// <summary>How many more values are live after the node than before.</summary>
    private int Pressure(IrNode node)
    {
        var change = 1;
        foreach (var operand in operands[node])
        {
            change -= usesLeft[operand] == 1 ? 1 : 0;
        }

        return change;
    }

    private void Issue(IrNode node, int cycle)
    {
        live += Pressure(node);
        ready.Remove(node);
        order.Add(node);
        foreach (var operand in operands[node])
        {
            usesLeft[operand]--;
        }

        foreach (var user in users[node])
        {
            readyAt[user] = Math.Max(readyAt.GetValueOrDefault(user), cycle + Latency(node.Op));
            if (--waitingFor[user] == 0)
            {
                ready.Add(user);
            }
        }
    }

    /// <summary>Cycles until a result can be used, as on AMD Zen 3 and 4.</summary>
    private static int Latency(IrOp op) => op switch
    {
        IrOp.Fma or IrOp.FmaSubtract or IrOp.FmaNegate => 4,
        IrOp.Add or IrOp.Subtract or IrOp.Multiply => 3,
        IrOp.Divide => 11,
        IrOp.Sqrt => 15,
        _ => 1,
    };
}
