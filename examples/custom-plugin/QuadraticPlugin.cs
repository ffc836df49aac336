using BrainModular.Models;
using BrainModular.Plugins;

[assembly: BrainModularPlugin(typeof(QuadraticIntegrateAndFire.QuadraticPlugin))]

namespace QuadraticIntegrateAndFire;

/// <summary>The entry point: the host makes one and asks it what the DLL offers.</summary>
public sealed class QuadraticPlugin : IPlugin
{
    public void Register(ICatalogBuilder catalog) => catalog.Add<INeuronModel>(
        "adaptive-quadratic", "Integrate-and-fire whose spikes start as a real neuron's do", settings => new QuadraticNeuron(settings));
}
