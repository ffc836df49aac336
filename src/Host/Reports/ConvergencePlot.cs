using System.Globalization;
using System.Text;
using BrainModular.Host.Composition;

namespace BrainModular.Host.Reports;

/// <summary>The best loss over what it took, median and range of all seeds, as a drawing that needs no script: logarithmic axes, for losses above 0.</summary>
internal static class ConvergencePlot
{
    private const double Width = 1120, Height = 460, Left = 84, Right = 12, Top = 12, Bottom = 44;
    private const int Points = 160;
    private const double SmallestLoss = 1e-30;

    /// <param name="compared">What to draw.</param>
    /// <param name="of">What a point took: steps, or seconds.</param>
    /// <param name="label">The name of that.</param>
    public static Html Draw(FitterComparison compared, Func<ConvergencePoint, double> of, string label)
    {
        var all = compared.Figures.SelectMany(static f => f.Trials).SelectMany(static t => t.Curve).ToList();
        if (all.Count == 0)
        {
            return Html.Of($"<p class=\"quiet\">No loss was finite.</p>");
        }

        var x = new Axis(Math.Log10(Math.Max(all.Min(of), 1e-3)), Math.Log10(Math.Max(all.Max(of), 2e-3)), Left, Width - Right);
        var y = new Axis(Exponent(compared, all.Min(static p => p.Loss)), Exponent(compared, all.Max(static p => p.Loss)), Height - Bottom, Top);
        return Html.Of($"""
            <svg class="convergence" viewBox="0 0 {NumberText.Plain(Width)} {NumberText.Plain(Height)}" role="img" aria-label="Best loss over {label}: median and range over all seeds">
            {Ticks(x, static (p, text) => Html.Of($"""<path class="grid" d="M{p} {NumberText.Plain(Top)}V{NumberText.Plain(Height - Bottom)}"/><text x="{p}" y="{NumberText.Plain(Height - Bottom + 18)}" text-anchor="middle">{text}</text>"""))}
            {Ticks(y, static (p, text) => Html.Of($"""<path class="grid" d="M{NumberText.Plain(Left)} {p}H{NumberText.Plain(Width - Right)}"/><text x="{NumberText.Plain(Left - 8)}" y="{p}" dy="4" text-anchor="end">{text}</text>"""))}
            <text x="{NumberText.Plain((Left + Width - Right) / 2)}" y="{NumberText.Plain(Height - 6)}" text-anchor="middle">{label}</text>
            <text transform="translate(14 {NumberText.Plain((Top + Height - Bottom) / 2)}) rotate(-90)" text-anchor="middle">best loss ({NumberText.Unit(compared.LossUnit)})</text>
            {Html.Each(compared.Figures.Index(), f => Curve(compared, f.Item, Hue(f.Index, compared.Figures.Count), of, x, y))}
            </svg>
            """);
    }

    /// <summary>The colour of a fitter.</summary>
    public static string Hue(int index, int count) => string.Create(CultureInfo.InvariantCulture, $"hsl({360.0 * index / count:0} 65% {(index % 2 == 0 ? 45 : 58)}%)");

    private static double Exponent(FitterComparison compared, double loss) => Math.Log10(Math.Max(loss * compared.LossFactor, SmallestLoss));

    private static Html Curve(FitterComparison compared, FitterFigures figures, string hue, Func<ConvergencePoint, double> of, Axis x, Axis y)
    {
        var (median, upper, lower) = (new StringBuilder(), new StringBuilder(), new List<string>());
        for (var i = 0; i < Points; i++)
        {
            var at = x.First + (i * (x.Last - x.First) / (Points - 1));
            double[] losses = [.. figures.Trials.Select(t => t.Curve.LastOrDefault(p => Math.Log10(of(p)) <= at + 1e-12, new(0, 0, double.PositiveInfinity)).Loss).Order()];
            if (!double.IsFinite(losses[^1]))
            {
                continue;
            }

            var place = NumberText.Plain(x.Place(at));
            var command = median.Length == 0 ? 'M' : 'L';
            median.Append(command).Append(place).Append(' ').Append(NumberText.Plain(y.Place(Exponent(compared, FitterComparison.Median(losses)))));
            upper.Append(command).Append(place).Append(' ').Append(NumberText.Plain(y.Place(Exponent(compared, losses[^1]))));
            lower.Add($"L{place} {NumberText.Plain(y.Place(Exponent(compared, losses[0])))}");
        }

        lower.Reverse();
        return Html.If(lower.Count > 0, () => Html.Of($"""
            <path fill="{hue}" fill-opacity="0.12" d="{upper.ToString()}{string.Concat(lower)}Z"/><path fill="none" stroke="{hue}" stroke-width="2" d="{median.ToString()}"><title>{figures.Name}</title></path>
            """));
    }

    /// <summary>Powers of ten, at most ten of them.</summary>
    private static Html Ticks(Axis axis, Func<string, string, Html> draw)
    {
        var step = Math.Max(1, (int)Math.Ceiling((axis.Last - axis.First) / 10));
        var first = (int)Math.Ceiling(axis.First - 1e-9);
        return Html.Each(
            Enumerable.Range(0, Math.Max(0, (((int)Math.Floor(axis.Last + 1e-9) - first) / step) + 1)).Select(i => first + (i * step)),
            e => draw(NumberText.Plain(axis.Place(e)), e is >= -2 and <= 4 ? Math.Pow(10, e).ToString("0.##", CultureInfo.InvariantCulture) : $"1e{e}"));
    }

    private sealed record Axis(double First, double Last, double From, double To)
    {
        public double Place(double value) => From + ((value - First) / Math.Max(Last - First, 1e-9) * (To - From));
    }
}
