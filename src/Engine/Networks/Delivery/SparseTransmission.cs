using System.Numerics;
using System.Runtime.Intrinsics;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Compressed sparse rows of connections with one delay. Weights are the whole projection's; a slice of it says which are its own.</summary>
/// <param name="connections">The connections of this slice.</param>
/// <param name="weightOf">The place of each connection's weight in the projection; null where it is the connection's own number.</param>
/// <param name="lanes">How many lanes.</param>
internal sealed unsafe class SparseTransmission<T>(Connections connections, int[]? weightOf, int lanes)
    : Transmission<T>(connections.Sources, connections.Targets, lanes)
    where T : unmanaged, INumberBase<T>
{
    private readonly long[] rowStart = connections.RowStart;
    private readonly int[] target = connections.Target;
    private readonly bool isVector = lanes % Vector512<T>.Count == 0;

    public override void Forward(T* weights, Events<T> events, T* port, T* scratch)
    {
        var values = events.Values;
        for (var i = 0; i < events.Count; i++, values += Lanes)
        {
            var (edge, end) = (rowStart[events.Units[i]], rowStart[events.Units[i] + 1]);
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

    private T Weight(T* weights, long edge) => weights[weightOf is null ? edge : weightOf[edge]];

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
