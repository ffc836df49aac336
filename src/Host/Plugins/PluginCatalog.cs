using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BrainModular.Host.Plugins;

/// <summary>What all loaded plugins offer, as keyed services under the names that configurations use.</summary>
internal sealed class PluginCatalog
{
    private readonly ServiceProvider services;

    private PluginCatalog(IReadOnlyList<LoadedPlugin> plugins, IReadOnlyList<Component> components, IReadOnlyList<FailedPlugin> failures)
    {
        (Plugins, Components, Failures) = (plugins, components, failures);
        var collection = new ServiceCollection();
        foreach (var component in components)
        {
            collection.AddKeyedSingleton(component.GetType(), component.Name, component);
        }

        services = collection.BuildServiceProvider();
    }

    public IReadOnlyList<LoadedPlugin> Plugins { get; }

    /// <summary>The plugins that do not come with the host.</summary>
    public IEnumerable<LoadedPlugin> Strangers => Plugins.Where(static p => p.Source != PluginDiscovery.BuiltIn);

    public IReadOnlyList<Component> Components { get; }

    public IReadOnlyList<FailedPlugin> Failures { get; }

    /// <summary>Loads what was found. A plugin that fails is listed with its reason, and the others go on.</summary>
    public static PluginCatalog Load(PluginDiscovery discovery)
    {
        List<LoadedPlugin> plugins = [];
        List<Component> components = [];
        List<FailedPlugin> failures = [.. discovery.Failures];
        foreach (var candidate in discovery.Candidates)
        {
            try
            {
                var (plugin, added) = LoadedPlugin.Load(candidate, components);
                plugins.Add(plugin);
                components.AddRange(added);
            }
            catch (DiagnosticException exception)
            {
                failures.Add(new(candidate.Metadata.Path, candidate.Source, exception.Diagnostics[0]));
            }
        }

        return new(plugins, components, failures);
    }

    /// <summary>The component of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="place">Where the configuration names it.</param>
    /// <exception cref="DiagnosticException">BM2013: no plugin offers it; BM4111: none does, and plugins that might have failed.</exception>
    public Component<T> Get<T>(string name, Place place)
        where T : class => (Component<T>)Get(typeof(T), name, place);

    /// <summary>The same where the contract is known only at run time.</summary>
    public Component Get(Type contract, string name, Place place)
    {
        if (services.GetKeyedService(typeof(Component<>).MakeGenericType(contract), name) is Component component)
        {
            return component;
        }

        var noun = Contracts.NounOf(contract);
        var names = Components.Where(c => c.Contract == contract).Select(static c => c.Name).ToArray();
        throw Failures.Count > 0 && NearestNames.Of(name, names).Count == 0
            ? new DiagnosticException("BM4111", $"no plugin offers the {noun} '{name}', and {Failures.Count} failed to load", place, null, string.Join("; ", Failures.Select(f => $"{f.Path}: {f.Reason.Problem}")))
            : new DiagnosticException("BM2013", $"there is no {noun} '{name}'", place, null, NearestNames.Cure(name, names));
    }

    /// <summary>Every component of a contract, in the order of registration.</summary>
    public IEnumerable<Component<T>> All<T>()
        where T : class => Components.OfType<Component<T>>();
}
