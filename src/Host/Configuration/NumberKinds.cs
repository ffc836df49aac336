using System.Globalization;
using System.Text.Json;
using BrainModular.Symbolics;

namespace BrainModular.Host.Configuration;

internal sealed class IntegerKind(long lower, long upper) : ValueKind
{
    public override string Expected => string.Create(CultureInfo.InvariantCulture, $"a whole number from {lower} to {upper}");

    public override object? Read(ConfigNode node, Faults faults) =>
        node is ConfigNumber number && long.TryParse(number.Written, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= lower && value <= upper
            ? value
            : Refuse(node, faults);

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteNumberValue((long)value);
}

internal sealed class NumberKind(double lower, double upper) : ValueKind
{
    public override string Expected => string.Create(CultureInfo.InvariantCulture, $"a number from {lower} to {upper}");

    public override object? Read(ConfigNode node, Faults faults) =>
        node is ConfigNumber number && double.TryParse(number.Written, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= lower && value <= upper
            ? value
            : Refuse(node, faults);

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteNumberValue((double)value);
}

/// <summary>A quantity, written as a text with its unit. Bounds are in the unit of the lower one.</summary>
internal sealed class QuantityKind(Dimension dimension, string example, double lower = double.NegativeInfinity, double upper = double.PositiveInfinity) : ValueKind
{
    public Dimension Dimension => dimension;

    public override string Expected => $"a quantity with its unit, such as \"{example}\"";

    public override object? Read(ConfigNode node, Faults faults) => ReadQuantity(node, dimension, example, faults) is not { } quantity
        ? null
        : quantity.InEngineUnits >= lower && quantity.InEngineUnits <= upper
            ? quantity
            : OutOfRange(node, faults);

    public override void Write(Utf8JsonWriter writer, object value) => WriteQuantity(writer, (Quantity)value);

    /// <summary>The quantity of a node, or null after a fault was added. Pure numbers are the one kind that takes no unit.</summary>
    public static Quantity? ReadQuantity(ConfigNode node, Dimension dimension, string example, Faults faults)
    {
        switch (node)
        {
            case ConfigNumber number when dimension.IsNone:
                return double.Parse(number.Written, NumberStyles.Float, CultureInfo.InvariantCulture);
            case ConfigNumber number:
                faults.Add("BM2007", $"the number {number.Written} has no unit", node.Place, $"a quantity with its unit, such as \"{example}\"", $"write \"{number.Written} {UnitOf(example)}\" if that is the unit meant");
                return null;
            case ConfigText text when Quantity.TryParse(text.Value, out var quantity):
                if (quantity.Dimension == dimension)
                {
                    return quantity;
                }

                faults.Add("BM2008", quantity.Dimension.IsNone ? $"\"{text.Value}\" has no unit" : $"\"{text.Value}\" measures something else", node.Place, $"a quantity such as \"{example}\"", "correct the unit");
                return null;
            case ConfigText text:
                faults.Add("BM2007", $"\"{text.Value}\" is not a quantity", node.Place, $"a number and a unit, such as \"{example}\"", "write the unit as in mV, ms, nA, uS/cm^2, 1/ms");
                return null;
            default:
                faults.Add("BM2005", $"{node.Description} does not fit here", node.Place, $"a quantity with its unit, such as \"{example}\"");
                return null;
        }
    }

    public static void WriteQuantity(Utf8JsonWriter writer, Quantity quantity)
    {
        if (quantity.Dimension.IsNone && quantity.Unit.Scale == 1)
        {
            writer.WriteNumberValue(quantity.Value);
        }
        else
        {
            writer.WriteStringValue(quantity.ToString());
        }
    }

    private static string UnitOf(string example) => Quantity.TryParse(example, out var quantity) ? quantity.Unit.Symbol : "";

    private object? OutOfRange(ConfigNode node, Faults faults)
    {
        var unit = Quantity.TryParse(example, out var quantity) ? quantity.Unit : Unit.One;
        var expected = string.Create(CultureInfo.InvariantCulture, $"from {unit.Export(lower):G6} to {unit.Export(upper):G6} {unit.Symbol}");
        faults.Add("BM2009", $"{node.Description} is out of range", node.Place, expected);
        return null;
    }
}
