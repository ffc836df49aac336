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
    public void A_hostile_name_of_a_parameter_becomes_no_markup()
    {
        var page = Render(SampleUncertainty.Stage("</script><img src=x>"));

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x&gt;", page, StringComparison.Ordinal);
    }

    private static string Render(ReportStage stage) => ReportPage.Render(SampleReport.Make() with { Stages = [stage] }, plotLibrary: "").Text;
}
