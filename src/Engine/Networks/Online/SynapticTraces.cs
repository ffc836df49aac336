using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// The traces of the synapses of one slice of a projection, stored only where a synapse is: [target][lane][trace][synapse]. They are taken
/// over several steps at a time, so that they are read from memory and written back once for all of these.
/// </summary>
internal sealed unsafe class SynapticTraces<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly TracePlan plan;
    private readonly SourceFilter<T> source;
    private readonly int lanes;
    private readonly bool isDense;
    private readonly int[] sourceOf;
    private readonly long[] weightAt;
    private readonly int[] firstOf;
    private readonly TraceKernel quiet;
    private readonly TraceKernel learning;
    private readonly (int Row, T Value)[] terms;
    private readonly int[] signalled;
    private readonly nint[] places;
    private readonly int longest;
    private T* memory;
    private T* scratch;
    private readonly long scratchLength;

    /// <param name="plan">What has a trace.</param>
    /// <param name="inbound">The slice.</param>
    /// <param name="slice">Who is connected to whom.</param>
    /// <param name="source">What the slice's sources sent.</param>
    /// <param name="kept">The rows that the target's kernel writes.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="block">The most steps that are taken at a time.</param>
    public SynapticTraces(TracePlan plan, Inbound<T> inbound, ProjectionSlice slice, SourceFilter<T> source, IReadOnlyList<string> kept, int lanes, int block)
    {
        (this.plan, this.source, this.lanes, Inbound) = (plan, source, lanes, inbound);
        isDense = slice.Connections is null;
        (firstOf, sourceOf, weightAt) = ByTarget(inbound.Projection, slice);
        longest = Enumerable.Range(0, firstOf.Length - 1).Select(i => firstOf[i + 1] - firstOf[i]).DefaultIfEmpty(0).Max();
        (quiet, learning) = (TraceEmitter<T>.Compile(plan, learns: false), TraceEmitter<T>.Compile(plan, learns: true));
        var rows = kept.ToList();
        terms = [.. TraceEmitter<T>.Terms(plan).Select(t => (t.Row is null ? -1 : rows.IndexOf(t.Row), T.CreateTruncating(t.Value)))];
        signalled = [.. TraceEmitter<T>.Signalled(plan).Select(k => plan.Signals[k])];
        places = new nint[(terms.Length + signalled.Length) * block];
        Length = (long)sourceOf.Length * lanes * plan.States.Count;
        memory = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, Length * sizeof(T)), 64);
        scratchLength = longest + Transmission<T>.StrideOf(places.Length) + ((long)block * longest * (1 + plan.Filter.States.Count));
        scratch = (T*)NativeMemory.AlignedAlloc((nuint)Math.Max(64, scratchLength * sizeof(T)), 64);
        Clear();
    }

    public Inbound<T> Inbound { get; }

    /// <summary>The numbers of all traces.</summary>
    public Span<byte> Memory => new(memory, checked((int)(Length * sizeof(T))));

    public long Bytes => (Length + scratchLength) * sizeof(T);

    private long Length { get; }

    public void Clear() => NativeMemory.Clear(memory, (nuint)(Length * sizeof(T)));

    /// <summary>Takes all traces over some steps.</summary>
    /// <param name="unit">The target population.</param>
    /// <param name="first">The first step.</param>
    /// <param name="steps">How many.</param>
    /// <param name="used">How many lanes count.</param>
    /// <param name="gradient">Gets the gradient of the projection's weights added.</param>
    public void Advance(PopulationLearning<T> unit, int first, int steps, int used, T* gradient)
    {
        var learns = unit.HasSignal(first, steps);
        var kernel = learns ? learning : quiet;
        Place(unit, first, steps, learns);
        var table = stackalloc nint[steps * (1 + plan.Filter.States.Count)];
        var sum = scratch;
        var numbers = scratch + longest;
        var gathered = numbers + Transmission<T>.StrideOf(places.Length);
        for (var target = 0; target < firstOf.Length - 1; target++)
        {
            var (start, count) = (firstOf[target], firstOf[target + 1] - firstOf[target]);
            if (count == 0)
            {
                continue;
            }

            new Span<T>(sum, count).Clear();
            for (var lane = 0; lane < used; lane++)
            {
                var element = ((long)target * lanes) + lane;
                Read(numbers, element, steps);

                Sources(table, gathered, first, steps, lane, start, count);
                var traces = memory + ((((long)start * lanes) + ((long)lane * count)) * plan.States.Count);
                kernel((byte*)traces, (byte*)sum, count, (byte*)numbers, (byte**)table, steps);
            }

            if (learns)
            {
                for (var i = 0; i < count; i++)
                {
                    if (weightAt[start + i] is var at && at >= 0)
                    {
                        gradient[at] += sum[i];
                    }
                }
            }
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        NativeMemory.AlignedFree(scratch);
        memory = scratch = null;
    }

    /// <summary>Synapses by target, each target's in whole vectors: the places beyond the last have no weight.</summary>
    private static (int[] FirstOf, int[] SourceOf, long[] WeightAt) ByTarget(ProjectionProgram projection, ProjectionSlice slice)
    {
        var lists = new List<(int Source, long Weight)>[projection.Targets];
        for (var target = 0; target < lists.Length; target++)
        {
            lists[target] = [];
        }

        foreach (var (from, target, weight) in projection.Edges<T>(slice))
        {
            lists[target].Add((from, weight));
        }

        var first = new int[lists.Length + 1];
        var (sources, weights) = (new List<int>(), new List<long>());
        for (var target = 0; target < lists.Length; target++)
        {
            var padded = Transmission<T>.StrideOf(lists[target].Count);
            sources.AddRange(lists[target].Select(static s => s.Source).Concat(Enumerable.Repeat(0, padded - lists[target].Count)));
            weights.AddRange(lists[target].Select(static s => s.Weight).Concat(Enumerable.Repeat(-1L, padded - lists[target].Count)));
            first[target + 1] = sources.Count;
        }

        return (first, [.. sources], [.. weights]);
    }

    /// <summary>Finds the rows of all steps' numbers.</summary>
    private void Place(PopulationLearning<T> unit, int first, int steps, bool learns)
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
    }

    /// <summary>Collects the numbers of one unit in one lane.</summary>
    private void Read(T* numbers, long element, int steps)
    {
        var place = 0;
        for (var step = 0; step < steps; step++)
        {
            foreach (var (row, value) in terms)
            {
                numbers[place] = row < 0 ? value : ((T*)places[place])[element];
                place++;
            }

            for (var i = 0; i < signalled.Length; i++, place++)
            {
                numbers[place] = places[place] == 0 ? T.Zero : ((T*)places[place])[element];
            }
        }
    }

    /// <summary>Lays what arrived at each synapse of a target side by side.</summary>
    private void Sources(nint* table, T* gathered, int first, int steps, int lane, int start, int count)
    {
        var states = plan.Filter.States.Count;
        var list = sourceOf.AsSpan(start, count);
        for (var step = 0; step < steps; step++)
        {
            for (var r = 0; r <= states; r++)
            {
                var row = (r == 0 ? source.Arrived(first + step) : source.After(first + step - 1, r - 1)) + ((long)lane * source.Stride);
                if (!isDense)
                {
                    Gather(row, list, gathered);
                    row = gathered;
                    gathered += count;
                }

                table[(step * (states + 1)) + r] = (nint)row;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Gather(T* row, Span<int> list, T* to)
    {
        for (var i = 0; i < list.Length; i++)
        {
            to[i] = row[list[i]];
        }
    }
}
