using System.Text;

namespace BrainModular.Host.Reports;

/// <summary>A small drawing of a sweep, which is there without a script and on paper too.</summary>
internal static class Sparkline
{
    private const double Width = 120, Height = 44, Margin = 2;
    private const int MostPoints = 240;

    public static Html Draw(ReportSweep sweep, (double Least, double Greatest) range) => Html.Of($"""
        <svg viewBox="0 0 {NumberText.Plain(Width)} {NumberText.Plain(Height)}" preserveAspectRatio="none" aria-hidden="true">{Path("recorded", sweep.Recorded.Span, range)}{Path("fitted", sweep.Fitted.Span, range)}</svg>
        """);

    /// <summary>The least and greatest potential of all sweeps, so that their drawings can be compared.</summary>
    public static (double Least, double Greatest) Range(IEnumerable<ReportSweep> sweeps)
    {
        var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var sweep in sweeps)
        {
            foreach (var trace in (ReadOnlySpan<ReadOnlyMemory<double>>)[sweep.Recorded, sweep.Fitted])
            {
                foreach (var sample in trace.Span)
                {
                    least = sample < least ? sample : least;
                    greatest = sample > greatest ? sample : greatest;
                }
            }
        }

        return (least, greatest);
    }

    private static Html Path(string kind, ReadOnlySpan<double> samples, (double Least, double Greatest) range)
    {
        if (samples.IsEmpty || !double.IsFinite(range.Greatest - range.Least))
        {
            return Html.Empty;
        }

        var height = Math.Max(range.Greatest - range.Least, 1e-9);
        var path = new StringBuilder();
        var penDown = false;
        foreach (var index in Decimation.Indices(samples, MostPoints))
        {
            if (!double.IsFinite(samples[index]))
            {
                penDown = false;
                continue;
            }

            var x = samples.Length > 1 ? Width * index / (samples.Length - 1) : 0;
            var y = Margin + (Height - 2 * Margin) * (range.Greatest - samples[index]) / height;
            path.Append(penDown ? 'L' : 'M').Append(NumberText.Plain(x)).Append(' ').Append(NumberText.Plain(y));
            penDown = true;
        }

        return Html.Of($"""<path class="{kind}" d="{path.ToString()}"/>""");
    }
}
