using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// What some steps make of the traces of synapses that end on one unit. In each step e &lt;- K e + D x + t z and x &lt;- A x + b z, with x the states of
/// the source's filter and z what arrived; the gradient gets s e added, with s the learning signals. All of it is linear: the traces after the last
/// step, and the gradient, are sums over the traces and filter states before the first, and over what arrived in each. The factors of these sums are
/// the unit's; a synapse pays only for steps in which something arrived.
/// </summary>
internal sealed unsafe class TraceResponse<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private static readonly int Width = Vector512<T>.Count;

    private readonly PopulationLearning<T> unit;
    private readonly TracePlan plan;
    private readonly int lanes;
    private readonly int traces;
    private readonly int states;
    private readonly bool[] counts;
    private readonly (int Slot, int Row)[] varying;
    private readonly int[] signalled;
    private readonly nint[] places;
    private readonly T[] filterKeep;
    private readonly T[] filterTake;
    private readonly long length;
    private T* memory;
    private Vector512<T>* coefficients;
    private Vector512<T>* after;
    private Vector512<T>* before;

    /// <param name="unit">The population.</param>
    /// <param name="plan">What has a trace.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="block">The most steps at a time.</param>
    public TraceResponse(PopulationLearning<T> unit, TracePlan plan, int lanes, int block)
    {
        (this.unit, this.plan, this.lanes, traces, states) = (unit, plan, lanes, plan.States.Count, plan.Filter.States.Count);
        Coefficient[] all = [.. plan.Keep.Cast<Coefficient>(), .. plan.Draw.Cast<Coefficient>(), .. plan.Take];
        counts = [.. all.Select(static c => !c.IsZero)];
        varying = [.. all.Select(static (c, slot) => (c, slot)).Where(static c => c.c.Row is not null).Select(c => (c.slot, unit.KeptIndex(c.c.Row!)))];
        signalled = [.. Enumerable.Range(0, traces).Where(k => plan.Signals[k] >= 0)];
        places = new nint[(varying.Length + signalled.Length) * block];
        filterKeep = [.. plan.Filter.Keep.Cast<double>().Select(static v => T.CreateTruncating(v))];
        filterTake = [.. plan.Filter.Take.Select(static v => T.CreateTruncating(v))];
        var groups = (lanes + Width - 1) / Width;
        var derivatives = (traces + 1) * Inputs;
        length = (long)Width * (all.Length + (2 * derivatives) + ((long)groups * (Inputs + block) * TraceSum.Padded(traces + 1)));
        memory = (T*)NativeMemory.AlignedAlloc((nuint)(length * sizeof(T)), 64);
        NativeMemory.Clear(memory, (nuint)(length * sizeof(T)));
        coefficients = (Vector512<T>*)memory;
        after = coefficients + all.Length;
        before = after + derivatives;
        Factors = (T*)(before + derivatives);
        for (var slot = 0; slot < all.Length; slot++)
        {
            coefficients[slot] = Vector512.Create(T.CreateTruncating(all[slot].Value));
        }
    }

    public long Bytes => length * sizeof(T);

    /// <summary>How many sums there are, in whole tiles: a trace each, and the gradient where there is a learning signal.</summary>
    public int Rows { get; private set; }

    /// <summary>The factors of the last unit: [group of lanes][traces, filter states, what arrived in each step][sum][lane].</summary>
    public T* Factors { get; }

    /// <summary>From the factors of a group of lanes to those of the next.</summary>
    public long GroupStride { get; private set; }

    /// <summary>Traces and filter states.</summary>
    private int Inputs => traces + states;

    /// <summary>Says which steps are meant.</summary>
    /// <param name="first">The first.</param>
    /// <param name="steps">How many.</param>
    /// <param name="learns">Whether there are learning signals.</param>
    public void Place(int first, int steps, bool learns)
    {
        Rows = TraceSum.Padded(learns ? traces + 1 : traces);
        GroupStride = (long)(Inputs + steps) * Rows * Width;
        var place = 0;
        for (var step = first; step < first + steps; step++)
        {
            foreach (var (_, row) in varying)
            {
                places[place++] = (nint)unit.Kept(row, step);
            }

            foreach (var k in signalled)
            {
                places[place++] = (nint)unit.Signal(plan.Signals[k], step);
            }
        }
    }

    /// <summary>Finds the factors of a unit in the steps that were placed.</summary>
    /// <param name="target">The unit.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="used">How many lanes count.</param>
    /// <param name="learns">Whether there are learning signals.</param>
    public void Find(int target, int steps, int used, bool learns)
    {
        for (var lane = 0; lane < used; lane += Width)
        {
            Find(((long)target * lanes) + lane, Math.Min(Width, lanes - lane), steps, learns, (Vector512<T>*)(Factors + (lane / Width * GroupStride)));
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
        coefficients = after = before = null;
    }

    /// <summary>Goes back from the last step, with the derivatives of all sums by the traces and filter states after each, [sum][trace or state].</summary>
    private void Find(long element, int count, int steps, bool learns, Vector512<T>* factors)
    {
        var sums = learns ? traces + 1 : traces;
        new Span<Vector512<T>>(after, sums * Inputs).Clear();
        for (var k = 0; k < traces; k++)
        {
            after[(k * Inputs) + k] = Vector512<T>.One;
        }

        for (var step = steps - 1; step >= 0; step--)
        {
            Read(element, count, step, learns);
            for (var sum = 0; sum < sums; sum++)
            {
                factors[((Inputs + step) * Rows) + sum] = ByArrival(after + (sum * Inputs));
                Back(after + (sum * Inputs), before + (sum * Inputs));
            }

            var swap = after;
            after = before;
            before = swap;
        }

        for (var i = 0; i < Inputs; i++)
        {
            for (var sum = 0; sum < sums; sum++)
            {
                factors[(i * Rows) + sum] = after[(sum * Inputs) + i];
            }
        }
    }

    /// <summary>Reads the unit's numbers of a step, and asks for those of the next unit, which lie far from each other.</summary>
    private void Read(long element, int count, int step, bool learns)
    {
        var place = step * (varying.Length + signalled.Length);
        foreach (var (slot, _) in varying)
        {
            coefficients[slot] = Load((T*)places[place++] + element, count);
        }

        foreach (var k in signalled)
        {
            if (learns)
            {
                after[(traces * Inputs) + k] += Load((T*)places[place] + element, count);
            }

            place++;
        }
    }

    private Vector512<T> Load(T* from, int count)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(from + lanes);
        }

        if (count == Width)
        {
            return Vector512.Load(from);
        }

        var few = Vector512<T>.Zero;
        for (var i = 0; i < count; i++)
        {
            few = few.WithElement(i, from[i]);
        }

        return few;
    }

    /// <summary>The derivative by what arrives in the step.</summary>
    private Vector512<T> ByArrival(Vector512<T>* of)
    {
        var sum = Vector512<T>.Zero;
        for (var (k, slot) = (0, traces * Inputs); k < traces; k++, slot++)
        {
            if (counts[slot])
            {
                sum = Vectors.MultiplyAdd(of[k], coefficients[slot], sum);
            }
        }

        for (var x = 0; x < states; x++)
        {
            sum = Vectors.MultiplyAdd(of[traces + x], Vector512.Create(filterTake[x]), sum);
        }

        return sum;
    }

    /// <summary>The derivatives by the traces and filter states before the step.</summary>
    private void Back(Vector512<T>* of, Vector512<T>* to)
    {
        for (var by = 0; by < Inputs; by++)
        {
            var sum = Vector512<T>.Zero;
            var (slot, across) = by < traces ? (by, traces) : ((traces * traces) + by - traces, states);
            for (var k = 0; k < traces; k++, slot += across)
            {
                if (counts[slot])
                {
                    sum = Vectors.MultiplyAdd(of[k], coefficients[slot], sum);
                }
            }

            for (var x = 0; x < states && by >= traces; x++)
            {
                sum = Vectors.MultiplyAdd(of[traces + x], Vector512.Create(filterKeep[(x * states) + by - traces]), sum);
            }

            to[by] = sum;
        }
    }
}
