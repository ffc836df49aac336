using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Unit i to unit i, and to no other.</summary>
/// <param name="units">How many units.</param>
/// <param name="isShared">Whether all connections have one weight.</param>
/// <param name="lanes">How many lanes.</param>
/// <param name="range">The targets that it carries to; null for all.</param>
internal sealed unsafe class OneToOneTransmission<T>(int units, bool isShared, int lanes, UnitRange? range = null) : Transmission<T>(units, units, lanes, range)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Where all units sent something they are added as vectors, with other roundings.</summary>
    public override bool AddsOneByOne => false;

    public override void Forward(T* weights, in Events<T> events, T* port, T* scratch)
    {
        var values = events.Values;
        if (Lanes == 1 && isShared)
        {
            ForwardShared(weights[0], events, port);
            return;
        }

        if (Lanes == 1 && events.Count == Sources)
        {
            MultiplyAdd(weights + Range.First, values + Range.First, port, Range.Count);
            return;
        }

        port -= (long)Range.First * Lanes;
        for (var i = 0; i < events.Count; i++, values += Lanes)
        {
            var unit = events.Units[i];
            if (unit >= Range.First && unit < Range.End)
            {
                AddScaled(weights[isShared ? 0 : unit], values, port + ((long)unit * Lanes));
            }
        }
    }

    public override void Backward(T* weights, T* port, T* transposed, T* sent, in Needed needed)
    {
        if (Lanes == 1 && needed.Units is null && !isShared)
        {
            MultiplyAdd(weights, port, sent, Sources);
            return;
        }

        for (var i = 0; i < needed.Count; i++)
        {
            var unit = needed.Unit(i);
            AddScaled(weights[isShared ? 0 : unit], port + ((long)unit * Lanes), sent + ((long)unit * Lanes));
        }
    }

    public override void Gradient(T* gradient, T* sent, T* port, T* scratch)
    {
        for (var unit = 0; unit < Sources; unit++)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                gradient[unit] += sent[((long)unit * Lanes) + lane] * port[((long)unit * Lanes) + lane];
            }
        }
    }

    public override void Gradient(T* gradient, in Events<T> events, T* transposed)
    {
        var values = events.Values;
        for (var i = 0; i < events.Count; i++, values += Lanes)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                gradient[events.Units[i]] += values[lane] * transposed[((long)lane * Stride) + events.Units[i]];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void ForwardShared(T weight, in Events<T> events, T* port)
    {
        var (first, count) = (Range.First, (uint)Range.Count);
        for (var i = 0; i < events.Count; i++)
        {
            if ((uint)(events.Units[i] - first) < count)
            {
                port[events.Units[i] - first] += weight * events.Values[i];
            }
        }
    }

    private void AddScaled(T weight, T* x, T* sum)
    {
        var lane = 0;
        for (var w = Vector512.Create(weight); lane + Vector512<T>.Count <= Lanes; lane += Vector512<T>.Count)
        {
            Vectors.MultiplyAdd(w, Vector512.Load(x + lane), Vector512.Load(sum + lane)).Store(sum + lane);
        }

        for (; lane < Lanes; lane++)
        {
            sum[lane] += weight * x[lane];
        }
    }

    private static void MultiplyAdd(T* weights, T* x, T* sum, int count)
    {
        var i = 0;
        for (; i + Vector512<T>.Count <= count; i += Vector512<T>.Count)
        {
            Vectors.MultiplyAdd(Vector512.Load(weights + i), Vector512.Load(x + i), Vector512.Load(sum + i)).Store(sum + i);
        }

        for (; i < count; i++)
        {
            sum[i] += weights[i] * x[i];
        }
    }
}
