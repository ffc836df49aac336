using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>
/// What was sent to all targets in several steps of one lane, and the adjoints that met it, from which the gradient of dense weights is taken at once: each row of it is read
/// and written once for all steps, and the weights themselves stay in the caches meanwhile. The bits are those of one step after the other.
/// </summary>
/// <param name="sources">How many source units.</param>
/// <param name="stride">The numbers of a row of weights.</param>
internal sealed unsafe class GradientBlock<T>(int sources, int stride)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>What the adjoints may take of the second cache.</summary>
    private const int AdjointBytes = 1 << 18;

    private const int MostSteps = 64;
    private const int LeastSteps = 4;

    /// <summary>At half as many as a row has numbers, what was sent takes as much memory as the weights.</summary>
    private readonly int most = Math.Clamp(Math.Min(AdjointBytes / (stride * sizeof(T)), stride / 2), LeastSteps, MostSteps);
    private readonly int[] counts = new int[sources];
    private (int Step, T Value)[] sent = [];
    private T[] adjoints = [];
    private int steps;

    /// <summary>Its memory, once a step has been kept.</summary>
    public long Bytes => ((long)adjoints.Length * sizeof(T)) + ((long)sent.Length * sizeof((int, T))) + ((long)counts.Length * sizeof(int));

    /// <summary>Forgets what has not been added.</summary>
    public void Clear()
    {
        steps = 0;
        Array.Clear(counts);
    }

    /// <summary>Keeps a step; adds the gradient of all that are kept when they are enough.</summary>
    /// <param name="gradient">[weight].</param>
    /// <param name="events">What was sent.</param>
    /// <param name="adjoint">The adjoint of what arrived, [target].</param>
    public void Keep(T* gradient, in Events<T> events, T* adjoint)
    {
        if (adjoints.Length == 0)
        {
            adjoints = GC.AllocateUninitializedArray<T>((most + 1) * stride, pinned: true);
            sent = GC.AllocateUninitializedArray<(int, T)>(checked(sources * most), pinned: true);
        }

        Vectors.Copy(adjoint, Adjoint(steps), stride);
        var all = Sent(0);
        fixed (int* count = counts)
        {
            for (var i = 0; i < events.Count; i++)
            {
                var unit = events.Units[i];
                all[((long)unit * most) + count[unit]++] = (steps, events.Values[i]);
            }
        }

        if (++steps == most)
        {
            Add(gradient);
        }
    }

    /// <summary>Adds the gradient of the steps that are kept.</summary>
    public void Add(T* gradient)
    {
        for (var source = 0; source < sources && steps > 0; source++)
        {
            if (counts[source] > 0)
            {
                AddRow(gradient + ((long)source * stride), Sent(source), counts[source]);
            }
        }

        Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRow(T* row, (int Step, T Value)* events, int count)
    {
        var adjoint = Adjoint(0);
        var (k, width) = (0, Vector512<T>.Count);
        for (; k + (4 * width) <= stride; k += 4 * width)
        {
            var (a, b, c, d) = (Vector512.Load(row + k), Vector512.Load(row + k + width), Vector512.Load(row + k + (2 * width)), Vector512.Load(row + k + (3 * width)));
            for (var i = 0; i < count; i++)
            {
                var v = Vector512.Create(events[i].Value);
                var x = adjoint + ((long)events[i].Step * stride) + k;
                a = Vectors.MultiplyAdd(v, Vector512.Load(x), a);
                b = Vectors.MultiplyAdd(v, Vector512.Load(x + width), b);
                c = Vectors.MultiplyAdd(v, Vector512.Load(x + (2 * width)), c);
                d = Vectors.MultiplyAdd(v, Vector512.Load(x + (3 * width)), d);
            }

            a.Store(row + k);
            b.Store(row + k + width);
            c.Store(row + k + (2 * width));
            d.Store(row + k + (3 * width));
        }

        for (; k < stride; k += width)
        {
            var a = Vector512.Load(row + k);
            for (var i = 0; i < count; i++)
            {
                a = Vectors.MultiplyAdd(Vector512.Create(events[i].Value), Vector512.Load(adjoint + ((long)events[i].Step * stride) + k), a);
            }

            a.Store(row + k);
        }
    }

    /// <summary>What a source sent, in the order of steps.</summary>
    private (int Step, T Value)* Sent(int source) => ((int Step, T Value)*)Unsafe.AsPointer(ref sent[0]) + ((long)source * most);

    /// <summary>A kept row, at the start of a cache line.</summary>
    private T* Adjoint(int step) => (T*)(((nint)Unsafe.AsPointer(ref adjoints[0]) + 63) & ~63) + ((long)step * stride);
}
