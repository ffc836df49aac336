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
    private readonly IrNode[] nodes;
    private readonly int[][] operands;
    private readonly int[][] users;
    private readonly int[] height;
    private readonly int[] waitingFor;
    private readonly int[] usesLeft;
    private readonly int[] readyAt;
    private readonly List<int> ready = [];
    private readonly List<IrNode> order = [];
    private int live;

    private ListScheduler(IrFunction function, int liveLimit)
    {
        this.liveLimit = liveLimit;
        var results = function.Outputs.Select(static o => o.Node).ToHashSet();
        nodes = [.. function.Nodes.Where(n => !IsMemoryOperand(n) || (n.Op == IrOp.Input && results.Contains(n)))];
        var index = new Dictionary<IrNode, int>();
        for (var i = 0; i < nodes.Length; i++)
        {
            index[nodes[i]] = i;
        }

        operands = [.. nodes.Select(n => n.Operands.Where(o => o.Op != IrOp.Input && index.ContainsKey(o)).Select(o => index[o]).Distinct().ToArray())];
        var usersOf = nodes.Select(static _ => new List<int>()).ToArray();
        for (var i = 0; i < nodes.Length; i++)
        {
            foreach (var operand in operands[i])
            {
                usersOf[operand].Add(i);
            }
        }

        users = [.. usersOf.Select(static u => u.ToArray())];
        waitingFor = [.. operands.Select(static o => o.Length)];
        usesLeft = [.. nodes.Select((n, i) => users[i].Length + (results.Contains(n) ? 1 : 0))];
        readyAt = new int[nodes.Length];
        height = new int[nodes.Length];
        for (var i = nodes.Length - 1; i >= 0; i--)
        {
            foreach (var user in users[i])
            {
                height[i] = Math.Max(height[i], height[user]);
            }

            height[i] += Latency(nodes[i].Op);
        }

        ready.AddRange(Enumerable.Range(0, nodes.Length).Where(i => waitingFor[i] == 0));
    }

    /// <summary>The operations in order.</summary>
    /// <param name="function">A lowered function.</param>
    /// <param name="liveLimit">How many values may be live before setting registers free comes first.</param>
    public static IReadOnlyList<IrNode> Run(IrFunction function, int liveLimit) => new ListScheduler(function, liveLimit).Run();

    /// <summary>Whether the node is read from memory wherever it is used.</summary>
    public static bool IsMemoryOperand(IrNode node) => node.Op is IrOp.Constant or IrOp.BitConstant or IrOp.Input;

    private List<IrNode> Run()
    {
        for (var cycle = 0; ready.Count > 0; cycle++)
        {
            for (var issued = 0; issued < IssueWidth && Choose(cycle) is >= 0 and var place; issued++)
            {
                Issue(place, cycle);
            }

            if (live < liveLimit && ready.Count > 0)
            {
                cycle = Math.Max(cycle, NextReady() - 1);
            }
        }

        return order;
    }

    private int NextReady()
    {
        var next = int.MaxValue;
        foreach (var node in ready)
        {
            next = Math.Min(next, readyAt[node]);
        }

        return next;
    }

    /// <summary>The place in the list of the node to issue, or -1 if none can be in this cycle.</summary>
    private int Choose(int cycle)
    {
        var full = live >= liveLimit;
        var best = -1;
        for (var place = 0; place < ready.Count; place++)
        {
            if ((full || readyAt[ready[place]] <= cycle) && (best < 0 || ComesBefore(ready[place], ready[best], full)))
            {
                best = place;
            }
        }

        return best;
    }

    private bool ComesBefore(int a, int b, bool full)
    {
        var byPressure = full ? Pressure(a) - Pressure(b) : 0;
        return byPressure != 0 ? byPressure < 0 : height[a] != height[b] ? height[a] > height[b] : a < b;
    }

    /// <summary>How many more values are live after the node than before.</summary>
    private int Pressure(int node)
    {
        var change = 1;
        foreach (var operand in operands[node])
        {
            change -= usesLeft[operand] == 1 ? 1 : 0;
        }

        return change;
    }

    private void Issue(int place, int cycle)
    {
        var node = ready[place];
        live += Pressure(node);
        ready[place] = ready[^1];
        ready.RemoveAt(ready.Count - 1);
        order.Add(nodes[node]);
        foreach (var operand in operands[node])
        {
            usesLeft[operand]--;
        }

        foreach (var user in users[node])
        {
            readyAt[user] = Math.Max(readyAt[user], cycle + Latency(nodes[node].Op));
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
