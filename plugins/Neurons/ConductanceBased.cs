using BrainModular.Models;
using BrainModular.Plugins.Neurons.Channels;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// A cell of one compartment made of ion channels, which its configuration lists:
/// <code>
/// C dV/dt = I / area - sum of the channels' currents
/// </code>
/// V in mV; C in uF/cm^2; area in um^2; I in nA; the channels' currents per area. Spike: V crosses Vspike upwards. Each channel's parameters and states come
/// under its name, such as <c>na.gMax</c>; all gates begin in equilibrium at Vinit.
/// </summary>
internal sealed class ConductanceBased(ISettings settings) : INeuronModel
{
    private readonly CompartmentSettings compartment = new(settings, 36);

    public void Define(INeuronScope scope) => new Compartment(scope, compartment, area: 10_000, potassium: -90).Carry(scope.Channels);
}
