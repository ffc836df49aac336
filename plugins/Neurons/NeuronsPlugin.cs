using BrainModular.Models;
using BrainModular.Plugins;
using BrainModular.Plugins.Neurons;
using BrainModular.Plugins.Neurons.Surrogates;

[assembly: BrainModularPlugin(typeof(NeuronsPlugin))]

namespace BrainModular.Plugins.Neurons;

/// <summary>The built-in neuron models and surrogates.</summary>
public sealed class NeuronsPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ICatalogBuilder catalog)
    {
        catalog.Add<INeuronModel>(
            "leaky-integrate-and-fire", "A passive membrane with threshold, reset and absolute refractoriness", static s => new LeakyIntegrateAndFire(s));
        catalog.Add<INeuronModel>(
            "generalized-integrate-and-fire", "Integrate-and-fire with two spike-triggered currents", static s => new GeneralizedIntegrateAndFire(s));
        catalog.Add<INeuronModel>(
            "hodgkin-huxley", "Sodium, potassium and leak currents with the kinetics of Traub and Miles", static s => new HodgkinHuxley(s));
        catalog.Add<INeuronModel>(
            "hodgkin-huxley-1952", "The squid giant axon, per area of membrane", static s => new HodgkinHuxley1952(s));
        catalog.Add<ISurrogate>("sigmoid", "A logistic step", static s => new SigmoidSurrogate(s));
        catalog.Add<ISurrogate>("arctan", "An inverse tangent step with long tails", static s => new ArctanSurrogate(s));
        catalog.Add<ISurrogate>("gaussian", "A cumulative normal step", static s => new GaussianSurrogate(s));
        catalog.Add<ISurrogate>("relu", "A triangular derivative of finite width", static s => new ReluSurrogate(s));
        catalog.Add<ISurrogate>("none", "No derivative: gradients with the steps of spikes held fixed", static _ => new NoSurrogate());
    }
}
