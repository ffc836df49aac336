using System.Globalization;

namespace BrainModular.Symbolics;

/// <summary>Reads units: a table of prefixes, a table of unit symbols, and products of powers of them.</summary>
internal static class UnitParser
{
    private static readonly Dictionary<string, double> Prefixes = new()
    {
        ["f"] = 1e-15, ["p"] = 1e-12, ["n"] = 1e-9, ["u"] = 1e-6, ["\u00b5"] = 1e-6, ["\u03bc"] = 1e-6, ["m"] = 1e-3,
        ["c"] = 1e-2, ["d"] = 1e-1, ["k"] = 1e3, ["M"] = 1e6, ["G"] = 1e9,
    };

    private static readonly Dictionary<string, Unit> Symbols = new()
    {
        ["m"] = new("m", new(Length: 1), 1),
        ["g"] = new("g", new(Mass: 1), 1e-3),
        ["s"] = new("s", Dimension.Duration, 1),
        ["A"] = new("A", Dimension.ElectricCurrent, 1),
        ["K"] = new("K", new(Temperature: 1), 1),
        ["mol"] = new("mol", new(Amount: 1), 1),
        ["cd"] = new("cd", new(Luminosity: 1), 1),
        ["V"] = new("V", Dimension.Voltage, 1),
        ["Ohm"] = new("Ohm", Dimension.Voltage / Dimension.ElectricCurrent, 1),
        ["ohm"] = new("Ohm", Dimension.Voltage / Dimension.ElectricCurrent, 1),
        ["\u03a9"] = new("Ohm", Dimension.Voltage / Dimension.ElectricCurrent, 1),
        ["S"] = new("S", Dimension.Conductance, 1),
        ["F"] = new("F", Dimension.Capacitance, 1),
        ["C"] = new("C", Dimension.ElectricCurrent * Dimension.Duration, 1),
        ["Hz"] = new("Hz", Dimension.Rate, 1),
        ["J"] = new("J", Dimension.Voltage * Dimension.ElectricCurrent * Dimension.Duration, 1),
        ["W"] = new("W", Dimension.Voltage * Dimension.ElectricCurrent, 1),
        ["M"] = new("M", new(Length: -3, Amount: 1), 1e3),
        ["L"] = new("L", new(Length: 3), 1e-3),
    };

    /// <summary>Units that take no prefix, and spelled-out names that data files use.</summary>
    private static readonly Dictionary<string, Unit> Whole = new()
    {
        ["1"] = Unit.One,
        ["%"] = new("%", Dimension.None, 0.01),
        ["min"] = new("min", Dimension.Duration, 60),
        ["h"] = new("h", Dimension.Duration, 3600),
        ["degC"] = new("degC", new(Temperature: 1), 1, 273.15),
        ["volts"] = Symbols["V"], ["volt"] = Symbols["V"], ["amperes"] = Symbols["A"], ["ampere"] = Symbols["A"],
        ["seconds"] = Symbols["s"], ["second"] = Symbols["s"], ["siemens"] = Symbols["S"], ["farads"] = Symbols["F"], ["ohms"] = Symbols["Ohm"],
    };

    public static bool TryParse(string text, out Unit unit)
    {
        unit = Unit.One;
        var trimmed = text.Trim();
        var position = 0;
        if (trimmed.Length == 0 || !TryProduct(trimmed, ref position, out unit) || position != trimmed.Length)
        {
            return false;
        }

        unit = unit with { Symbol = trimmed };
        return true;
    }

    private static bool TryProduct(string text, ref int position, out Unit unit)
    {
        if (!TryPower(text, ref position, out unit))
        {
            return false;
        }

        while (position < text.Length && text[position] is '*' or '/' or ' ' or '\u00b7')
        {
            var divide = text[position++] == '/';
            if (!TryPower(text, ref position, out var next) || next.Zero != 0 || unit.Zero != 0)
            {
                return false;
            }

            unit = divide ? unit / next : unit * next;
            if (position < text.Length && text[position] == ')')
            {
                return true;
            }
        }

        return true;
    }

    private static bool TryPower(string text, ref int position, out Unit unit)
    {
        unit = Unit.One;
        if (position < text.Length && text[position] == '(')
        {
            position++;
            if (!TryProduct(text, ref position, out unit) || position >= text.Length || text[position++] != ')')
            {
                return false;
            }
        }
        else
        {
            var start = position;
            while (position < text.Length && !"*/ ()^\u00b7-+".Contains(text[position], StringComparison.Ordinal) && (position == start || !char.IsAsciiDigit(text[position])))
            {
                position++;
            }

            // A 1 before other digits is no unit but the beginning of a number, as in 1/(10 Hz).
            if (!TrySymbol(text[start..position], out unit) || (text[start..position] == "1" && position < text.Length && char.IsAsciiDigit(text[position])))
            {
                return false;
            }
        }

        return TryExponent(text, ref position, ref unit);
    }

    private static bool TryExponent(string text, ref int position, ref Unit unit)
    {
        var caret = position < text.Length && text[position] == '^';
        var start = caret ? position + 1 : position;
        var end = start;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (end == start && text[end] is '-' or '+')))
        {
            end++;
        }

        if (end == start)
        {
            return !caret;
        }

        if (!int.TryParse(text.AsSpan(start, end - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
            || Math.Abs(exponent) > 12 || unit.Zero != 0)
        {
            return false;
        }

        position = end;
        unit = new($"{unit.Symbol}^{exponent}", unit.Dimension.Power(exponent), Math.Pow(unit.Scale, exponent));
        return true;
    }

    private static bool TrySymbol(string symbol, out Unit unit)
    {
        if (Whole.TryGetValue(symbol, out unit) || Symbols.TryGetValue(symbol, out unit))
        {
            return true;
        }

        if (symbol.Length > 1 && Prefixes.TryGetValue(symbol[..1], out var prefix) && Symbols.TryGetValue(symbol[1..], out var basis))
        {
            unit = new(symbol, basis.Dimension, prefix * basis.Scale);
            return true;
        }

        return false;
    }
}
