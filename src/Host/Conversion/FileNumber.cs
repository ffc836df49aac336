using System.Globalization;

namespace BrainModular.Host.Conversion;

/// <summary>The number that a file's name ends with, before what tells its kind: 1009 of <c>ch2_1009.ibw</c>.</summary>
internal static class FileNumber
{
    public static long? Of(string path)
    {
        var name = Path.GetFileName(path);
        name = Path.GetFileNameWithoutExtension(name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name);
        var digits = name.Length;
        while (digits > 0 && char.IsAsciiDigit(name[digits - 1]))
        {
            digits--;
        }

        return long.TryParse(name.AsSpan(digits), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
