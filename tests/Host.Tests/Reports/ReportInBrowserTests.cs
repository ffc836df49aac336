using System.Text.RegularExpressions;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Tests.Reports;

/// <summary>The page as a browser shows it, with no network to load anything from.</summary>
public sealed class ReportInBrowserTests
{
    [SkippableFact]
    public void The_plots_are_drawn_offline_without_a_fault()
    {
        using var folder = new ReportFolder();
        var path = Path.Combine(folder.Path, "report.html");
        ReportWriter.Write(SampleReport.Make(), path);

        var elements = Browser.ElementsOf(path);

        Assert.Matches("<p id=\"fault\"[^>]*hidden", elements);
        // Recorded, model and stimulus, and two rows of spikes where there are some; the 20 starts' losses.
        Assert.Equal(3, TracesOf(elements, "sweep-plot"));
        Assert.Equal(20, TracesOf(elements, "loss-plot"));
        // Recorded spikes and the model's, six rows in all.
        Assert.Equal(2, TracesOf(elements, "spike-raster"));
        Assert.Equal(20 + 1, Regex.Count(RowsOf(elements), "<path class=\"point\""));
        Assert.Equal(["recorded 3", "recorded 6", "model 3", "model 6", "recorded 9", "model 9"], Regex.Matches(RowsOf(elements), "(?<=>)(recorded|model) [0-9](?=<)").Select(static m => m.Value));
    }

    [SkippableFact]
    public void An_address_that_names_a_sweep_shows_that_sweep()
    {
        using var folder = new ReportFolder();
        var path = Path.Combine(folder.Path, "report.html");
        ReportWriter.Write(SampleReport.Make(), path);

        var elements = Browser.ElementsOf(path, "#stage-0-sweep-8");

        Assert.Matches("id=\"stage-0-sweep-8\"[^>]*aria-pressed=\"true\"", elements);
        Assert.Single(Regex.Matches(elements, "<button[^>]*aria-pressed=\"true\""));
        Assert.Equal(5, TracesOf(elements, "sweep-plot"));
    }

    [SkippableFact]
    public void Hostile_names_run_no_script()
    {
        using var folder = new ReportFolder();
        var path = Path.Combine(folder.Path, "report.html");
        const string attack = "</script><img src=x onerror=\"document.documentElement.dataset.attacked='yes'\">";
        var data = SampleReport.Make();
        ReportWriter.Write(data with { Title = attack, Stages = [data.Stages[0] with { Name = attack, LossUnit = attack }] }, path);

        var elements = Browser.ElementsOf(path);

        Assert.DoesNotContain("data-attacked", elements, StringComparison.Ordinal);
        Assert.Matches("<p id=\"fault\"[^>]*hidden", elements);
    }

    private static string RowsOf(string elements)
    {
        var start = elements.IndexOf("<div class=\"spike-raster", StringComparison.Ordinal);
        return elements[start..elements.IndexOf("<h4>", start, StringComparison.Ordinal)];
    }

    /// <summary>How many traces the plot of a class shows: each is an SVG group of its own.</summary>
    private static int TracesOf(string elements, string plot)
    {
        var start = elements.IndexOf($"<div class=\"{plot}", StringComparison.Ordinal);
        Assert.True(start >= 0, $"no {plot}");
        var next = elements.IndexOf("<div class=\"card\"", start, StringComparison.Ordinal);
        var part = next < 0 ? elements[start..] : elements[start..next];
        return Regex.Count(part, "<g class=\"trace scatter");
    }
}
