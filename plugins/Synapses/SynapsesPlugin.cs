using BrainModular.Models;
using BrainModular.Plugins;
using BrainModular.Plugins.Synapses;

[assembly: BrainModularPlugin(typeof(SynapsesPlugin))]

namespace BrainModular.Plugins.Synapses;

/// <summary>The built-in synapses.</summary>
public sealed class SynapsesPlugin : IPlugin
{
    private static readonly (string Name, string Summary, Func<ISynapseModel> Create)[] Receptors =
    [
        ("delta", "A jump of the potential", static () => new Delta()),
        ("exponential-current", "A current that decays exponentially", static () => new ExponentialCurrent()),
        ("exponential-conductance", "A conductance that decays exponentially", static () => new ExponentialConductance()),
        ("alpha-current", "A current that rises and falls with one time constant", static () => new AlphaCurrent()),
        ("alpha-conductance", "A conductance that rises and falls with one time constant", static () => new AlphaConductance()),
        ("dual-exponential-current", "A current that rises and falls with two time constants", static () => new DualExponentialCurrent()),
        ("dual-exponential-conductance", "A conductance that rises and falls with two time constants", static () => new DualExponentialConductance()),
        ("ampa", "Fast excitation by glutamate", static () => new Ampa()),
        ("nmda", "Slow excitation by glutamate, blocked by magnesium near rest", static () => new Nmda()),
        ("gaba-a", "Fast inhibition by GABA", static () => new GabaA()),
        ("gaba-b", "Slow inhibition by GABA", static () => new GabaB()),
    ];

    /// <inheritdoc/>
    public void Register(ICatalogBuilder catalog)
    {
        foreach (var (name, summary, create) in Receptors)
        {
            catalog.Add(name, summary, _ => create());
        }

        catalog.Add<ISynapseModel>("tsodyks-markram", "Depression and facilitation before any of the receptors", static s => new TsodyksMarkram(s, Receptor));
        catalog.Add<ISynapseModel>("gap-junction", "A direct electrical connection", static _ => new GapJunction());
    }

    private static ISynapseModel Receptor(ISettings settings)
    {
        var chosen = settings.Choice("receptor", "exponential-conductance", [.. Receptors.Select(static r => r.Name)], "the postsynaptic part");
        return Receptors.First(r => r.Name == chosen).Create();
    }
}
