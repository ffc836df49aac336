using System.Text.Json;
using System.Text.RegularExpressions;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Tests.Reports;

/// <summary>The part of a page that shows trainings.</summary>
public sealed class TrainingReportTests
{
    private const string Hostile = "</script><!--<img src=x onerror=\"document.documentElement.dataset.attacked='yes'\">%{x}&";

    [Fact]
    public void It_has_the_figures_the_weights_statistics_and_which_distribution_fits_better()
    {
        var page = Render(SampleTraining.Stage());

        Assert.Contains("<tr><th scope=\"row\">Rate of E</th><td class=\"number strong\">11.2 Hz</td></tr>", page, StringComparison.Ordinal);
        Assert.Equal(8, Regex.Count(page, "<td class=\"verdict\">"));
        Assert.Matches("<td class=\"verdict\">half-normal, its AIC is lower by ", page);
        Assert.Matches("<td class=\"verdict\">log-normal, its AIC is lower by ", page);
        Assert.Contains("It asked for left, and left was read out.", page, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(page, "class=\"weight-plot\""));
        Assert.DoesNotContain("id=\"comparison\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Rates_and_spikes_are_those_of_the_trial()
    {
        var stage = SampleTraining.Stage();
        var trial = stage.Training!.Trial!;
        using var data = Data(Render(stage));
        var rasters = data.RootElement[0].GetProperty("training").GetProperty("trial").GetProperty("rasters");

        var stride = TrainingJson.StrideOf(trial);
        Assert.InRange(stride, 2, 10);
        for (var i = 0; i < trial.Rasters.Count; i++)
        {
            var drawn = trial.Rasters[i].Spikes.Where(s => s.Unit % stride == 0).ToList();
            Assert.Equal(drawn.Select(static s => (double)s.Step), Numbers(rasters[i], "x"));
            Assert.Equal(drawn.Select(s => (double)(s.Unit / stride)), Numbers(rasters[i], "y"));
            // Bins of 11 ms: the rates' mean is that of all spikes.
            var mean = trial.Rasters[i].Spikes.Count * 1000.0 / (trial.Rasters[i].Units * trial.Steps * trial.TimeStep);
            Assert.Equal(mean, Numbers(rasters[i], "rateY").Average(), 1e-3 * (1 + mean));
        }
    }

    [Fact]
    public void A_long_trial_of_a_large_network_stays_small()
    {
        var stage = SampleTraining.Stage();
        (int, int)[] spikes = [.. Enumerable.Range(0, 200_000).Select(static i => (i / 10, i * 7919 % 5000))];
        var trace = Enumerable.Range(0, 20_000).Select(static t => Math.Sin(t * 0.7)).ToArray();
        var trial = stage.Training!.Trial! with
        {
            Steps = 20_000, Rasters = [new("E", false, 5000, spikes)], Targets = [],
            Potentials = [.. Enumerable.Range(0, 30).Select(i => new ReportPotential("E", i, "mV", trace, null, []))],
            Readout = [.. Enumerable.Range(0, 100).Select(i => new ReportTrace($"class {i}", trace))],
        };

        var page = Render(stage with { Training = stage.Training with { Trial = trial } });

        Assert.InRange(page.Length, 100_000, 1_500_000);
        using var data = Data(page);
        Assert.InRange(data.RootElement[0].GetProperty("training").GetProperty("trial").GetProperty("rasters")[0].GetProperty("x").GetArrayLength(), 3000, 6000);
    }

    [Fact]
    public void Two_trainings_are_compared_and_one_is_not()
    {
        var page = Render(SampleTraining.Stage("sigmoid", 1), SampleReport.Fit(1), SampleTraining.Stage("arctan", 2));

        Assert.Matches("<tr><th scope=\"row\">sigmoid</th><td>d-rtrl</td><td class=\"number strong\">96.00 %</td><td class=\"number\">0.081</td><td class=\"number\">12800</td><td class=\"number\">2 min 3 s</td><td class=\"number\">33.6 MB</td></tr>", page);
        Assert.Contains("<tr><th scope=\"row\">arctan</th><td>d-rtrl</td><td class=\"number strong\">95.00 %</td>", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#comparison\">", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "id=\"comparison\""));
    }

    [Fact]
    public void Weights_of_one_projection_are_compared_in_the_same_bins()
    {
        var (first, second) = (SampleTraining.Stage("bptt", 1), SampleTraining.Stage("e-prop", 2));
        var weights = second.Training!.Weights;
        // The second began with the first one's weights in one projection, has another projection of its own, and one in another unit.
        second = second with
        {
            Training = second.Training with
            {
                Weights = [weights[0] with { Before = first.Training!.Weights[0].Before }, weights[1], weights[2] with { Projection = "own" }, weights[3] with { Unit = "mV" }],
            },
        };
        var page = Render(first, second);
        using var data = Data(page, "compared");

        Assert.Equal(["input-E", "E-E"], data.RootElement.EnumerateArray().Select(static c => c.GetProperty("projection").GetString()));
        Assert.Equal(2, Regex.Count(page, "class=\"compared-plot\""));
        foreach (var (projection, befores) in data.RootElement.EnumerateArray().Zip([1, 2]))
        {
            var edges = Numbers(projection, "edges").ToList();
            var trainings = projection.GetProperty("trainings").EnumerateArray().ToList();
            Assert.Equal(["bptt", "e-prop"], trainings.Select(static t => t.GetProperty("name").GetString()));
            Assert.Equal(befores, trainings.Count(static t => Numbers(t, "before").Any()));
            Assert.All(trainings, t =>
            {
                Assert.Equal(edges.Count - 1, Numbers(t, "after").Count());
                Assert.InRange(Numbers(t, "after").Sum() * edges[1], 0.95, 1.01);
            });
        }

        var after = weights[1].After;
        Assert.Contains($"<td class=\"number\">{NumberText.Number(after.Mean)} ± {NumberText.Number(after.Deviation)}<br><span class=\"quiet\">log-normal</span></td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_all_the_same_and_missing_figures_are_dashes()
    {
        var same = Engine.Statistics.WeightStatistics.Of([.. Enumerable.Repeat(0.5, 20)]);
        var training = new ReportTraining("accuracy") { Weights = [new("a-b", "nS", "positive", false, same, same)], Comparison = new("bptt", null, double.NaN, 0, 0, 0) };

        var page = Render(new ReportStage("a", "train") { Training = training }, new ReportStage("b", "train") { Training = training });

        Assert.Contains("too few different weights to tell", page, StringComparison.Ordinal);
        Assert.Contains("<td class=\"number strong\">–</td><td class=\"number\">–</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page[..page.IndexOf("<script", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Fact]
    public void No_name_becomes_markup()
    {
        var page = Render(HostileStage(), HostileStage());

        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Equal(4, Regex.Count(page, "</script"));
        using var data = Data(page);
        Assert.Equal(Hostile, data.RootElement[0].GetProperty("training").GetProperty("weights")[0].GetProperty("projection").GetString());
    }

    [SkippableFact]
    public void The_plots_are_drawn_and_hostile_names_run_no_script()
    {
        using var folder = new ReportFolder();
        var path = Path.Combine(folder.Path, "report.html");
        ReportWriter.Write(SampleReport.Make() with { Stages = [SampleTraining.Stage(), HostileStage()] }, path);

        var elements = Browser.ElementsOf(path);

        Assert.Matches("<p id=\"fault\"[^>]*hidden", elements);
        Assert.DoesNotContain("data-attacked", elements, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(elements, "<div class=\"learning-plot[^\"]*js-plotly-plot"));
        Assert.Equal(2, Regex.Count(elements, "<div class=\"trial-plot[^\"]*js-plotly-plot"));
        Assert.Equal(8, Regex.Count(elements, "<div class=\"weight-plot[^\"]*js-plotly-plot"));
        Assert.Single(Regex.Matches(elements, "<div class=\"comparison-plot[^\"]*js-plotly-plot"));
        Assert.Equal(2, Regex.Count(elements, "<li data-training=\"[01]\" style=\"--hue: #"));
        Assert.Single(Regex.Matches(elements, "<div class=\"compared-plot[^\"]*js-plotly-plot"));
        Assert.Equal(4, Regex.Count(elements, @">rate \(Hz\)<"));
        foreach (var label in (string[])["time (ms)", "rate (Hz)", "V E (mV)", "readout", "target: left", "delay", "threshold", "|w| (nS)", "density (1/nS)", "trials trained on", "validation loss"])
        {
            Assert.Contains($">{label}<", elements, StringComparison.Ordinal);
        }
    }

    private static string Render(params ReportStage[] stages) => ReportPage.Render(SampleReport.Make() with { Stages = stages }, plotLibrary: "").Text;

    private static JsonDocument Data(string page, string id = "data") =>
        JsonDocument.Parse(Regex.Match(page, $"<script type=\"application/json\" id=\"{id}\">(.*?)</script>", RegexOptions.Singleline).Groups[1].Value);

    private static IEnumerable<double> Numbers(JsonElement of, string name) => of.GetProperty(name).EnumerateArray().Select(static n => n.GetDouble());

    private static ReportStage HostileStage()
    {
        var training = SampleTraining.Training(1);
        var trial = training.Trial!;
        return new(Hostile, Hostile)
        {
            Training = training with
            {
                AccuracyName = Hostile,
                Figures = [(Hostile, Hostile)],
                Curves = training.Curves with { Rates = [.. training.Curves.Rates.Select(static r => r with { Name = Hostile })] },
                Weights = [.. training.Weights.Select(static w => w with { Projection = Hostile, Unit = Hostile, Sign = Hostile })],
                Trial = trial with
                {
                    Answer = Hostile,
                    Periods = [.. trial.Periods.Select(static p => p with { Name = Hostile })],
                    Rasters = [.. trial.Rasters.Select(static r => r with { Name = Hostile })],
                    Potentials = [.. trial.Potentials.Select(static p => p with { Population = Hostile, In = Hostile })],
                    Readout = [.. trial.Readout.Select(static r => r with { Name = Hostile })],
                    Inputs = [.. trial.Readout.Select(static r => r with { Name = Hostile })],
                    Targets = [.. trial.Readout.Select(static r => r with { Name = Hostile })],
                    Asked = [.. trial.Asked.Select(static p => p with { Name = Hostile })],
                },
            },
        };
    }
}
