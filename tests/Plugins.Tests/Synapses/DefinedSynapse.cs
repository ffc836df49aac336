using BrainModular.Models;
using BrainModular.Plugins.Synapses;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Synapses;

/// <summary>The built-in synapses, defined for tests.</summary>
internal static class DefinedSynapse
{
    public static IReadOnlyList<string> Names { get; } = [.. RecordingCatalog.Of(new SynapsesPlugin()).Names<ISynapseModel>()];

    public static ISynapseModel Create(string name, params (string, object)[] settings) =>
        RecordingCatalog.Of(new SynapsesPlugin()).Create<ISynapseModel>(name, settings);

    public static RecordingSynapse Define(string name, params (string, object)[] settings)
    {
        var synapse = new RecordingSynapse();
        Create(name, settings).Define(synapse);
        return synapse;
    }

    public static SmallSimulation Receptor(string name, double dt, params (string, double)[] parameters) =>
        new(Define(name).ReceptorPart, dt, parameters);
}
