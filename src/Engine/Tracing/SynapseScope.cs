using BrainModular.Diagnostics;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Tracing;

/// <summary>A synapse model under the name that projections use.</summary>
/// <param name="Name">Its name in the network, such as <c>excitatory</c>.</param>
/// <param name="Model">The model.</param>
public sealed record NamedSynapse(string Name, ISynapseModel Model)
{
    /// <summary>What its <c>Define</c> is called in, so that faults are named with its plugin.</summary>
    public Action<Action> Boundary { get; init; } = static define => define();
}

/// <summary>What a synapse's <c>Define</c> wrote down, part by part.</summary>
/// <param name="Release">The presynaptic part; null where there is none.</param>
/// <param name="Receptor">The postsynaptic part; null where there is none.</param>
/// <param name="Plasticity">The rule by which weights change; null where there is none.</param>
public sealed record SynapseDefinition(ModelDefinition? Release, ModelDefinition? Receptor, ModelDefinition? Plasticity);

/// <summary>
/// The scope of a synapse's definition. Each part is traced where it will run: the release with the presynaptic population, the receptor with
/// the postsynaptic one; a part that runs elsewhere is traced into a definition of its own.
/// </summary>
internal sealed class SynapseScope(string name, ReleaseScope? release, ReceptorScope? receptor, ISurrogate surrogate) : ISynapseScope
{
    private ReleaseScope? releaseTouched;
    private ReceptorScope? receptorTouched;
    private PlasticityScope? plasticityTouched;

    public IReleaseScope Release => releaseTouched ??=
        release ?? new(new(name, surrogate), "", new Symbol("spike", SymbolKind.Input, Dimension.None));

    public IReceptorScope Receptor => receptorTouched ??=
        receptor ?? new(new(name, surrogate), "", new Symbol("V", SymbolKind.Input, Dimension.Voltage));

    public IPlasticityScope Plasticity => plasticityTouched ??= new(new(name, surrogate));

    public SynapseDefinition Definition() => new(releaseTouched?.Definition(), receptorTouched?.Definition(), plasticityTouched?.Definition());
}

/// <summary>The presynaptic part.</summary>
internal sealed class ReleaseScope(Tracing tracing, string prefix, Expr spike) : ModelScope(tracing, prefix), IReleaseScope
{
    public Expr PresynapticSpike => spike;

    public void Send(Expr amplitude) => Tracing.Releases.Add(new(Claim("sent"), amplitude));

    public ModelDefinition Definition() => Tracing.Definition();
}

/// <summary>The postsynaptic part.</summary>
internal sealed class ReceptorScope(Tracing tracing, string prefix, Expr potential) : ModelScope(tracing, prefix), IReceptorScope
{
    public Expr PostsynapticPotential => potential;

    public void Current(Expr current) => Tracing.Injections.Add(current.IsZero || current.Dimension == Dimension.ElectricCurrent
        ? current
        : throw new DiagnosticException(
            "BM4309", $"the receptor of {Tracing.Model} gives a current in {current.Dimension}", expected: "an electric current, such as g * (E - V)", cure: "mend the model's Define"));

    public void Displace(Expr potential) => Tracing.Displacements.Add(potential.IsZero || potential.Dimension == Dimension.Voltage
        ? potential
        : throw new DiagnosticException(
            "BM4309", $"the receptor of {Tracing.Model} displaces the potential by a value in {potential.Dimension}", expected: "a potential, such as the sum of what arrives with weights in mV",
            cure: "mend the model's Define"));

    public ModelDefinition Definition() => Tracing.Definition();
}

/// <summary>The rule of a connection's weight.</summary>
internal sealed class PlasticityScope : ModelScope, IPlasticityScope
{
    private StateVariable? weight;

    public PlasticityScope(Tracing tracing)
        : base(tracing, "")
    {
    }

    public Expr PresynapticSpike { get; } = new Symbol("presynapticSpike", SymbolKind.Input, Dimension.None);

    public Expr PostsynapticSpike { get; } = new Symbol("postsynapticSpike", SymbolKind.Input, Dimension.None);

    public StateVariable Weight => weight ??= State("weight", 0, Unit.One, "weight of the connection");

    public ModelDefinition Definition() => Tracing.Definition();
}
