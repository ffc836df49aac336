using System.Text.Json;
using BrainModular.Diagnostics;

namespace BrainModular.Host.Configuration;

/// <summary>A thing under its name.</summary>
internal sealed record NamedValue(string Name, object Value, Place Place);

/// <summary>An object of things of one kind, each under a name that the user chooses; they keep their order.</summary>
internal sealed class NamedKind(string noun, ValueKind item) : ValueKind
{
    public ValueKind Item => item;

    public override string Expected => $"an object with a name for each {noun}";

    public override object? Read(ConfigNode node, Faults faults)
    {
        if (node is not ConfigObject given)
        {
            return Refuse(node, faults, $"{{ \"NAME\": {{ ... }} }}");
        }

        var read = new List<NamedValue>();
        foreach (var member in given.Members)
        {
            if (member.Name.Length == 0 || !member.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                faults.Add("BM2005", $"'{member.Name}' cannot be the name of a {noun}", member.NamePosition.Place, "letters, digits, - and _", "rename it");
            }
            else if (IsMissed(member))
            {
                Schema.RefuseUnknown(member, given.Members.Select(static m => m.Name).Where(name => name != member.Name), faults);
            }
            else if (item.Read(member.Value, faults) is { } value)
            {
                read.Add(new(member.Name, value, member.Value.Place));
            }
        }

        return read.ToArray();
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        writer.WriteStartObject();
        foreach (var named in (NamedValue[])value)
        {
            writer.WritePropertyName(named.Name);
            item.Write(writer, named.Value);
        }

        writer.WriteEndObject();
    }

    // An option that leads to a thing that is not there misses, rather than adding one.
    private bool IsMissed(ConfigMember member) => member.Value is ConfigObject o && o.Position.Origin.OnCommandLine && item switch
    {
        SectionKind section => section.Schema.Keys.Any(k => k.Required && o[k.Name] is null),
        ComponentKind => o["type"] is null,
        _ => false,
    };
}
