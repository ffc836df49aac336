using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>
/// All to all: weights are [source][target], a row padded to the stride with zeros. What was sent is carried row by row; where so much was sent in whole vectors of lanes that
/// products for all lanes take less, by those. How much was sent in the step decides it, and nothing else.
/// </summary>
internal sealed unsafe class DenseTransmission<T>(int sources, int targets, int lanes, UnitRange? range = null) : Transmission<T>(sources, targets, lanes, range)
    where T : unmanaged, INumberBase<T>
{
    private const int Rows = 4;
    private const int TargetsAtATime = 8;
    private const int SourcesAtATime = 128;
    private const int VectorsAtATime = 8;

    /// <summary>From which share of lanes with something sent on products for all lanes take less.</summary>
    private const double Crowded = 0.5;

    /// <summary>For each lane, the active units and their values, [lane][number].</summary>
    private readonly int[] rowOf = new int[sources * lanes];
    private readonly T[] valueOf = new T[sources * lanes];
    private readonly int[] found = new int[lanes];
    private readonly int width = StrideOf(range?.Count ?? targets);
    private readonly GradientBlock<T>? ofOneLane = lanes == 1 ? new(sources, StrideOf(targets)) : null;
    private readonly DenseAdjoint<T> adjoint = new(sources, targets, lanes);

    /// <summary>Lanes gather their sums first, and how many units sent something decides how they are added.</summary>
    public override bool AddsOneByOne => Lanes == 1;

    public override long Bytes => (ofOneLane?.Bytes ?? 0) + adjoint.Bytes;

    public override void Forward(T* weights, in Events<T> events, T* port, T* scratch)
    {
        if (events.Count == 0)
        {
            return;
        }

        weights += Range.First;
        if (Lanes == 1)
        {
            AddRows(weights, port, events.Units, events.Values, events.Count);
            return;
        }

        if (IsCrowded(events))
        {
            ForwardVectors(weights, events, port);
            return;
        }

        new Span<T>(scratch, Lanes * Stride).Clear();
        Gather(events);
        fixed (int* rows = rowOf)
        {
            fixed (T* values = valueOf)
            {
                for (var lane = 0; lane < Lanes; lane++)
                {
                    AddRows(weights, scratch + ((long)lane * Stride), rows + (lane * Sources), values + (lane * Sources), found[lane]);
                }
            }
        }

        LaneTranspose.Add(scratch, port, Range.Count, Lanes, Stride);
    }

    public override bool IsByLanes(in Needed needed) => adjoint.IsByLanes(needed);

    public override void BeginBackward(T* weights, bool isAllNeeded) => adjoint.Begin(weights, isAllNeeded);

    public override void Backward(T* weights, T* port, T* transposed, T* sent, in Needed needed) => adjoint.Add(weights, port, transposed, sent, needed);

    public override void BeginGradient() => ofOneLane?.Clear();

    public override void Gradient(T* gradient, in Events<T> events, T* transposed)
    {
        if (ofOneLane is not null)
        {
            ofOneLane.Keep(gradient, events, transposed);
            return;
        }

        var (first, isCrowded) = (0, IsCrowded(events));
        for (; isCrowded && first + Rows <= events.Count; first += Rows)
        {
            for (var k = 0; k < Stride; k += Vector512<T>.Count)
            {
                AddOuter(gradient + k, events.Units + first, transposed + k, events.Values + ((long)first * Lanes));
            }
        }

        var active = stackalloc int[Lanes];
        var sent = stackalloc T[Lanes];
        var values = events.Values + ((long)first * Lanes);
        for (var i = first; i < events.Count; i++, values += Lanes)
        {
            var count = 0;
            for (var bits = events.Masks[i]; bits != 0; bits &= bits - 1, count++)
            {
                var lane = BitOperations.TrailingZeroCount(bits);
                (active[count], sent[count]) = (lane, values[lane]);
            }

            AddRows(transposed, gradient + ((long)events.Units[i] * Stride), active, sent, count);
        }
    }

    public override void EndGradient(T* gradient) => ofOneLane?.Add(gradient);

    public override void Gradient(T* gradient, T* sent, T* port, T* scratch)
    {
        LaneTranspose.Write(port, scratch, Targets, Lanes, Stride);
        var units = stackalloc int[Rows];
        for (var k = 0; k < Stride; k += Vector512<T>.Count)
        {
            var source = 0;
            for (; source + Rows <= Sources; source += Rows)
            {
                (units[0], units[1], units[2], units[3]) = (source, source + 1, source + 2, source + 3);
                AddOuter(gradient + k, units, scratch + k, sent + ((long)source * Lanes));
            }

            for (; source < Sources; source++)
            {
                var to = gradient + ((long)source * Stride) + k;
                var sum = Vector512<T>.Zero;
                for (var lane = 0; lane < Lanes; lane++)
                {
                    sum = Vectors.MultiplyAdd(Vector512.Create(sent[((long)source * Lanes) + lane]), Vector512.Load(scratch + ((long)lane * Stride) + k), sum);
                }

                (Vector512.Load(to) + sum).Store(to);
            }
        }
    }

    /// <summary>Sorts what was sent by lanes.</summary>
    private void Gather(in Events<T> events)
    {
        Array.Clear(found);
        var values = events.Values;
        for (var i = 0; i < events.Count; i++, values += Lanes)
        {
            for (var bits = events.Masks[i]; bits != 0; bits &= bits - 1)
            {
                var lane = BitOperations.TrailingZeroCount(bits);
                var place = (lane * Sources) + found[lane]++;
                (rowOf[place], valueOf[place]) = (events.Units[i], values[lane]);
            }
        }
    }

    /// <summary>Adds rows times values to another, eight vectors at a time, whose sums stay in registers while all rows pass.</summary>
    private void AddRows(T* rows, T* sum, int* numbers, T* values, int count)
    {
        var k = 0;
        for (; k + (VectorsAtATime * Vector512<T>.Count) <= width; k += VectorsAtATime * Vector512<T>.Count)
        {
            AddParts(rows + k, sum + k, numbers, values, count);
        }

        if (k < width)
        {
            AddRest(rows + k, sum + k, width - k, numbers, values, count);
        }
    }

    /// <summary>The same for a few vectors, four rows at a time.</summary>
    private void AddRest(T* rows, T* sum, int rest, int* numbers, T* values, int count)
    {
        var i = 0;
        for (; i + Rows <= count; i += Rows)
        {
            var a = rows + ((long)numbers[i] * Stride);
            var b = rows + ((long)numbers[i + 1] * Stride);
            var c = rows + ((long)numbers[i + 2] * Stride);
            var d = rows + ((long)numbers[i + 3] * Stride);
            var (va, vb, vc, vd) = (Vector512.Create(values[i]), Vector512.Create(values[i + 1]), Vector512.Create(values[i + 2]), Vector512.Create(values[i + 3]));
            for (var k = 0; k < rest; k += Vector512<T>.Count)
            {
                var s = Vectors.MultiplyAdd(va, Vector512.Load(a + k), Vector512.Load(sum + k));
                s = Vectors.MultiplyAdd(vb, Vector512.Load(b + k), s);
                s = Vectors.MultiplyAdd(vc, Vector512.Load(c + k), s);
                Vectors.MultiplyAdd(vd, Vector512.Load(d + k), s).Store(sum + k);
            }
        }

        for (; i < count; i++)
        {
            var row = rows + ((long)numbers[i] * Stride);
            for (var k = 0; k < rest; k += Vector512<T>.Count)
            {
                Vectors.MultiplyAdd(Vector512.Create(values[i]), Vector512.Load(row + k), Vector512.Load(sum + k)).Store(sum + k);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddParts(T* rows, T* sum, int* numbers, T* values, int count)
    {
        var (a, b, c, d) = (Vector512.Load(sum), Vector512.Load(sum + Vector512<T>.Count), Vector512.Load(sum + (2 * Vector512<T>.Count)), Vector512.Load(sum + (3 * Vector512<T>.Count)));
        var (e, f, g, h) = (Vector512.Load(sum + (4 * Vector512<T>.Count)), Vector512.Load(sum + (5 * Vector512<T>.Count)), Vector512.Load(sum + (6 * Vector512<T>.Count)), Vector512.Load(sum + (7 * Vector512<T>.Count)));
        for (var i = 0; i < count; i++)
        {
            var row = rows + ((long)numbers[i] * Stride);
            var v = Vector512.Create(values[i]);
            a = Vectors.MultiplyAdd(v, Vector512.Load(row), a);
            b = Vectors.MultiplyAdd(v, Vector512.Load(row + Vector512<T>.Count), b);
            c = Vectors.MultiplyAdd(v, Vector512.Load(row + (2 * Vector512<T>.Count)), c);
            d = Vectors.MultiplyAdd(v, Vector512.Load(row + (3 * Vector512<T>.Count)), d);
            e = Vectors.MultiplyAdd(v, Vector512.Load(row + (4 * Vector512<T>.Count)), e);
            f = Vectors.MultiplyAdd(v, Vector512.Load(row + (5 * Vector512<T>.Count)), f);
            g = Vectors.MultiplyAdd(v, Vector512.Load(row + (6 * Vector512<T>.Count)), g);
            h = Vectors.MultiplyAdd(v, Vector512.Load(row + (7 * Vector512<T>.Count)), h);
        }

        a.Store(sum);
        b.Store(sum + Vector512<T>.Count);
        c.Store(sum + (2 * Vector512<T>.Count));
        d.Store(sum + (3 * Vector512<T>.Count));
        e.Store(sum + (4 * Vector512<T>.Count));
        f.Store(sum + (5 * Vector512<T>.Count));
        g.Store(sum + (6 * Vector512<T>.Count));
        h.Store(sum + (7 * Vector512<T>.Count));
    }

    /// <summary>Adds, to one vector of the rows of four sources, the sum over lanes of what each sent times the lane's adjoint.</summary>
    private void AddOuter(T* gradient, int* units, T* adjoint, T* sent)
    {
        var (a, b, c, d) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        for (var lane = 0; lane < Lanes; lane++, adjoint += Stride)
        {
            var x = Vector512.Load(adjoint);
            a = Vectors.MultiplyAdd(Vector512.Create(sent[lane]), x, a);
            b = Vectors.MultiplyAdd(Vector512.Create(sent[Lanes + lane]), x, b);
            c = Vectors.MultiplyAdd(Vector512.Create(sent[(2 * Lanes) + lane]), x, c);
            d = Vectors.MultiplyAdd(Vector512.Create(sent[(3 * Lanes) + lane]), x, d);
        }

        AddTo(gradient + ((long)units[0] * Stride), a);
        AddTo(gradient + ((long)units[1] * Stride), b);
        AddTo(gradient + ((long)units[2] * Stride), c);
        AddTo(gradient + ((long)units[3] * Stride), d);
    }

    private bool IsCrowded(in Events<T> events)
    {
        if (Lanes % Vector512<T>.Count != 0 || events.Count < Crowded * Sources)
        {
            return false;
        }

        var sent = 0L;
        for (var i = 0; i < events.Count; i++)
        {
            sent += BitOperations.PopCount(events.Masks[i]);
        }

        return sent >= Crowded * Sources * Lanes;
    }

    /// <summary>Sums for all lanes, of so many sources at a time that their part of the weights stays in the nearest cache while all targets pass.</summary>
    private void ForwardVectors(T* weights, in Events<T> events, T* port)
    {
        for (var first = 0; first < events.Count; first += SourcesAtATime)
        {
            var units = events.Units + first;
            var values = events.Values + ((long)first * Lanes);
            var (count, target) = (Math.Min(SourcesAtATime, events.Count - first), 0);
            for (; target + TargetsAtATime <= Range.Count; target += TargetsAtATime)
            {
                for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
                {
                    AddProducts(weights + target, units, values + lane, count, port + ((long)target * Lanes) + lane);
                }
            }

            for (; target < Range.Count; target++)
            {
                for (var lane = 0; lane < Lanes; lane += Vector512<T>.Count)
                {
                    var sum = Vector512<T>.Zero;
                    for (var i = 0; i < count; i++)
                    {
                        sum = Vectors.MultiplyAdd(Vector512.Create(weights[((long)units[i] * Stride) + target]), Vector512.Load(values + ((long)i * Lanes) + lane), sum);
                    }

                    AddTo(port + ((long)target * Lanes) + lane, sum);
                }
            }
        }
    }

    /// <summary>Adds to one vector of lanes of eight targets the sum over sources of weights times what they sent.</summary>
    private void AddProducts(T* weights, int* units, T* values, int count, T* port)
    {
        var (a, b, c, d) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        var (e, f, g, h) = (Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero, Vector512<T>.Zero);
        for (var i = 0; i < count; i++, values += Lanes)
        {
            var w = weights + ((long)units[i] * Stride);
            var x = Vector512.Load(values);
            a = Vectors.MultiplyAdd(Vector512.Create(w[0]), x, a);
            b = Vectors.MultiplyAdd(Vector512.Create(w[1]), x, b);
            c = Vectors.MultiplyAdd(Vector512.Create(w[2]), x, c);
            d = Vectors.MultiplyAdd(Vector512.Create(w[3]), x, d);
            e = Vectors.MultiplyAdd(Vector512.Create(w[4]), x, e);
            f = Vectors.MultiplyAdd(Vector512.Create(w[5]), x, f);
            g = Vectors.MultiplyAdd(Vector512.Create(w[6]), x, g);
            h = Vectors.MultiplyAdd(Vector512.Create(w[7]), x, h);
        }

        AddTo(port, a);
        AddTo(port + Lanes, b);
        AddTo(port + (2L * Lanes), c);
        AddTo(port + (3L * Lanes), d);
        AddTo(port + (4L * Lanes), e);
        AddTo(port + (5L * Lanes), f);
        AddTo(port + (6L * Lanes), g);
        AddTo(port + (7L * Lanes), h);
    }

    private static void AddTo(T* place, Vector512<T> sum) => (Vector512.Load(place) + sum).Store(place);
}
