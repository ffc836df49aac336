using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Models;

namespace BrainModular.Host.Composition.Networks;

/// <summary>A synapse, and what is said of its parameters.</summary>
/// <param name="Name">Its name in the network.</param>
/// <param name="Model">The model, whose faults are named with its plugin.</param>
/// <param name="Parts">Its parts, traced by themselves.</param>
/// <param name="Parameters">Its parameters' settings by their full name in a population's model.</param>
internal sealed record ComposedSynapse(string Name, NamedSynapse Model, SynapseDefinition Parts, IReadOnlyList<(string FullName, UnitParameter Setting)> Parameters)
{
    /// <summary>What a population that the synapse begins on sends instead of its spike; null for the spike.</summary>
    public string? Sent => Parts.Release is null ? null : $"{Name}.release.sent";
}

/// <summary>Makes the synapses of a network.</summary>
internal sealed class SynapseComposer(ComponentFactory components, Rescaling? rescaling, Faults faults)
{
    public IReadOnlyDictionary<string, ComposedSynapse> Compose(NetworkConfig network, ISurrogate surrogate)
    {
        var composed = new Dictionary<string, ComposedSynapse>();
        foreach (var (name, component) in network.Synapses)
        {
            if (components.Create<ISynapseModel>(component, faults) is { } made && Trace(name, component, made, surrogate) is { } parts)
            {
                var plugin = components.Catalog.Get<ISynapseModel>(component.Type!, component.TypePlace);
                var model = new NamedSynapse(name, made) { Boundary = define => ComponentFactory.Guarded(plugin, component.Place, define) };
                composed[name] = new(name, model, parts, Parameters(name, component, parts));
            }
        }

        return composed;
    }

    private SynapseDefinition? Trace(string name, ComponentConfig component, ISynapseModel made, ISurrogate surrogate)
    {
        SynapseDefinition? parts = null;
        faults.Collect(() => parts = ComponentFactory.Guarded(
            components.Catalog.Get<ISynapseModel>(component.Type!, component.TypePlace), component.Place, () => ModelTracer.Trace(name, made, surrogate)));
        if (parts?.Plasticity is not null)
        {
            faults.Add(
                "BM2614", $"synapse {component.Type} changes its weights by a rule of its own", component.TypePlace, "a synapse whose weights training alone changes", "use another synapse");
        }

        return parts;
    }

    private List<(string FullName, UnitParameter Setting)> Parameters(string name, ComponentConfig component, SynapseDefinition parts)
    {
        var (receptor, release) = (parts.Receptor?.Parameters ?? [], parts.Release?.Parameters ?? []);
        var found = new List<(string, UnitParameter)>();
        foreach (var setting in component.Host.Find<UnitParameter[]>("parameters") ?? [])
        {
            if (new ParameterComposer(rescaling, faults).Find(setting, $"synapse {name}", [.. receptor, .. release]) is { } parameter)
            {
                found.Add((receptor.Contains(parameter) ? $"{name}.{setting.Name}" : $"{name}.release.{setting.Name}", setting));
            }
        }

        return found;
    }
}
