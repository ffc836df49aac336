using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Testing.Fakes;

/// <summary>A neuron's scope; the channels that a configuration would insert are given beforehand.</summary>
internal sealed class RecordingNeuronScope(Definition definition, params (string Name, IIonChannel Channel)[] inserted)
    : RecordingScope(definition), INeuronScope
{
    private readonly Dictionary<string, Expr> ionCurrents = [];

    public static Definition Define(INeuronModel model, params (string Name, IIonChannel Channel)[] inserted)
    {
        var scope = new RecordingNeuronScope(new Definition(), inserted);
        model.Define(scope);
        return scope.Definition;
    }

    public Expr Channels(Membrane membrane) =>
        inserted.Aggregate((Expr)0, (sum, c) => sum + Channel(c.Name, c.Channel, membrane));

    public Expr Channel(string name, IIonChannel channel, Membrane membrane)
    {
        var scope = new RecordingChannelScope(Definition, $"{name}.", membrane);
        channel.Define(scope);
        foreach (var (current, ion) in scope.Currents)
        {
            ionCurrents[ion ?? ""] = IonCurrent(ion ?? "") + current;
        }

        return scope.Total;
    }

    public void Refractory(Condition condition) => Assert.Equal(Dimension.None, condition.Expression.Dimension);

    public Expr IonCurrent(string ion) => ionCurrents.GetValueOrDefault(ion, 0);
}

/// <summary>A channel's scope.</summary>
internal sealed class RecordingChannelScope(Definition definition, string prefix, Membrane membrane)
    : RecordingScope(definition, prefix), IChannelScope
{
    public Membrane Membrane { get; } = membrane;

    public Expr Total { get; private set; } = 0;

    public List<(Expr Current, string? Ion)> Currents { get; } = [];

    public void Current(Expr current, string? ion = null)
    {
        Total += current;
        Currents.Add((current, ion));
    }
}
