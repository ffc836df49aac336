using System.Text.RegularExpressions;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Tests.Reports;

/// <summary>The part of a page that shows how well a recording determines parameters.</summary>
public sealed class UncertaintySectionTests
{
    [Fact]
    public void It_has_standard_errors_intervals_and_correlations()
    {
        var page = Render(SampleUncertainty.Stage());

        Assert.Contains("<td class=\"number strong\">10.02</td><td class=\"number\">0.11</td><td class=\"number\">9.8 to 10.24</td><td>nS</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number\"><span class=\"badge bad\">at its bound</span></td><td class=\"number\">–</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number minus\" style=\"--size:0.47\">−0.62</td>", page, StringComparison.Ordinal);
        Assert.Contains("1.2e5, 31", page, StringComparison.Ordinal);
    }

    [Fact]
    public void It_has_profiles_draws_and_how_often_the_bands_hold()
    {
        var page = Render(SampleUncertainty.Stage());

        Assert.Contains("<td class=\"number\">9.8</td><td class=\"number\">10.25</td><td>nS</td>", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "not limited"));
        Assert.Contains("<td class=\"number\">9.79 to 10.27</td><td>nS</td><td class=\"number\">1.004</td><td class=\"number\">812</td><td class=\"number\">640</td>", page, StringComparison.Ordinal);
        Assert.Contains("3 of whose trajectories diverged", page, StringComparison.Ordinal);
        Assert.Contains("94.30 % lie within the shaded 95 % bands", page, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Profiles_and_bands_are_drawn()
    {
        using var folder = new ReportFolder();
        var path = Path.Combine(folder.Path, "report.html");
        ReportWriter.Write(SampleReport.Make() with { Stages = [SampleUncertainty.Stage()] }, path);

        var elements = Browser.ElementsOf(path, "#stage-0-sweep-3");

        Assert.Matches("<p id=\"fault\"[^>]*hidden", elements);
        Assert.Equal(2, Regex.Count(elements, "class=\"profile-plot[^>]*>\\s*<div class=\"plot-container"));
        Assert.Matches("<path class=\"js-fill\"[^>]*rgb\\(217, 72, 15\\)", elements);
    }

    [Fact]
    public void A_hostile_name_of_a_parameter_becomes_no_markup()
    {
        var page = Render(SampleUncertainty.Stage("</script><img src=x>"));

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x&gt;", page, StringComparison.Ordinal);
    }

    private static string Render(ReportStage stage) => ReportPage.Render(SampleReport.Make() with { Stages = [stage] }, plotLibrary: "").Text;
}
