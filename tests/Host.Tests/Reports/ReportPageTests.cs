using System.Text.Json;
using System.Text.RegularExpressions;
using BrainModular.Diagnostics;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Tests.Reports;

public sealed class ReportPageTests
{
    private const string Hostile = "</script><!--<img src=x onerror=alert(1)>\"'&\u2028\u2029\0]]>";

    [Fact]
    public void No_text_from_a_file_becomes_markup()
    {
        var page = ReportPage.Render(HostileData(), plotLibrary: "").Text;

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<!--", page, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(page, "</script"));
        Assert.DoesNotMatch("=\"[^\"]*onerror=alert\\(1\\)>\"", page);
        // Where it is shown, it is shown as it is.
        Assert.Contains("&lt;/script&gt;&lt;!--&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_inline_data_parses_and_gives_hostile_names_back()
    {
        var page = ReportPage.Render(HostileData(), plotLibrary: "").Text;
        var json = Regex.Match(page, "<script type=\"application/json\" id=\"data\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value;

        Assert.DoesNotMatch("[<>&\u2028\u2029]", json);
        using var data = JsonDocument.Parse(json);
        Assert.Equal(Hostile, data.RootElement[0].GetProperty("name").GetString());
        Assert.Equal(Hostile, data.RootElement[0].GetProperty("sweeps")[0].GetProperty("part").GetString());
    }

    [Fact]
    public void The_page_names_no_address_outside_itself()
    {
        var page = ReportPage.Render(SampleReport.Make(), plotLibrary: "").Text;

        Assert.DoesNotMatch("https?://", page);
        Assert.DoesNotMatch("(src|href)=\"(?!#)", page);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_recordings_of_many_sweeps_stay_below_ten_megabytes()
    {
        var page = ReportPage.Render(SampleReport.Make(sweeps: 150), PageResource.PlotLibrary).Text;

        Assert.InRange(page.Length, 1_000_000, 10_000_000);
    }

    [Fact]
    public void Spikes_are_shown_with_what_the_model_was_given_and_with_the_guard_of_the_coincidence_factor()
    {
        var page = ReportPage.Render(SampleReport.Make(), plotLibrary: "").Text;

        Assert.Contains("the recorded spikes were given to the model", page, StringComparison.Ordinal);
        Assert.Contains("The prediction that is shown was not given any: the model runs freely", page, StringComparison.Ordinal);
        Assert.Contains("1 of 3 set to 0", page, StringComparison.Ordinal);
        Assert.Contains("0.588", page, StringComparison.Ordinal);
        Assert.Matches("""<th scope="row">9</th><td><span class="badge test">test</span></td><td class="number strong">0.000 <span class="badge bad">number of spikes</span>""", page);

        var features = ReportPage.Render(SampleReport.Make() with { Stages = [SampleReport.Fit(3) with { Spikes = SampleReport.Spikes() with { Parts = [SampleReport.Spikes().Parts[1]] } }] }, plotLibrary: "").Text;
        Assert.Contains("""<th colspan="2" scope="colgroup">AP_amplitude (mV)</th><th colspan="2" scope="colgroup">ISI_CV</th>""", features, StringComparison.Ordinal);
        Assert.Contains("""<td class="number">–</td><td class="number">81.5</td><td class="number">0.291</td><td class="number">0.3</td>""", features, StringComparison.Ordinal);

        var own = ReportPage.Render(SampleReport.Make() with { Stages = [SampleReport.Fit(3) with { Spikes = SampleReport.Spikes() with { RecordedDuringFit = false, Runs = 20 } }] }, plotLibrary: "").Text;
        Assert.DoesNotContain("were given to the model", own, StringComparison.Ordinal);
        Assert.Contains("over 20 runs of each sweep", own, StringComparison.Ordinal);
    }

    [Fact]
    public void A_raster_of_many_sweeps_says_how_many_rows_it_leaves_out()
    {
        var many = SampleReport.Spikes() with { Rasters = [.. Enumerable.Range(0, 100).Select(static i => new ReportSpikeRaster([i], 0, 500, [[100]], [[101]]))] };

        var page = ReportPage.Render(SampleReport.Make() with { Stages = [SampleReport.Fit(3) with { Spikes = many }] }, plotLibrary: "").Text;

        Assert.Contains("40 more sweeps are in the table", page, StringComparison.Ordinal);
        Assert.Equal(120, Regex.Count(page, "\"kind\":"));
    }

    [Fact]
    public void A_raster_of_many_spikes_says_that_it_does_not_draw_them_all()
    {
        static string Page(int count)
        {
            double[] many = [.. Enumerable.Range(0, count).Select(static i => i * 0.01)];
            var spikes = SampleReport.Spikes() with { Rasters = [new ReportSpikeRaster([7], 0, 500, [[100]], [many])] };
            return ReportPage.Render(SampleReport.Make() with { Stages = [SampleReport.Fit(3) with { Spikes = spikes }] }, plotLibrary: "").Text;
        }

        Assert.Contains("(one has 40000) 5000 are drawn", Page(40_000), StringComparison.Ordinal);
        Assert.DoesNotContain("are drawn", Page(5_000), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_on_its_bound_is_marked_and_one_between_is_not()
    {
        Assert.Equal("lower", new ReportParameter("a", 1, "mV", 1, 3).AtBound);
        Assert.Equal("upper", new ReportParameter("a", 3 - 1e-9, "mV", 1, 3).AtBound);
        Assert.Null(new ReportParameter("a", 1.001, "mV", 1, 3).AtBound);
        Assert.Null(new ReportParameter("a", 1, "mV").AtBound);
        Assert.Equal(0.25, new ReportParameter("a", 1.5, "mV", 1, 3).Position);
        Assert.Equal(0.5, new ReportParameter("a", 1, "uS", 0.01, 100, Logarithmic: true).Position!.Value, 12);

        var page = ReportPage.Render(SampleReport.Make(), plotLibrary: "").Text;
        Assert.Single(Regex.Matches(page, "at its upper bound"));
    }

    [Fact]
    public void Without_the_plot_library_the_page_says_so_and_keeps_its_tables()
    {
        var page = ReportPage.Render(SampleReport.Make(), plotLibrary: null).Text;

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("npm ci --ignore-scripts", page, StringComparison.Ordinal);
        Assert.Contains("<path class=\"recorded\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_with_nothing_to_show_gives_a_page()
    {
        var data = SampleReport.Make() with { Stages = [new ReportStage("simulate", "simulate")], Warnings = [], Plugins = [], Files = [], Description = null };

        Assert.Contains("Provenance", ReportPage.Render(data, "").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_not_there_are_dashes_and_null()
    {
        var sweep = new ReportSweep(1, "train", 0, 1) { Recorded = new[] { double.NaN, 1.0, double.PositiveInfinity } };
        var stage = new ReportStage("fit", "fit") { Scores = [new("test", null, double.NaN, 0, 0)], Sweeps = [sweep] };

        var page = ReportPage.Render(SampleReport.Make() with { Stages = [stage] }, "").Text;

        Assert.Contains("\"y\":[null,1,null]", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-65.0213, "−65.021")]
    [InlineData(2.3e-11, "2.3e−11")]
    [InlineData(1234567.0, "1.2346e6")]
    [InlineData(null, "–")]
    public void Numbers_are_short(double? number, string text) => Assert.Equal(text, NumberText.Number(number));

    [Fact]
    public void A_report_is_written_whole_over_an_older_one_and_leaves_nothing_beside_it()
    {
        using var folder = new ReportFolder();
        var path = Path.Combine(folder.Path, "report.html");
        File.WriteAllText(path, "older");

        ReportWriter.Write(SampleReport.Make(), path);

        Assert.EndsWith("</html>\n", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_report_that_cannot_be_written_is_a_fault_of_the_environment_and_leaves_nothing()
    {
        using var folder = new ReportFolder();
        var path = Path.Combine(folder.Path, "report.html");
        Directory.CreateDirectory(path);

        var fault = Assert.Throws<DiagnosticException>(() => ReportWriter.Write(SampleReport.Make(), path));

        Assert.StartsWith("BM61", fault.Diagnostics[0].Id, StringComparison.Ordinal);
        Assert.Equal(6, fault.Diagnostics[0].ExitCode);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    private static ReportData HostileData()
    {
        var stage = SampleReport.Fit(2);
        return new(Hostile, Hostile, Hostile, 1, Hostile, Hostile, default, 1)
        {
            Description = Hostile,
            Warnings = [Hostile],
            Plugins = [new(Hostile, Hostile, Hostile, Hostile)],
            Files = [new(Hostile, Hostile, Hostile)],
            Stages =
            [
                stage with
                {
                    Name = Hostile, Type = Hostile + ".", LossUnit = Hostile,
                    Headlines = [new(Hostile, Hostile, Hostile)],
                    Scores = [new(Hostile, 1, 1, 0, 0)],
                    Parameters = [new(Hostile, 1, Hostile, 0, 2)],
                    Sweeps = [.. stage.Sweeps.Select(sweep => sweep with { Part = Hostile })],
                },
            ],
        };
    }
}
