using System.Globalization;
using BrainModular.Plugins;
using BrainModular.Symbolics;

namespace BrainModular.Bench;

/// <summary>Components of a plugin with all settings at their defaults, but for those given.</summary>
internal sealed class DefaultCatalog((string Key, object Value)[] given) : ICatalogBuilder, ISettings
{
    private readonly Dictionary<string, Func<ISettings, object>> entries = [];
    private readonly List<(Type Kind, string Name)> kinds = [];

    public static DefaultCatalog Of(IPlugin plugin, params (string Key, object Value)[] given)
    {
        var catalog = new DefaultCatalog(given);
        plugin.Register(catalog);
        return catalog;
    }

    /// <summary>The names of all components of a kind.</summary>
    public IEnumerable<string> NamesOf<T>() => kinds.Where(static k => k.Kind == typeof(T)).Select(static k => k.Name);

    public T Create<T>(string name) => (T)entries[name](this);

    public void Add<T>(string name, string summary, Func<ISettings, T> create)
        where T : class
    {
        entries[name] = create;
        kinds.Add((typeof(T), name));
    }

    public double Number(string key, double defaultValue, double lower, double upper, string description) => Convert.ToDouble(Given<object>(key, defaultValue), CultureInfo.InvariantCulture);

    public int Integer(string key, int defaultValue, int lower, int upper, string description) => Convert.ToInt32(Given<object>(key, defaultValue), CultureInfo.InvariantCulture);

    public double Quantity(string key, Quantity defaultValue, string description) => defaultValue.InEngineUnits;

    public string Choice(string key, string defaultValue, IReadOnlyList<string> allowed, string description) => Given(key, defaultValue);

    public bool Flag(string key, bool defaultValue, string description) => defaultValue;

    public string Text(string key, string defaultValue, string description) => defaultValue;

    public string Path(string key, string description) => throw new InvalidOperationException($"no default for the path {key}");

    public string? OptionalPath(string key, string description) => null;

    private T Given<T>(string key, T otherwise) => given.Where(g => g.Key == key).Select(static g => (T)g.Value).FirstOrDefault(otherwise);
}
