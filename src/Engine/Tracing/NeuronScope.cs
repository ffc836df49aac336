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
    private readonly Dictionary<string, Expr> ionCurrents = [];

    /// <summary>Whether the model has a place for the channels of the configuration.</summary>
    public bool TakesChannels { get; private set; }

    public Expr Channels(Membrane membrane)
    {
        TakesChannels = true;
        return inserted.Aggregate((Expr)0.0, (sum, c) => sum + Channel(c.Name, c.Channel, membrane));
    }

    public Expr Channel(string name, IIonChannel channel, Membrane membrane)
    {
        var scope = new ChannelScope(Tracing, $"{Prefix}{name}.", membrane);
        channel.Define(scope);
        foreach (var (ion, current) in scope.ByIon)
        {
            ionCurrents[ion] = IonCurrent(ion) + current;
        }

        return scope.Total;
    }

    public void Refractory(Condition condition) => Tracing.Refractory = Tracing.Refractory is { } earlier ? earlier | condition : condition;

    public Expr IonCurrent(string ion) => ionCurrents.GetValueOrDefault(ion, 0.0);
}

/// <summary>The scope of a channel's definition.</summary>
internal sealed class ChannelScope(Tracing tracing, string prefix, Membrane membrane) : ModelScope(tracing, prefix), IChannelScope
{
    public Membrane Membrane { get; } = membrane;

    public Expr Total { get; private set; } = 0.0;

    /// <summary>The currents whose ion was named.</summary>
    public List<(string Ion, Expr Current)> ByIon { get; } = [];

    public void Current(Expr current, string? ion = null)
    {
        Total += current;
        if (ion is not null)
        {
            ByIon.Add((ion, current));
        }
    }
}
