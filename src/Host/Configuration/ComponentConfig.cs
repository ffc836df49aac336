using System.Text.Json;
using BrainModular.Diagnostics;

namespace BrainModular.Host.Configuration;

/// <summary>A component of a plugin as the configuration names it: its type, keys of the host's own, and settings that only the component knows.</summary>
internal sealed class ComponentConfig(Type contract, string? type, ConfigSection host, IReadOnlyList<ConfigMember> settings, ParameterKind? beside = null)
{
    /// <summary>The contract, such as <c>INeuronModel</c>.</summary>
    public Type Contract => contract;

    /// <summary>The component's name; null where the host is to choose.</summary>
    public string? Type => type;

    /// <summary>The keys that mean the same for every component of the contract.</summary>
    public ConfigSection Host => host;

    /// <summary>The component's own settings, as they were given.</summary>
    public IReadOnlyList<ConfigMember> Settings => settings;

    /// <summary>Settings that other keys suggest, taken where the component reads them and they are not given.</summary>
    public IReadOnlyList<ConfigMember> Suggested { get; set; } = [];

    /// <summary>What the keys are that are neither the host's nor settings: parameters of that kind; null where there are to be no others.</summary>
    public ParameterKind? Beside => beside;

    /// <summary>The parameters among the component's own keys; known when it was made.</summary>
    public object? Parameters { get; set; }

    public Place Place => host.Place;

    /// <summary>Where the type stands.</summary>
    public Place TypePlace => host.PlaceOf("type");

    /// <summary>Writes the settings with their defaults; set when the component was made, which is when they become known.</summary>
    public Action<Utf8JsonWriter>? WriteSettings { get; set; }
}

/// <summary>An object with a <c>type</c> that names a component of a plugin, keys of the host, and the component's settings beside them.</summary>
internal sealed class ComponentKind(Type contract, string noun, Schema host, bool typeRequired = true, ParameterKind? beside = null) : ValueKind
{
    private static readonly TextKind TypeName = new();

    public Schema Host => host;

    public Type Contract => contract;

    public override string Expected => $"an object with the 'type' of a {noun}";

    public override object? Read(ConfigNode node, Faults faults)
    {
        if (node is not ConfigObject given)
        {
            return Refuse(node, faults, node is ConfigText text ? $"{{ \"type\": \"{text.Value}\" }}" : null);
        }

        string? type = null;
        if (given["type"] is { } typeNode)
        {
            type = (string?)TypeName.Read(typeNode, faults);
        }
        else if (typeRequired)
        {
            faults.Add("BM2006", "the key 'type' is missing", given.Place, $"the name of a {noun}", "add one; brain plugins lists them");
        }

        var section = host.Read(given, faults, open: true);
        return type is null && typeRequired
            ? null
            : new ComponentConfig(contract, type, section, [.. given.Members.Where(m => m.Name != "type" && !host.KeyNames.Contains(m.Name))], beside);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        var component = (ComponentConfig)value;
        writer.WriteStartObject();
        if (component.Type is not null)
        {
            writer.WriteString("type", component.Type);
        }

        component.Host.WriteKeys(writer);
        component.WriteSettings?.Invoke(writer);
        writer.WriteEndObject();
    }
}
