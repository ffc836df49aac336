using System.Globalization;
using System.Text.Json;

namespace BrainModular.Bench.Fits;

/// <summary>How far the parameters that a comparison of fitters came to are from those that the target was made with.</summary>
internal static class ParameterErrors
{
    private const double Tolerance = 0.01;

    /// <param name="comparison">What brain compare-fitters wrote.</param>
    /// <param name="truth">The parameters, as NAME=VALUE in the units that the comparison is in.</param>
    public static void Print(string comparison, IReadOnlyList<string> truth)
    {
        var expected = truth.Select(static t => t.Split('=')).ToDictionary(static t => t[0], static t => double.Parse(t[1], CultureInfo.InvariantCulture));
        using var json = JsonDocument.Parse(File.ReadAllText(comparison));
        foreach (var fitter in json.RootElement.GetProperty("fitters").EnumerateObject())
        {
            double[] errors = [.. fitter.Value.GetProperty("trials").EnumerateArray().Select(t => Largest(t.GetProperty("parameters"), expected)).Order()];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{fitter.Name}: {errors.Count(static e => e <= Tolerance)} of {errors.Length} within {Tolerance:0 %}, median of the largest error {errors[errors.Length / 2]:0.00 %}, of all {errors[^1]:0.00 %}"));
        }
    }

    private static double Largest(JsonElement found, Dictionary<string, double> expected) =>
        expected.Max(e => found.TryGetProperty(e.Key, out var value) ? Math.Abs((value.GetProperty("value").GetDouble() / e.Value) - 1) : double.PositiveInfinity);
}
