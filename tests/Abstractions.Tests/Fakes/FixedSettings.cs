using BrainModular.Plugins;
using BrainModular.Symbolics;

namespace BrainModular.Testing.Fakes;

/// <summary>Settings given in a test: whatever is not named keeps its default; which keys were read is remembered.</summary>
internal sealed class FixedSettings(params (string Key, object Value)[] values) : ISettings
{
    private readonly Dictionary<string, object> given = values.ToDictionary(static v => v.Key, static v => v.Value);

    public List<string> Read { get; } = [];

    public double Number(string key, double defaultValue, double lower, double upper, string description)
    {
        var value = Get(key, defaultValue);
        Assert.InRange(value, lower, upper);
        return value;
    }

    public int Integer(string key, int defaultValue, int lower, int upper, string description)
    {
        var value = Get(key, defaultValue);
        Assert.InRange(value, lower, upper);
        return value;
    }

    public double Quantity(string key, Quantity defaultValue, string description) => Get(key, defaultValue).InEngineUnits;

    public string Choice(string key, string defaultValue, IReadOnlyList<string> allowed, string description)
    {
        var value = Get(key, defaultValue);
        Assert.Contains(value, allowed);
        return value;
    }

    public bool Flag(string key, bool defaultValue, string description) => Get(key, defaultValue);

    public string Text(string key, string defaultValue, string description) => Get(key, defaultValue);

    public string Path(string key, string description) => Get(key, "");

    public string? OptionalPath(string key, string description) => Get<string?>(key, null);

    private T Get<T>(string key, T defaultValue)
    {
        Read.Add(key);
        return given.TryGetValue(key, out var value) ? (T)value : defaultValue;
    }
}
