namespace BrainModular.Formats.Nwb;

/// <summary>What a clamp series measures.</summary>
public enum ClampQuantity
{
    /// <summary>A potential, in V.</summary>
    Potential,

    /// <summary>A current, in A.</summary>
    Current,
}

/// <summary>Reads the unit of a clamp series: a prefix and volts or amperes, in words or as a symbol.</summary>
public static class ClampUnit
{
    private static readonly (string Symbol, string Word, double Factor)[] Prefixes =
    [
        ("", "", 1), ("m", "milli", 1e-3), ("u", "micro", 1e-6), ("\u00b5", "micro", 1e-6), ("\u03bc", "micro", 1e-6), ("n", "nano", 1e-9), ("p", "pico", 1e-12),
    ];

    /// <summary>The quantity and the factor to volts or amperes, or null where the text is no unit of either.</summary>
    public static (ClampQuantity Quantity, double Factor)? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var unit = text.Trim();
        foreach (var (symbol, word, factor) in Prefixes)
        {
            if (Matches(unit, symbol + "V", word, "volt", "volts"))
            {
                return (ClampQuantity.Potential, factor);
            }

            if (Matches(unit, symbol + "A", word, "ampere", "amperes") || Matches(unit, symbol + "A", word, "amp", "amps"))
            {
                return (ClampQuantity.Current, factor);
            }
        }

        return null;
    }

    private static bool Matches(string unit, string symbol, string prefix, string singular, string plural) =>

        // Prefixes have their case, mega not being milli; volts and amperes are told apart without it.
        (unit.Length == symbol.Length && unit[..^1] == symbol[..^1] && char.ToUpperInvariant(unit[^1]) == symbol[^1])
        || unit.Equals(prefix + singular, StringComparison.OrdinalIgnoreCase)
        || unit.Equals(prefix + plural, StringComparison.OrdinalIgnoreCase);
}
