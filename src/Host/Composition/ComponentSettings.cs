using System.Text.Json;
using BrainModular.Host.Configuration;
using BrainModular.Plugins;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition;

/// <summary>A setting that a component read: what it may be, and how it is written with its value; null where it has none.</summary>
internal sealed record SettingRead(string Key, string Description, string Expected, string Default, Action<Utf8JsonWriter>? Write);

/// <summary>
/// A component's settings. A setting with a fault gives its default, so that all faults are found in one go; reading declares, so that
/// afterwards every key that was not read is refused.
/// </summary>
internal sealed class ComponentSettings(
    IReadOnlyList<ConfigMember> given, Faults faults, NodePosition at, IEnumerable<string> hostKeys, IReadOnlyList<ConfigMember>? suggested = null) : ISettings
{
    private readonly Dictionary<string, SettingRead> read = [];

    /// <summary>What was read, in the order of the first reading.</summary>
    public IReadOnlyCollection<SettingRead> Read => read.Values;

    /// <summary>Whether a path was read that is missing or none, so that there is nothing to open.</summary>
    public bool LacksPath { get; private set; }

    /// <summary>What was given and not read.</summary>
    public IReadOnlyList<ConfigMember> Unread => [.. given.Where(m => !read.ContainsKey(m.Name))];

    public double Number(string key, double defaultValue, double lower, double upper, string description) =>
        Value(key, new NumberKind(lower, upper), defaultValue, description);

    public int Integer(string key, int defaultValue, int lower, int upper, string description) =>
        (int)Value(key, new IntegerKind(lower, upper), (long)defaultValue, description);

    public double Quantity(string key, Quantity defaultValue, string description) =>
        Value(key, new QuantityKind(defaultValue.Dimension, defaultValue.ToString()), defaultValue, description).InEngineUnits;

    public string Choice(string key, string defaultValue, IReadOnlyList<string> allowed, string description) =>
        Value(key, new ChoiceKind([.. allowed]), defaultValue, description);

    public bool Flag(string key, bool defaultValue, string description) => Value(key, new FlagKind(), defaultValue, description);

    public string Text(string key, string defaultValue, string description) => Value(key, new TextKind(), defaultValue, description);

    public string Path(string key, string description)
    {
        if (Find(key) is null)
        {
            faults.Add("BM2006", $"the key '{key}' is missing", at.Place, "a path", description);
        }

        return GivenPath(key, description);
    }

    public string? OptionalPath(string key, string description)
    {
        if (Find(key) is not null)
        {
            return GivenPath(key, description);
        }

        read.TryAdd(key, new(key, description, new PathKind().Expected, "", null));
        return null;
    }

    /// <summary>Refuses the keys that the component did not read.</summary>
    public void RefuseUnread()
    {
        foreach (var member in Unread)
        {
            Schema.RefuseUnknown(member, [.. read.Keys, .. hostKeys, "type"], faults);
        }
    }

    private string GivenPath(string key, string description)
    {
        var path = Value(key, new PathKind(), "", description);
        LacksPath |= path.Length == 0;
        return path;
    }

    private ConfigNode? Find(string key) => given.Concat(suggested ?? []).FirstOrDefault(m => m.Name == key)?.Value;

    private T Value<T>(string key, ValueKind kind, T defaultValue, string description)
        where T : notnull
    {
        var before = read.ContainsKey(key) ? new Faults() : faults; // A key read twice is complained of once.
        var value = Find(key) is { } node && kind.Read(node, before) is T fitting ? fitting : defaultValue;
        read.TryAdd(key, new(key, description, kind.Expected, $"{defaultValue}", writer => kind.Write(writer, value)));
        return value;
    }
}
