using System.Globalization;
using BrainModular.Connectomes;
using BrainModular.Diagnostics;

namespace BrainModular.Engine.Networks;

/// <summary>
/// Makes connections of a stream of edges in two passes: the first counts the connections of each source, the second puts each in its
/// place. Resident are the result's own arrays, 4 bytes of target, 4 of weight and, where there are delays, 2 of delay per connection,
/// and 16 bytes per source.
/// </summary>
/// <param name="sources">How many source units.</param>
/// <param name="targets">How many target units.</param>
/// <param name="factors">What turns the edges' numbers into engine units and steps.</param>
/// <param name="place">Where the edges come from, for messages.</param>
public sealed class ConnectionsBuilder(int sources, int targets, EdgeFactors factors, Place place = default)
{
    /// <summary>
    /// Builds the connections. They come in ascending order of delay, then of target, then of weight, whatever the order of the edges.
    /// A delay is rounded to the nearest step.
    /// </summary>
    /// <param name="read">Starts reading the edges from the first one; called twice.</param>
    /// <param name="known">How many there are, where that is known before they are read.</param>
    /// <exception cref="DiagnosticException">
    /// BM3215: a node outside of its population; BM3216: a weight that is not finite; BM3217: a delay that is not finite, negative or
    /// longer than 65535 steps; BM3218: more connections than one projection can hold; BM4320: the two readings differ, or a chunk's
    /// arrays differ in length.
    /// </exception>
    public Connections Build(Func<IEnumerable<EdgeChunk>> read, long? known = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        CheckCount(known ?? 0);
        var rowStart = Count(read());
        var count = rowStart[^1];
        var connections = new Connections(
            sources, targets, rowStart, new int[count], new float[count], factors.Delay is null ? null : new ushort[count]);
        Fill(connections, read());
        ConnectionOrder.Sort(connections);
        return connections;
    }

    private void CheckCount(long count)
    {
        if (count > Array.MaxLength)
        {
            throw new DiagnosticException(
                "BM3218", Text($"there are {count} connections or more"), place, Text($"at most {Array.MaxLength} in one projection"),
                "divide the projection among several populations");
        }
    }

    private long[] Count(IEnumerable<EdgeChunk> chunks)
    {
        var rowStart = new long[sources + 1];
        var before = 0L;
        foreach (var chunk in chunks)
        {
            CheckLengths(chunk);
            var from = chunk.Sources.Span;
            var to = chunk.Targets.Span;
            for (var i = 0; i < from.Length; i++)
            {
                CheckNode("source", from[i], sources, before + i);
                CheckNode("target", to[i], targets, before + i);
                rowStart[from[i] + 1]++;
            }

            before += from.Length;
            CheckCount(before);
        }

        for (var source = 0; source < sources; source++)
        {
            rowStart[source + 1] += rowStart[source];
        }

        return rowStart;
    }

    private void Fill(Connections connections, IEnumerable<EdgeChunk> chunks)
    {
        var next = connections.RowStart.AsSpan(0, sources).ToArray();
        var before = 0L;
        foreach (var chunk in chunks)
        {
            CheckLengths(chunk);
            var from = chunk.Sources.Span;
            var to = chunk.Targets.Span;
            var weights = chunk.Weights.Span;
            var delays = chunk.Delays.Span;
            for (var i = 0; i < from.Length; i++)
            {
                var source = from[i];
                if ((uint)source >= (uint)sources || (uint)to[i] >= (uint)targets || next[source] == connections.RowStart[source + 1])
                {
                    throw OtherEdges(before + i);
                }

                var at = next[source]++;
                connections.Target[at] = to[i];
                connections.Weight[at] = Weight(weights[i], before + i);
                if (connections.Delay is { } steps)
                {
                    steps[at] = Steps(delays[i], before + i);
                }
            }

            before += from.Length;
        }

        if (before != connections.Count)
        {
            throw OtherEdges(before);
        }
    }

    private float Weight(float given, long edge)
    {
        var weight = (float)(given * factors.Weight);
        return float.IsFinite(weight) ? weight : throw Fault("BM3216", Text($"the weight of edge {edge} is {given}"), "a finite number");
    }

    private ushort Steps(float given, long edge)
    {
        var steps = Math.Round(given * factors.Delay!.Value);
        return steps is >= 0 and <= ushort.MaxValue ? (ushort)steps : throw Fault(
            "BM3217", Text($"the delay of edge {edge} is {given}, which is {steps} steps"), Text($"a delay of 0 to {ushort.MaxValue} steps"));
    }

    private void CheckNode(string end, int node, int count, long edge)
    {
        if ((uint)node >= (uint)count)
        {
            throw new DiagnosticException(
                "BM3215", Text($"the {end} of edge {edge} is node {node}"), place, Text($"a node of 0 to {count - 1}: the {end} population has {count} units"),
                $"make the {end} population as large as the connectome, or choose other connections");
        }
    }

    private void CheckLengths(EdgeChunk chunk)
    {
        var length = chunk.Sources.Length;
        if (chunk.Targets.Length != length || chunk.Weights.Length != length || (factors.Delay is not null && chunk.Delays.Length != length))
        {
            throw new DiagnosticException(
                "BM4320", Text($"a chunk has {length} sources, {chunk.Targets.Length} targets, {chunk.Weights.Length} weights and {chunk.Delays.Length} delays"),
                place, "arrays of one length", "mend the connectome's loader");
        }
    }

    private DiagnosticException OtherEdges(long edge) => new(
        "BM4320", Text($"edge {edge} differs between two readings of the edges"), place, "the same edges at every reading", "mend the connectome's loader");

    private DiagnosticException Fault(string id, string problem, string expected) => new(id, problem, place, expected, "mend the connectome's file");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
