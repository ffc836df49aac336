using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Compressed sparse rows of connections with one delay. Weights are the whole projection's; a slice of it says which are its own.</summary>
/// <param name="connections">The connections of this slice.</param>
/// <param name="weightOf">The place of each connection's weight in the projection; null where it is the connection's own number.</param>
/// <param name="isShared">Whether all connections of the projection have one weight.</param>
/// <param name="lanes">How many lanes.</param>
/// <param name="part">The part of every row that it carries; null for the whole.</param>
internal sealed unsafe class SparseTransmission<T>(Connections connections, int[]? weightOf, bool isShared, int lanes, RowPart? part = null)
    : Transmission<T>(connections.Sources, connections.Targets, lanes, part?.Range)
    where T : unmanaged, INumberBase<T>
{
    private const int RowsAhead = 8;
    private const int PlacesAhead = 16;
    private const int LineBytes = 64;

    private readonly long[] rowStart = connections.RowStart;
    private readonly int[] target = connections.Target;
    private readonly RowPart part = part ?? RowPart.Whole(connections);
    private readonly bool isVector = lanes % Vector512<T>.Count == 0;

    public override void Forward(T* weights, Events<T> events, T* port, T* scratch)
    {
        port -= (long)Range.First * Lanes;
        if (Lanes == 1)
        {
            ForwardSingle(weights, events, port);
            return;
        }

        var values = events.Values;
        for (var i = 0; i < events.Count; i++, values += Lanes)
        {
            var (edge, end) = part.Extent(events.Units[i]);
            if (isVector)
            {
                ForwardVectors(weights, values, port, edge, end);
                continue;
            }

            for (; edge < end; edge++)
            {
                var w = Weight(weights, edge);
                var sums = port + ((long)target[edge] * Lanes);
                for (var lane = 0; lane < Lanes; lane++)
                {
                    sums[lane] += w * values[lane];
                }
            }
        }
    }

    public override void Backward(T* weights, T* port, T* sent, int* needed, int count)
    {
        for (var i = 0; i < (needed is null ? Sources : count); i++)
        {
            var source = needed is null ? i : needed[i];
            var (edge, end) = (rowStart[source], rowStart[source + 1]);
            var sums = sent + ((long)source * Lanes);
            if (isVector)
            {
                BackwardVectors(weights, port, sums, edge, end);
                continue;
            }

            for (; edge < end; edge++)
            {
                var w = Weight(weights, edge);
                var adjoint = port + ((long)target[edge] * Lanes);
                for (var lane = 0; lane < Lanes; lane++)
                {
                    sums[lane] += w * adjoint[lane];
                }
            }
        }
    }

    public override void Gradient(T* gradient, Events<T> events, T* transposed)
    {
        var values = events.Values;
        for (var i = 0; i < events.Count; i++, values += Lanes)
        {
            var (start, end) = (rowStart[events.Units[i]], rowStart[events.Units[i] + 1]);
            for (var bits = events.Masks[i]; bits != 0; bits &= bits - 1)
            {
                var lane = BitOperations.TrailingZeroCount(bits);
                var value = values[lane];
                var adjoint = transposed + ((long)lane * Stride);
                for (var edge = start; edge < end; edge++)
                {
                    gradient[weightOf is null ? edge : weightOf[edge]] += value * adjoint[target[edge]];
                }
            }
        }
    }

    public override void Gradient(T* gradient, T* sent, T* port, T* scratch)
    {
        for (var source = 0; source < Sources; source++)
        {
            var values = sent + ((long)source * Lanes);
            for (var edge = rowStart[source]; edge < rowStart[source + 1]; edge++)
            {
                gradient[weightOf is null ? edge : weightOf[edge]] += Dot(values, port + ((long)target[edge] * Lanes));
            }
        }
    }

    private T Dot(T* a, T* b)
    {
        var (sums, sum, lane) = (Vector512<T>.Zero, T.Zero, 0);
        for (; lane + Vector512<T>.Count <= Lanes; lane += Vector512<T>.Count)
        {
            sums = Vectors.MultiplyAdd(Vector512.Load(a + lane), Vector512.Load(b + lane), sums);
        }

        for (; lane < Lanes; lane++)
        {
            sum += a[lane] * b[lane];
        }

        return Vectors.Sum(sums) + sum;
    }

    public override void Ask(T* weights, Events<T> events)
    {
        if (Lanes > 1)
        {
            return;
        }

        fixed (int* targets = target)
        fixed (long* starts = part.Starts)
        fixed (long* ends = part.Ends)
        {
            for (var i = 0; i < Math.Min(RowsAhead, events.Count); i++)
            {
                Ask(weights, targets, starts, ends, events.Units[i]);
            }
        }
    }

    /// <summary>One lane. Rows lie far apart, so that those of later events are asked for before they are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardSingle(T* weights, Events<T> events, T* port)
    {
        fixed (int* targets = target)
        fixed (long* starts = part.Starts)
        fixed (long* ends = part.Ends)
        {
            for (var i = 0; i < events.Count; i++)
            {
                if (i + PlacesAhead < events.Count)
                {
                    Sse.Prefetch0(starts + events.Units[i + PlacesAhead]);
                }

                if (i + RowsAhead < events.Count)
                {
                    Ask(weights, targets, starts, ends, events.Units[i + RowsAhead]);
                }

                var unit = events.Units[i];
                var (start, end) = (starts[unit], ends[unit + part.EndOffset]);
                if (isShared)
                {
                    AddShared(weights[0] * events.Values[i], targets + start, targets + end, port);
                }
                else
                {
                    AddEach(events.Values[i], weights, targets, start, end, port);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ask(T* weights, int* targets, long* starts, long* ends, int source)
    {
        var (start, end) = (starts[source], ends[source + part.EndOffset]);
        Ask(targets + start, targets + end);
        if (!isShared && weightOf is null)
        {
            Ask(weights + start, weights + end);
        }
    }

    /// <summary>Has lines of memory fetched.</summary>
    private static void Ask(void* start, void* end)
    {
        for (var line = (byte*)start; line < end; line += LineBytes)
        {
            Sse.Prefetch0(line);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddShared(T amount, int* to, int* end, T* port)
    {
        for (; to < end; to++)
        {
            port[*to] += amount;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddEach(T value, T* weights, int* targets, long edge, long end, T* port)
    {
        if (weightOf is not null)
        {
            for (; edge < end; edge++)
            {
                port[targets[edge]] += value * weights[weightOf[edge]];
            }

            return;
        }

        for (; edge < end; edge++)
        {
            port[targets[edge]] += value * weights[edge];
        }
    }

    private T Weight(T* weights, long edge) => weights[isShared ? 0 : weightOf is null ? edge : weightOf[edge]];

    private void ForwardVectors(T* weights, T* values, T* port, long edge, long end)
    {
        for (; edge < end; edge++)
        {
            var w = Vector512.Create(Weight(weights, edge));
            var sums = port + ((long)target[edge] * Lanes);
            for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
            {
                Vectors.MultiplyAdd(w, Vector512.Load(values + lane), Vector512.Load(sums + lane)).Store(sums + lane);
            }
        }
    }

    private void BackwardVectors(T* weights, T* port, T* sums, long start, long end)
    {
        for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
        {
            var (even, odd, edge) = (Vector512.Load(sums + lane), Vector512<T>.Zero, start);
            for (; edge + 1 < end; edge += 2)
            {
                even = Vectors.MultiplyAdd(Vector512.Create(Weight(weights, edge)), Vector512.Load(port + ((long)target[edge] * Lanes) + lane), even);
                odd = Vectors.MultiplyAdd(Vector512.Create(Weight(weights, edge + 1)), Vector512.Load(port + ((long)target[edge + 1] * Lanes) + lane), odd);
            }

            if (edge < end)
            {
                even = Vectors.MultiplyAdd(Vector512.Create(Weight(weights, edge)), Vector512.Load(port + ((long)target[edge] * Lanes) + lane), even);
            }

            (even + odd).Store(sums + lane);
        }
    }
}
