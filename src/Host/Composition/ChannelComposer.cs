using BrainModular.Diagnostics;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Host.Plugins;
using BrainModular.Models;

namespace BrainModular.Host.Composition;

/// <summary>The ion channels of a neuron.</summary>
/// <param name="Inserted">The channels under their names.</param>
/// <param name="Configs">Their configurations, in the same order.</param>
internal sealed record ComposedChannels(IReadOnlyList<InsertedChannel> Inserted, IReadOnlyList<ComponentConfig> Configs)
{
    /// <summary>What stands beside the channels of their parameters, each with its channel's name.</summary>
    public IEnumerable<(string Channel, T Setting)> Parameters<T>() =>
        Inserted.Zip(Configs).SelectMany(static c => ((T[]?)c.Second.Parameters ?? []).Select(s => (c.First.Name, s)));
}

/// <summary>Makes the ion channels that a neuron's configuration lists.</summary>
internal sealed class ChannelComposer(ComponentFactory components, Faults faults)
{
    /// <returns>The channels; null where faults keep one of them from being made.</returns>
    public ComposedChannels? Compose(ComponentConfig neuron)
    {
        var before = faults.Found.Count;
        var configs = (neuron.Host.Find<object[]>("channels") ?? []).Cast<ComponentConfig>().ToArray();
        var inserted = new List<InsertedChannel>();
        foreach (var config in configs)
        {
            var name = config.Host.Find<string>("name") ?? config.Type!.Split('-')[0];
            CheckName(name, config, inserted);
            if (components.Create<IIonChannel>(config, faults) is { } channel)
            {
                inserted.Add(new(name, new Attributed(channel, components.Catalog.Get<IIonChannel>(config.Type!, config.TypePlace), config.Place)));
            }
        }

        return faults.Found.Count > before ? null : new(inserted, configs);
    }

    private void CheckName(string name, ComponentConfig config, List<InsertedChannel> before)
    {
        if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            faults.Add("BM2005", $"'{name}' cannot be the name of a channel", config.Host.PlaceOf("name"), "letters, digits, - and _", "rename it");
        }
        else if (before.Any(c => c.Name == name))
        {
            faults.Add("BM2306", $"two channels have the name '{name}'", config.Place, "a name of its own for every channel", "give one of them a \"name\"");
        }
    }

    /// <summary>A channel whose faults name its own plugin and place, and not those of the neuron that calls it.</summary>
    private sealed class Attributed(IIonChannel channel, Component component, Place place) : IIonChannel
    {
        public void Define(IChannelScope scope) => ComponentFactory.Guarded(component, place, () =>
        {
            channel.Define(scope);
            return true;
        });
    }
}
