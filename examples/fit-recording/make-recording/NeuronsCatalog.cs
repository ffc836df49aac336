using BrainModular.Plugins;
using BrainModular.Plugins.Neurons;
using BrainModular.Symbolics;

namespace BrainModular.Examples.MakeRecording;

/// <summary>Takes a component out of the plugin of neurons without the host, which this program is not.</summary>
internal static class NeuronsCatalog
{
    public static T Create<T>(string name)
        where T : class
    {
        var search = new Search<T>(name);
        new NeuronsPlugin().Register(search);
        return search.Found ?? throw new InvalidOperationException($"the plugin offers no {name}");
    }

    private sealed class Search<T>(string wanted) : ICatalogBuilder
        where T : class
    {
        public T? Found { get; private set; }

        void ICatalogBuilder.Add<TOffered>(string name, string summary, Func<ISettings, TOffered> create)
        {
            if (name == wanted && typeof(TOffered) == typeof(T))
            {
                Found = (T)(object)create(new Defaults());
            }
        }
    }

    /// <summary>Every setting keeps its default.</summary>
    private sealed class Defaults : ISettings
    {
        public double Number(string key, double defaultValue, double lower, double upper, string description) => defaultValue;

        public int Integer(string key, int defaultValue, int lower, int upper, string description) => defaultValue;

        public double Quantity(string key, Quantity defaultValue, string description) => defaultValue.InEngineUnits;

        public string Choice(string key, string defaultValue, IReadOnlyList<string> allowed, string description) => defaultValue;

        public bool Flag(string key, bool defaultValue, string description) => defaultValue;

        public string Text(string key, string defaultValue, string description) => defaultValue;

        public string Path(string key, string description) => "";

        public string? OptionalPath(string key, string description) => null;
    }
}
