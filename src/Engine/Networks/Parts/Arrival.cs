using System.Numerics;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Parts;

/// <summary>What arrives at a port of a part of a population over one slice of a projection.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Slice">The slice.</param>
/// <param name="Transmission">What carries it to the part's units.</param>
/// <param name="From">What was sent, by the parts of the source in their order.</param>
/// <param name="Before">What was sent before time 0, of graded outputs; empty for events.</param>
internal sealed record Arrival<T>(ProjectionProgram Projection, ProjectionSlice Slice, Transmission<T> Transmission, EventLog<T>[] From, EventLog<T>[] Before)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Has what will be read for a step fetched into the caches.</summary>
    public unsafe void Ask(int step, T* weights)
    {
        var (parts, sentIn) = step >= Slice.Delay ? (From, step - Slice.Delay) : (Before, 0);
        foreach (var part in parts)
        {
            Transmission.Ask(weights, part.At(sentIn));
        }
    }

    /// <summary>Adds what arrives in a step to the sums of the port.</summary>
    public unsafe void Add(int step, T* weights, T* sums, EventMerge<T> merge, T* scratch)
    {
        var (parts, sentIn) = step >= Slice.Delay ? (From, step - Slice.Delay) : (Before, 0);
        var isSilent = true;
        foreach (var part in parts)
        {
            isSilent &= part.At(sentIn).Count == 0;
        }

        if (!isSilent)
        {
            Transmission.Forward(weights, merge.Of(parts, sentIn), sums, scratch);
        }
    }
}
