using System.Text.Json;

namespace BrainModular.Host.Reports;

/// <summary>Numbers as a page's script reads them: short, and null where there is none.</summary>
internal static class JsonNumbers
{
    /// <summary>Writes an array.</summary>
    /// <param name="json">The writer.</param>
    /// <param name="name">The array's name.</param>
    /// <param name="numbers">The numbers.</param>
    /// <param name="digits">How many significant digits they keep.</param>
    public static void Write(Utf8JsonWriter json, string name, IEnumerable<double> numbers, int digits = 8)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            if (double.IsFinite(number))
            {
                json.WriteNumberValue(Round(number, digits));
            }
            else
            {
                json.WriteNullValue();
            }
        }

        json.WriteEndArray();
    }

    /// <summary>The nearest decimal number of so many digits, whose shortest text is short.</summary>
    private static double Round(double number, int digits)
    {
        if (number == 0)
        {
            return 0;
        }

        var decimals = digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(number)));
        return decimals is >= 0 and <= 15 ? Math.Round(number, decimals) : number;
    }
}
