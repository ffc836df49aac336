using System.Numerics;
using System.Runtime.Intrinsics;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>All to all: weights are [source][target], a row padded to the stride with zeros. Only what was sent costs anything on the way forward.</summary>
internal sealed unsafe class DenseTransmission<T>(int sources, int targets, int lanes) : Transmission<T>(sources, targets, lanes)
    where T : unmanaged, INumberBase<T>
{
    private const int Rows = 4;

    /// <summary>For each lane, the active units and their values, [lane][number].</summary>
    private readonly int[] rowOf = new int[sources * lanes];
    private readonly T[] valueOf = new T[sources * lanes];
    private readonly int[] found = new int[lanes];

    public override void Forward(T* weights, EventLog<T> log, int step, T* port, T* scratch)
    {
        var count = log.Count(step);
        if (count == 0)
        {
            return;
        }

        var units = log.Units(step);
        var values = log.Values(step);
        var sums = Lanes == 1 ? port : scratch;
        if (Lanes > 1)
        {
            new Span<T>(scratch, Lanes * Stride).Clear();
        }

        Gather(units, log.Masks(step), values, count);
        for (var lane = 0; lane < Lanes; lane++)
        {
            AddRows(weights, sums + ((long)lane * Stride), lane * Sources, found[lane]);
        }

        if (Lanes > 1)
        {
            LaneTranspose.Add(scratch, port, Targets, Lanes, Stride);
        }
    }

    public override void Backward(T* weights, T* port, T* sent, int* needed, int count)
    {
        count = needed is null ? Sources : count;
        if (Lanes == 1)
        {
            BackwardSingle(weights, port, sent, needed, count);
            return;
        }

        if (Lanes % Vector512<T>.Count == 0)
        {
            BackwardVectors(weights, port, sent, needed, count);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            var source = needed is null ? i : needed[i];
            var row = weights + ((long)source * Stride);
            for (var target = 0; target < Targets; target++)
            {
                for (var lane = 0; lane < Lanes; lane++)
                {
                    sent[((long)source * Lanes) + lane] += row[target] * port[((long)target * Lanes) + lane];
                }
            }
        }
    }

    public override void Gradient(T* gradient, EventLog<T> log, int step, T* transposed)
    {
        var count = log.Count(step);
        var units = log.Units(step);
        var values = log.Values(step);
        var masks = log.Masks(step);
        for (var i = 0; i < count; i++, values += Lanes)
        {
            var row = gradient + ((long)units[i] * Stride);
            for (var bits = masks[i]; bits != 0; bits &= bits - 1)
            {
                var lane = BitOperations.TrailingZeroCount(bits);
                AddScaled(row, transposed + ((long)lane * Stride), values[lane]);
            }
        }
    }

    /// <summary>Sorts what was sent by lanes.</summary>
    private void Gather(int* units, ulong* masks, T* values, int count)
    {
        Array.Clear(found);
        for (var i = 0; i < count; i++, values += Lanes)
        {
            for (var bits = masks[i]; bits != 0; bits &= bits - 1)
            {
                var lane = BitOperations.TrailingZeroCount(bits);
                var place = (lane * Sources) + found[lane]++;
                (rowOf[place], valueOf[place]) = (units[i], values[lane]);
            }
        }
    }

    /// <summary>Adds the weight rows of one lane's units, four at a time.</summary>
    private void AddRows(T* weights, T* sum, int first, int count)
    {
        var (i, end) = (first, first + count);
        for (; i + Rows <= end; i += Rows)
        {
            var a = Row(weights, i);
            var b = Row(weights, i + 1);
            var c = Row(weights, i + 2);
            var d = Row(weights, i + 3);
            var (va, vb, vc, vd) = (Spread(i), Spread(i + 1), Spread(i + 2), Spread(i + 3));
            for (var k = 0; k < Stride; k += Vector512<T>.Count)
            {
                var s = Vector512.Load(sum + k);
                s = Vectors.MultiplyAdd(va, Vector512.Load(a + k), s);
                s = Vectors.MultiplyAdd(vb, Vector512.Load(b + k), s);
                s = Vectors.MultiplyAdd(vc, Vector512.Load(c + k), s);
                s = Vectors.MultiplyAdd(vd, Vector512.Load(d + k), s);
                s.Store(sum + k);
            }
        }

        for (; i < end; i++)
        {
            AddScaled(sum, Row(weights, i), valueOf[i]);
        }
    }

    private T* Row(T* weights, int i) => weights + ((long)rowOf[i] * Stride);

    private Vector512<T> Spread(int i) => Vector512.Create(valueOf[i]);

    private void AddScaled(T* sum, T* row, T value)
    {
        var v = Vector512.Create(value);
        for (var k = 0; k < Stride; k += Vector512<T>.Count)
        {
            Vectors.MultiplyAdd(v, Vector512.Load(row + k), Vector512.Load(sum + k)).Store(sum + k);
        }
    }

    /// <summary>The products of rows of weights with a port's adjoint of one lane, four rows at a time.</summary>
    private void BackwardSingle(T* weights, T* port, T* sent, int* needed, int count)
    {
        var i = 0;
        var whole = Targets / Vector512<T>.Count * Vector512<T>.Count;
        for (; i + Rows <= count; i += Rows)
        {
            var (j0, j1, j2, j3) = needed is null ? (i, i + 1, i + 2, i + 3) : (needed[i], needed[i + 1], needed[i + 2], needed[i + 3]);
            var w0 = weights + ((long)j0 * Stride);
            var w1 = weights + ((long)j1 * Stride);
            var w2 = weights + ((long)j2 * Stride);
            var w3 = weights + ((long)j3 * Stride);
            var (s0, s1, s2, s3) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
            for (var k = 0; k < whole; k += Vector512<T>.Count)
            {
                var v = Vector512.Load(port + k);
                s0 = Vectors.MultiplyAdd(Vector512.Load(w0 + k), v, s0);
                s1 = Vectors.MultiplyAdd(Vector512.Load(w1 + k), v, s1);
                s2 = Vectors.MultiplyAdd(Vector512.Load(w2 + k), v, s2);
                s3 = Vectors.MultiplyAdd(Vector512.Load(w3 + k), v, s3);
            }

            sent[j0] += Vector512.Sum(s0) + Rest(w0, port, whole);
            sent[j1] += Vector512.Sum(s1) + Rest(w1, port, whole);
            sent[j2] += Vector512.Sum(s2) + Rest(w2, port, whole);
            sent[j3] += Vector512.Sum(s3) + Rest(w3, port, whole);
        }

        for (; i < count; i++)
        {
            var source = needed is null ? i : needed[i];
            sent[source] += Rest(weights + ((long)source * Stride), port, 0);
        }
    }

    private T Rest(T* row, T* port, int from)
    {
        var sum = T.Zero;
        for (var k = from; k < Targets; k++)
        {
            sum += row[k] * port[k];
        }

        return sum;
    }

    /// <summary>Four sources at a time, so that a load of the port's adjoint serves four products.</summary>
    private void BackwardVectors(T* weights, T* port, T* sent, int* needed, int count)
    {
        var i = 0;
        for (; i + Rows <= count; i += Rows)
        {
            var (j0, j1, j2, j3) = needed is null ? (i, i + 1, i + 2, i + 3) : (needed[i], needed[i + 1], needed[i + 2], needed[i + 3]);
            var w0 = weights + ((long)j0 * Stride);
            var w1 = weights + ((long)j1 * Stride);
            var w2 = weights + ((long)j2 * Stride);
            var w3 = weights + ((long)j3 * Stride);
            for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
            {
                var (s0, s1, s2, s3) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
                var a = port + lane;
                for (var k = 0; k < Targets; k++, a += Lanes)
                {
                    var v = Vector512.Load(a);
                    s0 = Vectors.MultiplyAdd(Vector512.Create(w0[k]), v, s0);
                    s1 = Vectors.MultiplyAdd(Vector512.Create(w1[k]), v, s1);
                    s2 = Vectors.MultiplyAdd(Vector512.Create(w2[k]), v, s2);
                    s3 = Vectors.MultiplyAdd(Vector512.Create(w3[k]), v, s3);
                }

                AddTo(sent, j0, lane, s0);
                AddTo(sent, j1, lane, s1);
                AddTo(sent, j2, lane, s2);
                AddTo(sent, j3, lane, s3);
            }
        }

        for (; i < count; i++)
        {
            var source = needed is null ? i : needed[i];
            var row = weights + ((long)source * Stride);
            for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
            {
                var sum = Vector512<T>.Zero;
                var a = port + lane;
                for (var k = 0; k < Targets; k++, a += Lanes)
                {
                    sum = Vectors.MultiplyAdd(Vector512.Create(row[k]), Vector512.Load(a), sum);
                }

                AddTo(sent, source, lane, sum);
            }
        }
    }

    private void AddTo(T* sent, int source, int lane, Vector512<T> sum)
    {
        var place = sent + ((long)source * Lanes) + lane;
        (Vector512.Load(place) + sum).Store(place);
    }
}
