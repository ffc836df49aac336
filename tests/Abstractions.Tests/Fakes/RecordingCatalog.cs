using BrainModular.Plugins;

namespace BrainModular.Testing.Fakes;

/// <summary>A catalogue that keeps what a plugin registers.</summary>
internal sealed class RecordingCatalog : ICatalogBuilder
{
    private readonly Dictionary<(Type Contract, string Name), Func<ISettings, object>> entries = [];

    public static RecordingCatalog Of(IPlugin plugin)
    {
        var catalog = new RecordingCatalog();
        plugin.Register(catalog);
        return catalog;
    }

    public IEnumerable<string> Names<T>() => entries.Keys.Where(static k => k.Contract == typeof(T)).Select(static k => k.Name);

    public T Create<T>(string name, params (string Key, object Value)[] settings) => Create<T>(name, new FixedSettings(settings));

    public T Create<T>(string name, ISettings settings) => (T)entries[(typeof(T), name)](settings);

    public void Add<T>(string name, string summary, Func<ISettings, T> create)
        where T : class
    {
        Assert.Matches("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", name);
        Assert.False(string.IsNullOrWhiteSpace(summary));
        entries.Add((typeof(T), name), create);
    }
}
