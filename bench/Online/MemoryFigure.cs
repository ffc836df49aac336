using System.Globalization;
using System.Text;
using System.Text.Json;

namespace BrainModular.Bench.Online;

/// <summary>Draws what <c>brain compare-gradients --json</c> found for trials of several lengths: memory and time of a batch by each method.</summary>
internal static class MemoryFigure
{
    private const double Width = 360, Height = 250, Left = 64, Top = 34, Right = 14, Bottom = 44;
    private static readonly string[] Colours = ["#1b6ca8", "#c8553d", "#3a7d44", "#8e6c8a", "#b8860b"];

    /// <summary>Draws the figure and prints the numbers as a table.</summary>
    public static void Write(string figure, IReadOnlyList<string> files)
    {
        var reports = files.Select(static f => JsonDocument.Parse(File.ReadAllText(f)).RootElement).OrderBy(static r => r.GetProperty("steps").GetInt32()).ToList();
        string[] methods = [.. reports[0].GetProperty("methods").EnumerateObject().Where(static m => m.Value.TryGetProperty("bytes", out _)).Select(static m => m.Name)];
        double[] steps = [.. reports.Select(static r => r.GetProperty("steps").GetDouble())];
        double[] Of(string method, string key, double unit) => [.. reports.Select(r => r.GetProperty("methods").GetProperty(method).GetProperty(key).GetDouble() / unit)];
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * Width} {Height + 24}" font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>""");
        Panel(svg, 0, "memory, MB", steps, [.. methods.Select(m => Of(m, "bytes", 1e6))]);
        Panel(svg, Width, "time of a batch, s", steps, [.. methods.Select(m => Of(m, "seconds", 1))]);
        for (var m = 0; m < methods.Length; m++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left + (m * 110)}" y="{Height + 16}" fill="{Colours[m % Colours.Length]}">&#9679; {methods[m]}</text>""");
        }

        svg.AppendLine("</svg>");
        File.WriteAllText(figure, svg.ToString());
        Console.WriteLine($"| steps | {string.Join(" | ", methods.Select(static m => $"{m}, MB | {m}, s"))} |");
        Console.WriteLine($"|---|{string.Concat(methods.Select(static _ => "---|---|"))}");
        for (var i = 0; i < steps.Length; i++)
        {
            Console.WriteLine($"| {steps[i]} | {string.Join(" | ", methods.Select(m => string.Create(CultureInfo.InvariantCulture, $"{Of(m, "bytes", 1e6)[i]:F0} | {Of(m, "seconds", 1)[i]:F2}")))} |");
        }
    }

    /// <summary>One panel with two logarithmic axes.</summary>
    private static void Panel(StringBuilder svg, double x, string title, double[] steps, double[][] curves)
    {
        var (least, greatest) = (Math.Floor(Math.Log10(curves.Min(static c => c.Min()))), Math.Ceiling(Math.Log10(curves.Max(static c => c.Max()))));
        double X(double s) => x + Left + ((Width - Left - Right) * (Math.Log(s / steps[0]) / Math.Max(1e-9, Math.Log(steps[^1] / steps[0]))));
        double Y(double v) => Height - Bottom - ((Height - Top - Bottom) * ((Math.Log10(v) - least) / Math.Max(1, greatest - least)));
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{x + Left}" y="{Top - 14}" font-weight="bold">{title}</text><text x="{x + ((Left + Width - Right) / 2)}" y="{Height - 8}" text-anchor="middle">steps of a trial</text>""");
        for (var decade = least; decade <= greatest; decade++)
        {
            var y = Y(Math.Pow(10, decade));
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<path d="M{x + Left} {y:F1}H{x + Width - Right}" stroke="#ddd"/><text x="{x + Left - 6}" y="{y + 4:F1}" text-anchor="end">{Math.Pow(10, decade):G6}</text>""");
        }

        foreach (var s in steps)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{X(s):F1}" y="{Height - Bottom + 16}" text-anchor="middle">{s:F0}</text>""");
        }

        for (var m = 0; m < curves.Length; m++)
        {
            var points = string.Join('L', curves[m].Select((v, i) => string.Create(CultureInfo.InvariantCulture, $"{X(steps[i]):F1} {Y(v):F1}")));
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<path d="M{points}" fill="none" stroke="{Colours[m % Colours.Length]}" stroke-width="2"/>""");
            foreach (var (v, i) in curves[m].Select(static (v, i) => (v, i)))
            {
                svg.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{X(steps[i]):F1}" cy="{Y(v):F1}" r="3" fill="{Colours[m % Colours.Length]}"/>""");
            }
        }
    }
}
