using System.Text.Json;

namespace BrainModular.Host.Configuration;

/// <summary>One key of a configuration object.</summary>
/// <param name="Name">The key.</param>
/// <param name="Kind">What its value may be.</param>
/// <param name="Doc">What it does, one sentence.</param>
/// <param name="Default">The value where none is given: JSON, or else a text; null where there is none.</param>
/// <param name="Required">Whether it has to be given.</param>
/// <param name="Unless">The key that can be given instead, where it is required.</param>
internal sealed record Key(string Name, ValueKind Kind, string Doc, string? Default = null, bool Required = false, string? Unless = null)
{
    private static readonly Origin DefaultOrigin = new("default", Directory.GetCurrentDirectory());

    /// <summary>The default as a value; a default that its own kind refuses is a fault of the table.</summary>
    public object? DefaultValue()
    {
        if (Default is null)
        {
            return null;
        }

        var faults = new Faults();
        var value = Kind.Read(ConfigParser.ParseLiteral(Default, new(DefaultOrigin, Name), faults), faults);
        return faults.Any ? throw new InvalidOperationException($"the default of '{Name}' does not fit: {faults.Found[0]}") : value;
    }
}

/// <summary>The keys of a configuration object: one table that drives validation, suggestions, <c>--set</c>, defaults and the reference page.</summary>
internal sealed record Schema(string Name, string Doc, IReadOnlyList<Key> Keys)
{
    public IEnumerable<string> KeyNames => Keys.Select(k => k.Name);

    /// <summary>Reads an object's keys. Values with faults are left out of the section, and the faults added.</summary>
    /// <param name="node">The object.</param>
    /// <param name="faults">Where faults go.</param>
    /// <param name="open">Whether other keys belong to a component, which checks them itself.</param>
    public ConfigSection Read(ConfigObject node, Faults faults, bool open = false)
    {
        var values = new Dictionary<string, object>();
        foreach (var key in Keys)
        {
            if (node[key.Name] is { } given)
            {
                if (key.Kind.Read(given, faults) is { } value)
                {
                    values[key.Name] = value;
                }
            }
            else if (key.DefaultValue() is { } value)
            {
                values[key.Name] = value;
            }
            else if (key.Required && (key.Unless is null || node[key.Unless] is null))
            {
                faults.Add("BM2006", $"the key '{key.Name}' is missing", node.Place, $"'{key.Name}': {key.Kind.Expected}", $"add it: {key.Doc}");
            }
        }

        foreach (var member in node.Members.Where(m => !open && !KeyNames.Contains(m.Name)))
        {
            RefuseUnknown(member, KeyNames, faults);
        }

        return new(this, node, values);
    }

    /// <summary>A key that nothing reads. On the command line that is a fault of usage.</summary>
    public static void RefuseUnknown(ConfigMember member, IEnumerable<string> known, Faults faults)
    {
        var id = member.NamePosition.Origin.OnCommandLine ? "BM1103" : "BM2004";
        faults.Add(id, $"there is no key '{member.Name}' here", member.NamePosition.Place, cure: NearestNames.Cure(member.Name, known));
    }
}

/// <summary>An object that a schema describes.</summary>
internal sealed class SectionKind(Schema schema) : ValueKind
{
    public Schema Schema => schema;

    public override string Expected => $"an object with the keys {string.Join(", ", schema.KeyNames)}";

    public override object? Read(ConfigNode node, Faults faults) => node is ConfigObject o ? schema.Read(o, faults) : Refuse(node, faults);

    public override void Write(Utf8JsonWriter writer, object value) => ((ConfigSection)value).Write(writer);
}
