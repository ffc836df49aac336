using System.Numerics;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks;

/// <summary>What arrives at a port of one population over one slice of a projection, in one chunk of lanes.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Slice">The slice.</param>
/// <param name="Transmission">What carries it.</param>
/// <param name="From">What was sent.</param>
/// <param name="Learns">Whether its weights have a gradient.</param>
/// <param name="Back">The adjoint of what was sent; null where that is not wanted.</param>
internal sealed record Inbound<T>(
    ProjectionProgram Projection, ProjectionSlice Slice, Transmission<T> Transmission, Outbound<T> From, bool Learns, SentAdjoint<T>? Back)
    where T : unmanaged, INumberBase<T>
{
    /// <summary>In steps.</summary>
    public int Delay => Slice.Delay;

    /// <summary>What was sent that arrives in a step.</summary>
    public Events<T> Arriving(int step) => step >= Delay ? From.Log.At(step - Delay) : From.Before is { } before ? before.At(0) : default;
}

/// <summary>What one population, or an input, sends over projections, in one chunk of lanes.</summary>
/// <param name="Name">What it sends.</param>
/// <param name="Log">What was sent, step by step.</param>
/// <param name="Before">What was sent before time 0, of graded outputs; null for events.</param>
/// <param name="Needed">The units whose adjoint matters; null for all.</param>
internal sealed record Outbound<T>(string Name, EventLog<T> Log, EventLog<T>? Before, UnitLog? Needed) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    public void Dispose()
    {
        Log.Dispose();
        Before?.Dispose();
        Needed?.Dispose();
    }
}

/// <summary>A port of a population, and all that arrives there.</summary>
/// <param name="inbound">What arrives.</param>
/// <param name="sums">The row of its sums, which moves along with the steps of a segment or stays.</param>
/// <param name="adjoint">The row of their adjoint; null where it is not wanted.</param>
/// <param name="weightSum">The row with the sum of the weights of all connections; null where the model does not use it.</param>
internal sealed unsafe class PortRun<T>(Inbound<T>[] inbound, RowPlace sums, T* adjoint, string? weightSum)
    where T : unmanaged, INumberBase<T>
{
    public Inbound<T>[] Inbound => inbound;

    public T* Adjoint => adjoint;

    public string? WeightSum => weightSum;

    public T* Sums(int stepInSegment) => (T*)(sums.Pointer + (sums.Stride * stepInSegment));
}
