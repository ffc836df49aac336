using System.Globalization;

namespace BrainModular.Symbolics;

/// <summary>A number with its unit.</summary>
/// <param name="Value">How many of the unit.</param>
/// <param name="Unit">The unit.</param>
public readonly record struct Quantity(double Value, Unit Unit)
{
    /// <summary>The value in engine units (mV, ms, nA, MOhm, uS, nF, um, mM, K).</summary>
    public double InEngineUnits => Unit.Import(Value);

    /// <summary>What is measured.</summary>
    public Dimension Dimension => Unit.Dimension;

    /// <summary>A pure number.</summary>
    public static implicit operator Quantity(double value) => new(value, Unit.One);

    /// <summary>The same quantity with the other sign.</summary>
    public static Quantity operator -(Quantity a) => a with { Value = -a.Value };

    /// <summary>A quantity divided by a unit, such as <c>0.32 * mV / ms</c>.</summary>
    public static Quantity operator /(Quantity a, Unit b) => new(a.Value, a.Unit / b);

    /// <summary>A quantity multiplied by a unit, such as <c>2 * nA * ms</c>.</summary>
    public static Quantity operator *(Quantity a, Unit b) => new(a.Value, a.Unit * b);

    /// <summary>The value in another unit of the same dimension.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">BM4301: the dimensions differ.</exception>
    public double In(Unit unit) => unit.Dimension == Dimension
        ? unit.Export(InEngineUnits)
        : throw DimensionFault.Mismatch("convert", Dimension, unit.Dimension);

    /// <summary>Reads a quantity such as <c>20 ms</c>, <c>-65mV</c> or <c>0.01 uS</c>; a bare number is dimensionless.</summary>
    /// <param name="text">A number in invariant notation, then a unit.</param>
    /// <param name="quantity">The quantity, where the text is one.</param>
    /// <returns>Whether the text is a quantity.</returns>
    public static bool TryParse(string text, out Quantity quantity)
    {
        quantity = default;
        var trimmed = text.Trim();
        var length = NumberLength(trimmed);
        if (length == 0 || !double.TryParse(trimmed.AsSpan(0, length), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
        {
            return false;
        }

        var rest = trimmed[length..];
        if (rest.Length == 0)
        {
            quantity = value;
            return true;
        }

        // "1/ms" is a quantity, too: one per millisecond.
        if (rest.TrimStart().StartsWith('/'))
        {
            rest = "1" + rest.TrimStart();
        }

        if (!Unit.TryParse(rest, out var unit))
        {
            return false;
        }

        quantity = new(value, unit);
        return true;
    }

    /// <summary>The quantity as text that <see cref="TryParse"/> reads back to the same bits.</summary>
    public override string ToString() => Unit.Dimension.IsNone && Unit.Scale == 1
        ? Value.ToString("R", CultureInfo.InvariantCulture)
        : $"{Value.ToString("R", CultureInfo.InvariantCulture)} {Unit.Symbol}";

    private static int NumberLength(string text)
    {
        var i = 0;
        var digits = false;
        if (i < text.Length && text[i] is '+' or '-')
        {
            i++;
        }

        for (; i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.'); i++)
        {
            digits |= text[i] != '.';
        }

        if (!digits)
        {
            return 0;
        }

        if (i < text.Length && text[i] is 'e' or 'E')
        {
            var j = i + 1;
            if (j < text.Length && text[j] is '+' or '-')
            {
                j++;
            }

            if (j < text.Length && char.IsAsciiDigit(text[j]))
            {
                for (i = j; i < text.Length && char.IsAsciiDigit(text[i]); i++)
                {
                }
            }
        }

        return i;
    }
}
