using System.Text.Json;
using BrainModular.Diagnostics;
using BrainModular.Symbolics;

namespace BrainModular.Host.Configuration;

/// <summary>What a configuration says of a parameter of many units: one value, or a distribution of which each unit gets its own.</summary>
/// <param name="Name">The parameter's name, dots included.</param>
/// <param name="Shape">How the units' values are spread.</param>
/// <param name="Numbers">One number, or two; their dimension is checked where the model is known.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record UnitParameter(string Name, DistributionShape Shape, IReadOnlyList<Quantity> Numbers, Place Place)
{
    /// <summary>The attribute of a connectome's nodes that has the values; null where the numbers say them.</summary>
    public NodeAttribute? Attribute { get; init; }
}

/// <summary>An attribute of a connectome's nodes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Per">Another attribute by which it is divided; null for none.</param>
/// <param name="Unit">The unit of the numbers; null for the connectome's own.</param>
internal sealed record NodeAttribute(string Name, string? Per, Unit? Unit)
{
    public override string ToString() => Per is null ? Name : $"{Name} / {Per}";
}

/// <summary>Parameters or states by name: a quantity, or <c>{ "uniform": [...] }</c> and the like.</summary>
internal sealed class UnitParametersKind(string what = "parameter") : ParameterKind
{
    private static readonly (string Key, DistributionShape Shape)[] Shapes =
        [("uniform", DistributionShape.Uniform), ("normal", DistributionShape.Normal), ("lognormal", DistributionShape.LogNormal)];

    private static readonly string[] AttributeKeys = ["attribute", "per", "unit"];

    /// <summary>How distributions are written.</summary>
    public const string Distributions = "{ \"uniform\": [low, high] }, { \"normal\": [mean, sd] }, { \"lognormal\": [mean, sd] }";

    public override string Expected =>
        $"an object of {what}s, each a quantity or {Distributions}, {{ \"attribute\": name, \"per\": name, \"unit\": unit }}";

    public override object? Read(ConfigNode node, Faults faults) =>
        node is ConfigObject o ? o.Members.Select(m => ReadOne(m, faults)).OfType<UnitParameter>().ToArray() : Refuse(node, faults);

    public override void WriteMembers(Utf8JsonWriter writer, object value)
    {
        foreach (var parameter in (UnitParameter[])value)
        {
            writer.WritePropertyName(parameter.Name);
            if (parameter.Shape == DistributionShape.Constant && parameter.Attribute is null)
            {
                QuantityKind.WriteQuantity(writer, parameter.Numbers[0]);
                continue;
            }

            writer.WriteStartObject();
            if (parameter.Attribute is { } attribute)
            {
                foreach (var (key, text) in AttributeKeys.Zip([attribute.Name, attribute.Per, attribute.Unit?.Symbol]).Where(static p => p.Second is not null))
                {
                    writer.WriteString(key, text);
                }

                writer.WriteEndObject();
                continue;
            }

            WriteNumbers(writer, parameter);
            writer.WriteEndObject();
        }
    }

    /// <summary>Writes the distribution as a member of the object that is being written.</summary>
    public static void WriteNumbers(Utf8JsonWriter writer, UnitParameter parameter)
    {
        writer.WriteStartArray(Shapes.First(s => s.Shape == parameter.Shape).Key);
        foreach (var number in parameter.Numbers)
        {
            QuantityKind.WriteQuantity(writer, number);
        }

        writer.WriteEndArray();
    }

    private static UnitParameter? ReadOne(ConfigMember member, Faults faults)
    {
        if (member.Value is not ConfigObject o)
        {
            return AnyQuantityKind.ReadAny(member.Value, faults) is { } value ? new(member.Name, DistributionShape.Constant, [value], member.Value.Place) : null;
        }

        return o["attribute"] is not null ? ReadAttribute(member.Name, o, faults) : ReadNumbers(member.Name, o, faults);
    }

