using System.Text.Json;
using BrainModular.Diagnostics;
using BrainModular.Symbolics;

namespace BrainModular.Host.Configuration;

/// <summary>What a configuration says of a parameter of many units: one value, or a distribution of which each unit gets its own.</summary>
/// <param name="Name">The parameter's name, dots included.</param>
/// <param name="Shape">How the units' values are spread.</param>
/// <param name="Numbers">One number, or two; their dimension is checked where the model is known.</param>
/// <param name="Place">Where it stands.</param>
internal sealed record UnitParameter(string Name, DistributionShape Shape, IReadOnlyList<Quantity> Numbers, Place Place);

/// <summary>Parameters by name: a quantity, or <c>{ "uniform": [...] }</c> and the like.</summary>
internal sealed class UnitParametersKind : ValueKind
{
    private static readonly (string Key, DistributionShape Shape)[] Shapes =
        [("uniform", DistributionShape.Uniform), ("normal", DistributionShape.Normal), ("lognormal", DistributionShape.LogNormal)];

    public override string Expected =>
        "an object of parameters, each a quantity or { \"uniform\": [low, high] }, { \"normal\": [mean, sd] }, { \"lognormal\": [mean, sd] }";

    public override object? Read(ConfigNode node, Faults faults) =>
        node is ConfigObject o ? o.Members.Select(m => ReadOne(m, faults)).OfType<UnitParameter>().ToArray() : Refuse(node, faults);

    public override void Write(Utf8JsonWriter writer, object value)
    {
        writer.WriteStartObject();
        foreach (var parameter in (UnitParameter[])value)
        {
            writer.WritePropertyName(parameter.Name);
            if (parameter.Shape == DistributionShape.Constant)
            {
                QuantityKind.WriteQuantity(writer, parameter.Numbers[0]);
                continue;
            }

            writer.WriteStartObject();
            writer.WriteStartArray(Shapes.First(s => s.Shape == parameter.Shape).Key);
            foreach (var number in parameter.Numbers)
            {
                QuantityKind.WriteQuantity(writer, number);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static UnitParameter? ReadOne(ConfigMember member, Faults faults)
    {
        if (member.Value is not ConfigObject o)
        {
            return AnyQuantityKind.ReadAny(member.Value, faults) is { } value ? new(member.Name, DistributionShape.Constant, [value], member.Value.Place) : null;
        }

        if (o.Members is not [{ Value: ConfigArray { Items.Count: 2 } numbers } only] || Shapes.All(s => s.Key != only.Name))
        {
            foreach (var unknown in o.Members.Where(static m => Shapes.All(s => s.Key != m.Name)))
            {
                Schema.RefuseUnknown(unknown, Shapes.Select(static s => s.Key), faults);
            }

            faults.Add("BM2005", $"this does not say how {member.Name} is spread", o.Place, "one of { \"uniform\": [low, high] }, { \"normal\": [mean, sd] }, { \"lognormal\": [mean, sd] }");
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
            faults.Add("BM2601", $"{only.Name} of {member.Name}: {fault}", o.Place, "low <= high, a mean above 0 where it is lognormal, and sd >= 0", "correct the numbers");
            return null;
        }

        return new(member.Name, shape, [a, b], o.Place);
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
