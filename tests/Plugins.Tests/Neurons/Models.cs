using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Neurons;

/// <summary>The built-in neuron models, defined and simulated for tests.</summary>
internal static class Models
{
    public static Definition Define(string name, params (string Key, object Value)[] settings) =>
        RecordingNeuronScope.Define(RecordingCatalog.Of(new NeuronsPlugin()).Create<INeuronModel>(name, settings));

    public static SmallSimulation Simulate(string name, double dt, params (string Name, double Value)[] parameters) =>
        new(Define(name), dt, parameters);
}
