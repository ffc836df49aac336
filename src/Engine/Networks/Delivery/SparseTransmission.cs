using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Compressed sparse rows of connections with one delay.</summary>
/// <param name="connections">The connections of the projection.</param>
/// <param name="rows">Those with this delay.</param>
/// <param name="isShared">Whether all connections of the projection have one weight.</param>
/// <param name="lanes">How many lanes.</param>
/// <param name="part">What of them it carries.</param>
/// <param name="shortTarget">The targets in half as many bytes; null where there are more targets than these can tell, or several lanes.</param>
internal sealed unsafe class SparseTransmission<T>(Connections connections, RowPart rows, bool isShared, int lanes, RowPart part, ushort[]? shortTarget = null)
    : Transmission<T>(connections.Sources, connections.Targets, lanes, part.Range)
    where T : unmanaged, INumberBase<T>
{
    private const int RowsAhead = 8;
    private const int PlacesAhead = 16;

    private readonly int[] target = connections.Target;
    private readonly bool isVector = lanes % Vector512<T>.Count == 0;

    public override void Forward(T* weights, in Events<T> events, T* port, T* scratch)
    {
        port -= (long)Range.First * Lanes;
        if (Lanes == 1)
        {
            if (shortTarget is not null)
            {
                ForwardSingle(shortTarget, weights, events, port);
            }
            else
            {
                ForwardSingle(target, weights, events, port);
            }

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

    public override void Backward(T* weights, T* port, T* transposed, T* sent, in Needed needed)
    {
        if (Lanes == 1 && !isShared)
        {
            BackwardSingle(weights, port, sent, needed);
            return;
        }

        for (var i = 0; i < needed.Count; i++)
        {
            var source = needed.Unit(i);
            var (edge, end) = rows.Extent(source);
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

    public override void Gradient(T* gradient, in Events<T> events, T* transposed)
    {
        if (Lanes == 1)
        {
            GradientSingle(gradient, events, transposed);
            return;
        }

        var values = events.Values;
        for (var i = 0; i < events.Count; i++, values += Lanes)
        {
            var (start, end) = rows.Extent(events.Units[i]);
            for (var bits = events.Masks[i]; bits != 0; bits &= bits - 1)
            {
                var lane = BitOperations.TrailingZeroCount(bits);
                var value = values[lane];
                var adjoint = transposed + ((long)lane * Stride);
                for (var edge = start; edge < end; edge++)
                {
                    gradient[edge] += value * adjoint[target[edge]];
                }
            }
        }
    }

    public override void Gradient(T* gradient, T* sent, T* port, T* scratch)
    {
        for (var source = 0; source < Sources; source++)
        {
            var values = sent + ((long)source * Lanes);
            var (edge, end) = rows.Extent(source);
            for (; edge < end; edge++)
            {
                gradient[edge] += Dot(values, port + ((long)target[edge] * Lanes));
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

    public override void Ask(T* weights, in Events<T> events)
    {
        if (Lanes > 1)
        {
            return;
        }

        if (shortTarget is not null)
        {
            AskFirst(shortTarget, weights, events);
        }
        else
        {
            AskFirst(target, weights, events);
        }
    }

    private void AskFirst<TTarget>(TTarget[] to, T* weights, in Events<T> events)
        where TTarget : unmanaged
    {
        fixed (TTarget* targets = to)
        fixed (long* table = part.Table)
        {
            for (var i = 0; i < Math.Min(RowsAhead, events.Count); i++)
            {
                Ask(weights, targets, table + part.First + ((long)events.Units[i] * part.Stride));
            }
        }
    }

    /// <summary>One lane. Rows lie far apart, so that those of later events are asked for before they are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardSingle<TTarget>(TTarget[] to, T* weights, in Events<T> events, T* port)
        where TTarget : unmanaged
    {
        fixed (TTarget* targets = to)
        fixed (long* table = part.Table)
        {
            var places = table + part.First;
            var stride = (long)part.Stride;
            for (var i = 0; i < events.Count; i++)
            {
                if (i + PlacesAhead < events.Count)
                {
                    Sse.Prefetch0(places + (events.Units[i + PlacesAhead] * stride));
                }

                if (i + RowsAhead < events.Count)
                {
                    Ask(weights, targets, places + (events.Units[i + RowsAhead] * stride));
                }

                var place = places + (events.Units[i] * stride);
                var (start, end) = (place[0], place[1]);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void BackwardSingle(T* weights, T* port, T* sent, in Needed needed)
    {
        fixed (int* targets = target)
        fixed (long* table = rows.Table)
        {
            var places = table + rows.First;
            for (var i = 0; i < needed.Count; i++)
            {
                if (needed.Units is not null)
                {
                    AskAhead(weights, targets, places, rows.Stride, needed.Units, i, needed.Count);
                }

                var source = needed.Unit(i);
                var place = places + ((long)source * rows.Stride);
                sent[source] += GatheredRows.Dot(weights + place[0], port, targets + place[0], (int)(place[1] - place[0]));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void GradientSingle(T* gradient, in Events<T> events, T* adjoint)
    {
        fixed (int* targets = target)
        fixed (long* table = rows.Table)
        {
            var places = table + rows.First;
            for (var i = 0; i < events.Count; i++)
            {
                AskAhead(gradient, targets, places, rows.Stride, events.Units, i, events.Count);
                var place = places + ((long)events.Units[i] * rows.Stride);
                GatheredRows.Add(events.Values[i], adjoint, targets + place[0], gradient + place[0], (int)(place[1] - place[0]));
            }
        }
    }

    /// <summary>Has the rows of later units fetched; with the first unit those of the first ones, too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AskAhead(T* weights, int* targets, long* places, long stride, int* units, int i, int count)
    {
        if (i + PlacesAhead < count)
        {
            Sse.Prefetch0(places + (units[i + PlacesAhead] * stride));
        }

        for (var ahead = i == 0 ? 1 : RowsAhead; ahead <= RowsAhead && i + ahead < count; ahead++)
        {
            Ask(weights, targets, places + (units[i + ahead] * stride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Ask<TTarget>(T* weights, TTarget* targets, long* place)
        where TTarget : unmanaged
    {
        var (start, end) = (place[0], place[1]);
        CacheLines.Ask(targets + start, targets + end);
        if (!isShared)
        {
            CacheLines.Ask(weights + start, weights + end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddShared<TTarget>(T amount, TTarget* to, TTarget* end, T* port)
        where TTarget : unmanaged
    {
        for (; to < end; to++)
        {
            port[Number(to)] += amount;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddEach<TTarget>(T value, T* weights, TTarget* targets, long edge, long end, T* port)
        where TTarget : unmanaged
    {
        for (; edge < end; edge++)
        {
            port[Number(targets + edge)] += value * weights[edge];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Number<TTarget>(TTarget* to)
        where TTarget : unmanaged => sizeof(TTarget) == sizeof(ushort) ? *(ushort*)to : *(int*)to;

    private T Weight(T* weights, long edge) => weights[isShared ? 0 : edge];

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
