using System.Numerics;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Parts;

/// <summary>What arrives at a port of a part of a population over a projection.</summary>
/// <param name="projection">The projection.</param>
/// <param name="from">What was sent, by the parts of the source in their order.</param>
/// <param name="before">What was sent before time 0, of graded outputs; empty for events.</param>
internal abstract unsafe class Arrival<T>(ProjectionProgram projection, EventLog<T>[] from, EventLog<T>[] before) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly int delay = projection.ShortestDelay;

    public ProjectionProgram Projection => projection;

    /// <summary>What was sent before time 0, by the parts of the source.</summary>
    protected EventLog<T>[] Before => before;

    public virtual long Bytes => 0;

    /// <summary>Takes the weights, and adds what was sent so long before time 0 that no step delivers it.</summary>
    public virtual void Begin(NetworkWeights<T> weights, PortSums<T> sums)
    {
    }

    /// <summary>Has what several parts sent that arrives in a step fetched, all of it at once, before any of it is waited for.</summary>
    public void AskForSent(int step)
    {
        var (parts, sentIn) = Sent(step);
        for (var part = 0; parts.Length > 1 && part < parts.Length; part++)
        {
            parts[part].Ask(sentIn);
        }
    }

    /// <summary>Has what will be read first for a step fetched into the caches.</summary>
    public void Ask(int step, NetworkWeights<T> weights)
    {
        var (parts, sentIn) = Sent(step);
        foreach (var part in parts)
        {
            Ask(weights, part.At(sentIn));
        }
    }

    /// <summary>Adds what arrives in a step, and what was sent with it and arrives later, to the sums of the port.</summary>
    public void Add(int step, NetworkWeights<T> weights, PortSums<T> sums, EventMerge<T> merge, T* scratch)
    {
        var (parts, sentIn) = Sent(step);
        if (AddsOneByOne)
        {
            foreach (var part in parts)
            {
                if (part.At(sentIn) is { Count: > 0 } events)
                {
                    Add(weights, events, step, sums, scratch);
                }
            }

            return;
        }

        var all = merge.Of(parts, sentIn);
        if (all.Count > 0)
        {
            Add(weights, all, step, sums, scratch);
        }
    }

    public virtual void Dispose()
    {
    }

    /// <summary>Whether what units sent is added unit after unit, so that it changes no bit to take it part after part.</summary>
    protected abstract bool AddsOneByOne { get; }

    protected abstract void Ask(NetworkWeights<T> weights, in Events<T> events);

    protected abstract void Add(NetworkWeights<T> weights, in Events<T> events, int step, PortSums<T> sums, T* scratch);

    private (EventLog<T>[] Parts, int SentIn) Sent(int step) => step >= delay ? (from, step - delay) : (before, 0);
}

/// <summary>What arrives over a projection with one delay.</summary>
/// <param name="projection">The projection.</param>
/// <param name="transmission">What carries it to the part's units.</param>
/// <param name="from">What was sent, by the parts of the source in their order.</param>
/// <param name="before">What was sent before time 0, of graded outputs; empty for events.</param>
internal sealed unsafe class CommonDelay<T>(ProjectionProgram projection, Transmission<T> transmission, EventLog<T>[] from, EventLog<T>[] before) : Arrival<T>(projection, from, before)
    where T : unmanaged, INumberBase<T>
{
    protected override bool AddsOneByOne => transmission.AddsOneByOne;

    protected override void Ask(NetworkWeights<T> weights, in Events<T> events) => transmission.Ask(weights.Of(Projection.Block), events);

    protected override void Add(NetworkWeights<T> weights, in Events<T> events, int step, PortSums<T> sums, T* scratch) =>
        transmission.Forward(weights.Of(Projection.Block), events, sums.Of(step), scratch);
}
