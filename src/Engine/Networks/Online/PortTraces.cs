using System.Numerics;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// The traces of all synapses that end at one port of a population. They are taken over several steps at a time, unit by unit, so that they are
/// read from memory and written back once for all of these steps.
/// </summary>
internal sealed class PortTraces<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly PopulationLearning<T> unit;
    private readonly SynapticTraces<T>[] slices;
    private readonly TraceResponse<T> response;

    /// <param name="unit">The population.</param>
    /// <param name="plan">What has a trace.</param>
    /// <param name="slices">The slices that end there.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="block">The most steps that are taken at a time.</param>
    public PortTraces(PopulationLearning<T> unit, TracePlan plan, SynapticTraces<T>[] slices, int lanes, int block)
    {
        (this.unit, this.slices) = (unit, slices);
        response = new(unit, plan, lanes, block);
    }

    public IReadOnlyList<SynapticTraces<T>> Slices => slices;

    public long Bytes => slices.Sum(static s => s.Bytes) + response.Bytes;

    /// <summary>Takes all traces over some steps.</summary>
    /// <param name="first">The first step.</param>
    /// <param name="steps">How many.</param>
    /// <param name="used">How many lanes count.</param>
    /// <param name="gradient">Gets the gradient of the projections' weights added.</param>
    public void Advance(int first, int steps, int used, NetworkWeights<T> gradient)
    {
        var learns = unit.HasSignal(first, steps);
        response.Place(first, steps, learns);
        for (var target = 0; target < unit.Run.Program.Definition.Count; target++)
        {
            response.Find(target, steps, used, learns);
            foreach (var slice in slices)
            {
                slice.Advance(response, target, steps, used, learns, gradient);
            }
        }
    }

    public void Dispose()
    {
        foreach (var slice in slices)
        {
            slice.Dispose();
        }

        response.Dispose();
    }
}
