using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// The traces of all synapses that end at one port of a population. They are taken over several steps at a time, unit by unit, so that they are
/// read from memory and written back once for all of these steps.
/// </summary>
internal sealed unsafe class PortTraces<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly PopulationLearning<T> unit;
    private readonly TracePlan plan;
    private readonly SynapticTraces<T>[] slices;
    private readonly TraceShape shape;
    private readonly TraceKernel quiet;
    private readonly TraceKernel learning;
    private readonly (int Row, T Value)[] terms;
    private readonly int[] signalled;
    private readonly int lanes;
    private readonly nint[] places;
    private T* numbers;

    /// <param name="unit">The population.</param>
    /// <param name="plan">What has a trace.</param>
    /// <param name="slices">The slices that end there.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="block">The most steps that are taken at a time.</param>
    public PortTraces(PopulationLearning<T> unit, TracePlan plan, SynapticTraces<T>[] slices, int lanes, int block)
    {
        (this.unit, this.plan, this.slices, this.lanes) = (unit, plan, slices, lanes);
        shape = TraceShape.For<T>(lanes);
        (quiet, learning) = (TraceEmitter<T>.Compile(plan, shape, learns: false), TraceEmitter<T>.Compile(plan, shape, learns: true));
        terms = [.. TraceEmitter<T>.Terms(plan).Select(t => (t.Row is null ? -1 : unit.KeptIndex(t.Row), T.CreateTruncating(t.Value)))];
        signalled = [.. TraceEmitter<T>.Signalled(plan).Select(k => plan.Signals[k])];
        places = new nint[(terms.Length + signalled.Length) * block];
        numbers = (T*)NativeMemory.AlignedAlloc((nuint)((long)places.Length * lanes * sizeof(T)) + 64, 64);
    }

    public IReadOnlyList<SynapticTraces<T>> Slices => slices;

    public long Bytes => slices.Sum(static s => s.Bytes) + (places.Length * (long)lanes * sizeof(T));

    /// <summary>Takes all traces over some steps.</summary>
    /// <param name="first">The first step.</param>
    /// <param name="steps">How many.</param>
    /// <param name="used">How many lanes count.</param>
    /// <param name="gradient">Gets the gradient of the projections' weights added.</param>
    public void Advance(int first, int steps, int used, NetworkWeights<T> gradient)
    {
        var learns = unit.HasSignal(first, steps);
        var count = Place(first, steps, learns);
        for (var target = 0; target < unit.Run.Program.Definition.Count; target++)
        {
            Read(target, count);
            foreach (var slice in slices)
            {
                slice.Advance(learns ? learning : quiet, target, numbers, count, steps, used, learns ? gradient.Of(slice.Inbound.Projection.Block) : null);
            }
        }
    }

    public void Dispose()
    {
        foreach (var slice in slices)
        {
            slice.Dispose();
        }

        NativeMemory.AlignedFree(numbers);
        numbers = null;
    }

    /// <summary>Finds the rows of all steps' numbers.</summary>
    /// <returns>How many numbers there are.</returns>
    private int Place(int first, int steps, bool learns)
    {
        var place = 0;
        for (var step = first; step < first + steps; step++)
        {
            foreach (var (row, _) in terms)
            {
                places[place++] = row < 0 ? 0 : (nint)unit.Kept(row, step);
            }

            foreach (var signal in signalled)
            {
                places[place++] = learns ? (nint)unit.Signal(signal, step) : 0;
            }
        }

        // What is the same for all units is written once.
        var perStep = terms.Length + signalled.Length;
        for (var i = 0; i < place; i++)
        {
            if (places[i] == 0)
            {
                for (var lane = 0; lane < lanes; lane += shape.Width)
                {
                    new Span<T>(numbers + (((long)lane * place) + ((long)i * shape.Width)), shape.Width).Fill(i % perStep < terms.Length ? terms[i % perStep].Value : T.Zero);
                }
            }
        }

        return place;
    }

    /// <summary>Collects the numbers of one unit, [group of lanes][step][term][lane], and asks for those of the next, which lie far from each other.</summary>
    private void Read(int target, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (places[i] == 0)
            {
                continue;
            }

            var from = (T*)places[i] + ((long)target * lanes);
            var to = numbers + ((long)i * shape.Width);
            for (var lane = 0; lane < lanes; lane += shape.Width)
            {
                if (Sse.IsSupported)
                {
                    Sse.Prefetch0(from + lanes + lane);
                }

                if (shape.ByLane)
                {
                    Vector512.Load(from + lane).Store(to + ((long)lane * count));
                }
                else
                {
                    new Span<T>(from, lanes).CopyTo(new Span<T>(to, lanes));
                }
            }
        }
    }
}
