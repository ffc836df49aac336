using System.Text.Json;
using BrainModular.Diagnostics;
using BrainModular.Symbolics;

namespace BrainModular.Host.Configuration;

/// <summary>What a configuration says of a model's parameter. Its dimension and bounds are checked where the model is known.</summary>
/// <param name="Name">The parameter's name, dots included.</param>
/// <param name="Value">Its value; a fit does not change it unless bounds are given, too.</param>
/// <param name="Lower">The lower bound of a fit; null: the model's.</param>
/// <param name="Upper">The upper bound of a fit; null: the model's.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record ParameterSetting(string Name, Quantity? Value, Quantity? Lower, Quantity? Upper, Place Place)
{
    /// <summary>A plain value: a fit leaves it alone.</summary>
    public bool IsFixed => Value is not null && Lower is null && Upper is null;
}

/// <summary>Parameters by name, in an object of their own or beside other keys.</summary>
internal abstract class ParameterKind : ValueKind
{
    public override void Write(Utf8JsonWriter writer, object value)
    {
        writer.WriteStartObject();
        WriteMembers(writer, value);
        writer.WriteEndObject();
    }

    /// <summary>Writes parameters as members of the object that is being written.</summary>
    public abstract void WriteMembers(Utf8JsonWriter writer, object value);
}

/// <summary>Parameters by name: a quantity, or an object with value, lower and upper.</summary>
internal sealed class ParametersKind : ParameterKind
{
    private static readonly string[] Keys = ["value", "lower", "upper"];

    public override string Expected => "an object of parameters, each a quantity or { \"value\": ..., \"lower\": ..., \"upper\": ... }";

    public override object? Read(ConfigNode node, Faults faults) =>
        node is ConfigObject o ? o.Members.Select(m => ReadOne(m, faults)).OfType<ParameterSetting>().ToArray() : Refuse(node, faults);

    public override void WriteMembers(Utf8JsonWriter writer, object value)
    {
        foreach (var parameter in (ParameterSetting[])value)
        {
            writer.WritePropertyName(parameter.Name);
            if (parameter.IsFixed)
            {
                QuantityKind.WriteQuantity(writer, parameter.Value!.Value);
                continue;
            }

            writer.WriteStartObject();
            foreach (var (key, quantity) in Keys.Zip([parameter.Value, parameter.Lower, parameter.Upper]))
            {
                if (quantity is { } given)
                {
                    writer.WritePropertyName(key);
                    QuantityKind.WriteQuantity(writer, given);
                }
            }

            writer.WriteEndObject();
        }
    }

    private static ParameterSetting? ReadOne(ConfigMember member, Faults faults)
    {
        if (member.Value is not ConfigObject o)
        {
            return AnyQuantityKind.ReadAny(member.Value, faults) is { } value ? new(member.Name, value, null, null, member.Value.Place) : null;
        }

        foreach (var unknown in o.Members.Where(m => !Keys.Contains(m.Name)))
        {
            Schema.RefuseUnknown(unknown, Keys, faults);
        }

        var quantities = Keys.Select(key => o[key] is { } given ? AnyQuantityKind.ReadAny(given, faults) : null).ToArray();
        return new(member.Name, quantities[0], quantities[1], quantities[2], o.Place);
    }
}
