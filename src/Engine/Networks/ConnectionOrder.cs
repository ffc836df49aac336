namespace BrainModular.Engine.Networks;

/// <summary>
/// Puts the connections of each source in ascending order of delay, then of target, then of weight: in place, by heapsort (J. W. J.
/// Williams 1964, Algorithm 232, DOI 10.1145/512274.512284), whose time is bounded whatever a file holds. Rows that are in order already,
/// as files and generators commonly give them, are only read.
/// </summary>
public static class ConnectionOrder
{
    /// <summary>Sorts the rows.</summary>
    /// <param name="connections">What changes.</param>
    public static void Sort(Connections connections)
    {
        ArgumentNullException.ThrowIfNull(connections);
        for (var source = 0; source < connections.Sources; source++)
        {
            var start = (int)connections.RowStart[source];
            var length = (int)connections.RowStart[source + 1] - start;
            var row = new Row(
                connections.Target.AsSpan(start, length), connections.Weight.Length > 0 ? connections.Weight.AsSpan(start, length) : [],
                connections.Delay is { } delays ? delays.AsSpan(start, length) : []);
            if (!row.InOrder())
            {
                row.Sort();
            }
        }
    }

    /// <summary>Whether the rows are in order; equal ones may have their weights in any.</summary>
    internal static bool IsInOrder(Connections connections)
    {
        for (var source = 0; source < connections.Sources; source++)
        {
            for (var edge = connections.RowStart[source] + 1; edge < connections.RowStart[source + 1]; edge++)
            {
                var (before, after) = connections.Delay is { } delays ? (delays[edge - 1], delays[edge]) : default;
                if (before > after || (before == after && connections.Target[edge - 1] > connections.Target[edge]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private readonly ref struct Row(Span<int> targets, Span<float> weights, Span<ushort> delays)
    {
        private readonly Span<int> targets = targets;
        private readonly Span<float> weights = weights;
        private readonly Span<ushort> delays = delays;

        public bool InOrder()
        {
            for (var i = 1; i < targets.Length; i++)
            {
                if (Precedes(i, i - 1))
                {
                    return false;
                }
            }

            return true;
        }

        public void Sort()
        {
            for (var root = (targets.Length / 2) - 1; root >= 0; root--)
            {
                SiftDown(root, targets.Length);
            }

            for (var end = targets.Length - 1; end > 0; end--)
            {
                Swap(0, end);
                SiftDown(0, end);
            }
        }

        private void SiftDown(int root, int end)
        {
            for (var child = (2 * root) + 1; child < end; child = (2 * root) + 1)
            {
                if (child + 1 < end && Precedes(child, child + 1))
                {
                    child++;
                }

                if (!Precedes(root, child))
                {
                    return;
                }

                Swap(root, child);
                root = child;
            }
        }

        private bool Precedes(int a, int b)
        {
            if (delays.Length > 0 && delays[a] != delays[b])
            {
                return delays[a] < delays[b];
            }

            return targets[a] != targets[b] ? targets[a] < targets[b] : weights.Length > 0 && weights[a] < weights[b];
        }

        private void Swap(int a, int b)
        {
            (targets[a], targets[b]) = (targets[b], targets[a]);
            if (weights.Length > 0)
            {
                (weights[a], weights[b]) = (weights[b], weights[a]);
            }

            if (delays.Length > 0)
            {
                (delays[a], delays[b]) = (delays[b], delays[a]);
            }
        }
    }
}
