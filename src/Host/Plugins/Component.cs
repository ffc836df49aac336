using System.Text.RegularExpressions;
using BrainModular.Diagnostics;
using BrainModular.Plugins;

namespace BrainModular.Host.Plugins;

/// <summary>A component that a plugin offers.</summary>
/// <param name="Plugin">The plugin.</param>
/// <param name="Contract">What it implements.</param>
/// <param name="Noun">The word for that.</param>
/// <param name="Name">Its name in configurations.</param>
/// <param name="Summary">One line about it.</param>
internal abstract record Component(LoadedPlugin Plugin, Type Contract, string Noun, string Name, string Summary)
{
    /// <summary>Makes one, where its contract does not matter.</summary>
    public abstract object CreateAny(ISettings settings);
}

/// <summary>A component of a known contract. It is the keyed service of the catalogue.</summary>
internal sealed record Component<T>(LoadedPlugin Plugin, string Noun, string Name, string Summary, Func<ISettings, T> Create)
    : Component(Plugin, typeof(T), Noun, Name, Summary)
    where T : class
{
    public override object CreateAny(ISettings settings) => Create(settings);
}

/// <summary>Takes the registrations of one plugin. They count only when all of them are sound.</summary>
internal sealed partial class CatalogBuilder(LoadedPlugin plugin, IReadOnlyList<Component> taken) : ICatalogBuilder
{
    private readonly List<Component> added = [];

    public IReadOnlyList<Component> Added => added;

    public void Add<T>(string name, string summary, Func<ISettings, T> create)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(create);
        var noun = Contracts.NounOf(typeof(T)) ?? throw new DiagnosticException(
            "BM4201", $"{plugin.Name} registers a {typeof(T).Name}, which is no contract", new(plugin.Path), $"the interface of a {string.Join(", ", Contracts.Nouns)}", "name the interface: catalog.Add<INeuronModel>(...)");
        if (name is null || !NamePattern().IsMatch(name))
        {
            throw new DiagnosticException("BM4202", $"{plugin.Name} registers a {noun} as '{name}'", new(plugin.Path), "lower-case words joined by hyphens, such as hodgkin-huxley", "rename it");
        }

        if (taken.Concat(added).FirstOrDefault(c => c.Contract == typeof(T) && c.Name == name) is { } other)
        {
            throw new DiagnosticException("BM4202", $"{plugin.Name} registers the {noun} '{name}', which {other.Plugin.Name} ({other.Plugin.Path}) offers already", new(plugin.Path), cure: "rename it, or leave one of the two plugins out");
        }

        added.Add(new Component<T>(plugin, noun, name, summary ?? "", create));
    }

    [GeneratedRegex("^[a-z0-9]+([-.][a-z0-9]+)*$")]
    private static partial Regex NamePattern();
}