    /// <summary>Reads a distribution; null after a fault was added.</summary>
    public static UnitParameter? ReadNumbers(string name, ConfigObject o, Faults faults)
    {
        if (o.Members is not [{ Value: ConfigArray { Items.Count: 2 } numbers } only] || Shapes.All(s => s.Key != only.Name))
        {
            foreach (var unknown in o.Members.Where(static m => Shapes.All(s => s.Key != m.Name)))
            {
                Schema.RefuseUnknown(unknown, Shapes.Select(static s => s.Key), faults);
            }

            faults.Add("BM2005", $"this does not say how {name} is spread", o.Place, $"one of {Distributions}");
            return null;
        }

        var (first, second) = (AnyQuantityKind.ReadAny(numbers.Items[0], faults), AnyQuantityKind.ReadAny(numbers.Items[1], faults));
        if (first is not { } a || second is not { } b)
        {
            return null;
        }

        var shape = Shapes.First(s => s.Key == only.Name).Shape;
        if (a.Dimension == b.Dimension && new Distribution(shape, a.InEngineUnits, b.InEngineUnits).Fault is { } fault)
        {
            faults.Add("BM2601", $"{only.Name} of {name}: {fault}", o.Place, "low <= high, a mean above 0 where it is lognormal, and sd >= 0", "correct the numbers");
            return null;
        }

        return new(name, shape, [a, b], o.Place);
    }

    private static UnitParameter? ReadAttribute(string parameter, ConfigObject o, Faults faults)
    {
        var before = faults.Found.Count;
        foreach (var unknown in o.Members.Where(static m => !AttributeKeys.Contains(m.Name)))
        {
            Schema.RefuseUnknown(unknown, AttributeKeys, faults);
        }

        var text = new TextKind();
        string? Text(string key) => o[key] is { } node ? (string?)text.Read(node, faults) : null;
        var (attribute, per, symbol) = (Text("attribute"), Text("per"), Text("unit"));
        var unit = default(Unit);
        if (symbol is not null && !Unit.TryParse(symbol, out unit))
        {
            faults.Add("BM2007", $"\"{symbol}\" is no unit", o["unit"]!.Place, "a unit such as ms, mV or ms/pF", "correct it");
        }

        return faults.Found.Count > before ? null : new(parameter, DistributionShape.Constant, [], o.Place) { Attribute = new(attribute!, per, symbol is null ? null : unit) };
    }
}

/// <summary>A quantity, the same for all, or <c>{ "uniform": [...] }</c> and the like, of which each gets its own.</summary>
internal sealed class SpreadKind(QuantityKind quantity) : ValueKind
{
    public override string Expected => $"{quantity.Expected}, or one of {UnitParametersKind.Distributions}";

    public override object? Read(ConfigNode node, Faults faults)
    {
        if (node is not ConfigObject o)
        {
            return quantity.Read(node, faults) is Quantity value ? new UnitParameter("", DistributionShape.Constant, [value], node.Place) : null;
        }

        if (UnitParametersKind.ReadNumbers("this", o, faults) is not { } read)
        {
            return null;
        }

        if (read.Numbers.All(q => q.Dimension == quantity.Dimension))
        {
            return read;
        }

        faults.Add("BM2008", $"'{read.Numbers.First(q => q.Dimension != quantity.Dimension)}' measures something else", node.Place, quantity.Expected, "correct the unit");
        return null;
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        var read = (UnitParameter)value;
        if (read.Shape == DistributionShape.Constant)
        {
            QuantityKind.WriteQuantity(writer, read.Numbers[0]);
            return;
        }

        writer.WriteStartObject();
        UnitParametersKind.WriteNumbers(writer, read);
        writer.WriteEndObject();
    }
}

/// <summary>A quantity of any dimension, which is checked where it is known.</summary>
internal sealed class AnyQuantityKind(string example) : ValueKind
{
    public override string Expected => $"a quantity, such as \"{example}\"";

    public override object? Read(ConfigNode node, Faults faults) => ReadAny(node, faults);

    public override void Write(Utf8JsonWriter writer, object value) => QuantityKind.WriteQuantity(writer, (Quantity)value);

    /// <summary>The quantity of a node, a pure number included; null after a fault was added.</summary>
    public static Quantity? ReadAny(ConfigNode node, Faults faults)
    {
        var dimension = node is ConfigText text && Quantity.TryParse(text.Value, out var quantity) ? quantity.Dimension : Dimension.None;
        return QuantityKind.ReadQuantity(node, dimension, "10 nS", faults);
    }
}
