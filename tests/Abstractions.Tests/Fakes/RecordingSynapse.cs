using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Testing.Fakes;

/// <summary>The scopes of a synapse's parts, each with a definition of its own, and which of them were touched.</summary>
internal sealed class RecordingSynapse : ISynapseScope
{
    private readonly ReleaseScope release = new(new Definition());
    private readonly ReceptorScope receptor = new(new Definition());
    private readonly PlasticityScope plasticity = new(new Definition());

    public List<string> Parts { get; } = [];

    public Expr? Sent => release.Sent;

    public Expr Current => receptor.Total;

    public Expr Displacement => receptor.Displaced;

    public Definition ReleasePart => release.Definition;

    public Definition ReceptorPart => receptor.Definition;

    public Definition PlasticityPart => plasticity.Definition;

    public StateVariable Weight => plasticity.Weight;

    public Symbol Potential => (Symbol)receptor.PostsynapticPotential;

    IReleaseScope ISynapseScope.Release => Touched("release", release);

    IReceptorScope ISynapseScope.Receptor => Touched("receptor", receptor);

    IPlasticityScope ISynapseScope.Plasticity => Touched("plasticity", plasticity);

    private T Touched<T>(string part, T scope)
    {
        Parts.Add(part);
        return scope;
    }

    private static Symbol Event(Definition definition, string name) =>
        definition.Signals[name] = new(name, SymbolKind.Input, Dimension.None);

    private sealed class ReleaseScope(Definition definition) : RecordingScope(definition), IReleaseScope
    {
        public Expr PresynapticSpike { get; } = Event(definition, "pre");

        public Expr? Sent { get; private set; }

        public void Send(Expr amplitude) => Sent = amplitude;
    }

    private sealed class ReceptorScope(Definition definition) : RecordingScope(definition), IReceptorScope
    {
        public Expr PostsynapticPotential { get; } =
            definition.Signals["V"] = new Symbol("V", SymbolKind.Input, Dimension.Voltage);

        public Expr Total { get; private set; } = 0;

        public Expr Displaced { get; private set; } = 0;

        public void Displace(Expr potential)
        {
            Assert.Equal(Dimension.Voltage, potential.Dimension);
            Displaced += potential;
        }

        public void Current(Expr current)
        {
            Assert.Equal(Dimension.ElectricCurrent, current.Dimension);
            Total += current;
            Definition.Contribution = Total;
        }
    }

    private sealed class PlasticityScope : RecordingScope, IPlasticityScope
    {
        public PlasticityScope(Definition definition)
            : base(definition)
        {
            (PresynapticSpike, PostsynapticSpike) = (Event(definition, "pre"), Event(definition, "post"));
            Weight = State("weight", 0.5 * Units.uS, Units.uS, "the connection's weight");
        }

        public Expr PresynapticSpike { get; }

        public Expr PostsynapticSpike { get; }

        public StateVariable Weight { get; }
    }
}
