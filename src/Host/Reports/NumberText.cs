using System.Globalization;

namespace BrainModular.Host.Reports;

/// <summary>Numbers as a reader wants them: few digits, the same in every culture, a dash where there is none.</summary>
internal static class NumberText
{
    private const string Missing = "–";

    /// <summary>Five significant digits; very large and very small numbers as 1.2345e-9.</summary>
    public static string Number(double? value)
    {
        if (value is not { } number || double.IsNaN(number))
        {
            return Missing;
        }

        var size = Math.Abs(number);
        var format = size is 0 or (>= 1e-3 and < 1e5) ? "G5" : "0.####e-0";
        return number.ToString(format, CultureInfo.InvariantCulture).Replace("-", "\u2212", StringComparison.Ordinal);
    }

    /// <summary>Three decimals.</summary>
    public static string Fixed(double value) =>
        double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture).Replace("-", "\u2212", StringComparison.Ordinal) : Missing;

    /// <summary>A fraction in percent with two decimals.</summary>
    public static string Percent(double? fraction) =>
        fraction is { } number && double.IsFinite(number)
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * number:0.00} %").Replace("-", "\u2212", StringComparison.Ordinal)
            : Missing;

    /// <summary>A length of time: 0.42 s, 12.3 s, 3 min 20 s.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 1 => seconds.ToString("0.00 's'", CultureInfo.InvariantCulture),
        < 60 => seconds.ToString("0.0 's'", CultureInfo.InvariantCulture),
        < 3600 => $"{(int)seconds / 60} min {(int)seconds % 60} s",
        _ => $"{(int)seconds / 3600} h {(int)seconds / 60 % 60} min",
    };

    /// <summary>A size of memory: 3.1 MB, 1.24 GB.</summary>
    public static string Bytes(long bytes) => bytes < 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB");

    /// <summary>A unit with its powers raised: mV^2 as mV².</summary>
    public static string Unit(string unit) => unit.Replace("^2", "²", StringComparison.Ordinal).Replace("^3", "³", StringComparison.Ordinal);

    /// <summary>A number for CSS and SVG.</summary>
    public static string Plain(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
