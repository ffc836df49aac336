using System.Text.Json;
using BrainModular.Diagnostics;

namespace BrainModular.Host.Configuration;

/// <summary>The checked values of a configuration object, defaults filled in.</summary>
internal sealed record ConfigSection(Schema Schema, ConfigObject Node, IReadOnlyDictionary<string, object> Values)
{
    public Place Place => Node.Place;

    /// <summary>The components that it names, those of sections inside it included.</summary>
    public IEnumerable<ComponentConfig> Components => Values.Values
        .SelectMany(static v => v switch { NamedValue[] named => named.Select(static n => n.Value), object[] list => list, _ => [v] })
        .SelectMany(static v => v switch
        {
            ComponentConfig component => component.Host.Components.Prepend(component),
            ConfigSection section => section.Components,
            _ => Enumerable.Empty<ComponentConfig>(),
        });

    /// <summary>Whether the user gave the key.</summary>
    public bool IsGiven(string key) => Node[key] is not null;

    /// <summary>Where the key's value stands, or the object where it is a default.</summary>
    public Place PlaceOf(string key) => Node[key]?.Place ?? Node.Place with { Path = JsonPath.Member(Node.Position.Path, key) };

    /// <summary>The value of a key that is required or has a default.</summary>
    public T Get<T>(string key) => (T)Values[key];

    /// <summary>The value of a key that may be absent.</summary>
    public T? Find<T>(string key)
        where T : class => Values.TryGetValue(key, out var value) ? (T)value : null;

    /// <summary>The value of a key that may be absent.</summary>
    public T? FindValue<T>(string key)
        where T : struct => Values.TryGetValue(key, out var value) ? (T)value : null;

    /// <summary>Writes the object with every default filled in.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        WriteKeys(writer);
        writer.WriteEndObject();
    }

    public void WriteKeys(Utf8JsonWriter writer)
    {
        foreach (var key in Schema.Keys.Where(k => Values.ContainsKey(k.Name)))
        {
            writer.WritePropertyName(key.Name);
            key.Kind.Write(writer, Values[key.Name]);
        }
    }
}
