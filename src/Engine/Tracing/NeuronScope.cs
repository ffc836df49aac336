using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Tracing;

/// <summary>A channel that the configuration inserts into a neuron.</summary>
/// <param name="Name">Its name there, such as <c>Na</c>.</param>
/// <param name="Channel">The channel.</param>
public sealed record InsertedChannel(string Name, IIonChannel Channel);

/// <summary>The scope of a neuron's definition.</summary>
internal sealed class NeuronScope(Tracing tracing, IReadOnlyList<InsertedChannel> inserted) : ModelScope(tracing, ""), INeuronScope
{
    public Expr Channels(Membrane membrane) =>
        inserted.Aggregate((Expr)0.0, (sum, c) => sum + Channel(c.Name, c.Channel, membrane));

    public Expr Channel(string name, IIonChannel channel, Membrane membrane)
    {
        var scope = new ChannelScope(Tracing, $"{Prefix}channels.{name}.", membrane);
        channel.Define(scope);
        return scope.Total;
    }

    private sealed class ChannelScope(Tracing tracing, string prefix, Membrane membrane) : ModelScope(tracing, prefix), IChannelScope
    {
        public Membrane Membrane { get; } = membrane;

        public Expr Total { get; private set; } = 0.0;

        public void Current(Expr current, string? ion = null) => Total += current;
    }
}
