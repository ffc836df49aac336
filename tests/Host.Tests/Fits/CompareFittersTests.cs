using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Host.Commands;
using BrainModular.Host.Composition;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Fits;

/// <summary>What <c>brain compare-fitters</c> finds and says.</summary>
public sealed class CompareFittersTests : IDisposable
{
    private const string Three = """
        "fitters": {
          "descent": { "optimizer": { "type": "l-bfgs-b" }, "starts": 4 },
          "hybrid": { "search": { "type": "cma-es", "maxEvaluations": 20 }, "optimizer": { "type": "l-bfgs-b", "maxIterations": 5 } },
          "blind": { "optimizer": { "type": "random-search", "population": 10 } },
        },
        """;

    private const string Names = """ "free": ["tauM", "R"], """;

    private readonly string folder = Directory.CreateTempSubdirectory("brain-fitters-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_fitter_spends_the_same_budget_with_every_seed()
    {
        var json = FitterTable.ToJson(Compare(Three, new(null, null, 3, 60, null, false, 30)));
        Assert.Equal(["descent", "hybrid", "blind"], ((JsonObject)json["fitters"]!).Select(static f => f.Key));
        var each = (long)json["stepsPerEvaluation"]!;
        Assert.Equal(60 * each, (long)json["budgetSteps"]!);
        foreach (var (name, fitter) in (JsonObject)json["fitters"]!)
        {
            var trials = (JsonArray)fitter!["trials"]!;
            Assert.Equal(3, trials.Count);
            Assert.Equal(3, trials.Select(static t => (double)t!["loss"]!).Distinct().Count());
            foreach (var trial in trials)
            {
                // The budget is spent, and not by more than a round of evaluations too many.
                Assert.InRange((long)trial!["steps"]!, 60 * each, 75 * each);
                double[] losses = [.. ((JsonArray)trial["curve"]!["loss"]!).Select(static l => (double)l!)];
                Assert.Equal(losses.OrderDescending(), losses);
                Assert.Equal(losses[^1], (double)trial["loss"]!);
                Assert.True((long)((JsonArray)trial["curve"]!["steps"]!)[^1]! <= 60 * each);
                Assert.Equal("ms", (string?)trial["parameters"]!["tauM"]!["unit"]);
                Assert.InRange((double)trial["parameters"]!["tauM"]!["value"]!, 0.1, 1000);
                Assert.True(name != "blind" || (int)trial["runs"]! == 1);
            }

            double[] sorted = [.. trials.Select(static t => (double)t!["loss"]!).Order()];
            Assert.Equal((sorted[0], sorted[1], sorted[2]), ((double)fitter["best"]!, (double)fitter["median"]!, (double)fitter["worst"]!));
            Assert.Equal(sorted.Count(static l => l <= 30) / 3.0, (double)fitter["reached"]!);
        }
    }

    [Fact]
    public void The_same_seeds_give_the_same_losses_whatever_is_compared_beside()
    {
        double[] Losses(string? optimizers) =>
        [
            .. ((JsonArray)FitterTable.ToJson(Compare("", new(null, optimizers, 2, 30, null, false, null)))["fitters"]!["nelder-mead"]!["trials"]!)
                .Select(static t => (double)t!["loss"]!),
        ];
        Assert.Equal(Losses("nelder-mead"), Losses("l-bfgs-b, nelder-mead"));
    }

    [Fact]
    public void Without_a_budget_each_runs_once_to_its_own_end()
    {
        var compared = Compare(Three, new("fit", null, 1, null, null, true, null));
        Assert.All(compared.Figures, static f => Assert.Equal(1, Assert.Single(f.Trials).Runs));
        var blind = compared.Figures[2].Trials[0];
        Assert.InRange(blind.Steps, 6400 * compared.StepsPerEvaluation, 6410 * compared.StepsPerEvaluation);
        Assert.True(blind.Seconds > 0 && blind.ProcessorSeconds > 0);
    }

    [Fact]
    public void A_budget_of_seconds_ends_each_run()
    {
        var compared = Compare(Three, new(null, "random-search", 2, null, 0.2, false, null));
        Assert.All(Assert.Single(compared.Figures).Trials, static t => Assert.InRange(t.Seconds, 0.2, 20));
    }

    [Fact]
    public void All_optimisers_are_compared_where_none_is_named_and_the_table_and_page_have_a_row_for_each()
    {
        var compared = Compare("\"starts\": 2,", new(null, null, 1, 70, null, false, 1e9));
        string[] names = ["l-bfgs-b", "levenberg-marquardt", "adam", "sgd", "differential-evolution", "particle-swarm", "cma-es", "nelder-mead", "bayesian", "random-search"];
        Assert.Empty(names.Except(compared.Figures.Select(static f => f.Name)));

        using var text = new StringWriter { NewLine = "\n" };
        FitterTable.Write(compared, text);
        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("fit: losses in mV² over 1 seeds, budget 70 evaluations of ", lines[0], StringComparison.Ordinal);
        Assert.Equal(compared.Figures.Select(static f => f.Name), lines.Skip(3).Select(static l => l.Split(' ')[0]));
        Assert.Contains(lines, static l => l.StartsWith("l-bfgs-b", StringComparison.Ordinal) && l.Contains("1 of 1", StringComparison.Ordinal));

        var page = FitterPage.Render(compared).Text;
        Assert.All(names, name => Assert.Contains($"<th scope=\"row\">{name}</th>", page, StringComparison.Ordinal));
        Assert.Contains("<svg class=\"convergence\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_which_have_no_gradient_are_fitted_by_optimisers_that_need_none()
    {
        const string features = """ "optimizer": { "type": "cma-es" }, "loss": { "type": "features", "features": { "steady_state_voltage_stimend": { "mean": -70, "sd": 1 } } }, """;
        var names = Compare(features, new(null, null, 1, 2, null, false, null)).Figures.Select(static f => f.Name).ToList();
        Assert.Contains("cma-es", names);
        Assert.DoesNotContain("l-bfgs-b", names);
        Fault("BM2711", features, new(null, "l-bfgs-b", 1, 2, null, false, null));
    }

    [Fact]
    public void Optimisers_of_least_squares_are_left_out_or_refused_where_the_loss_is_no_sum_of_squares()
    {
        const string likelihood = """ "loss": { "type": "spike-likelihood" }, """;
        var names = Compare(likelihood, new(null, null, 1, 2, null, false, null), "gif-pozzorini").Figures.Select(static f => f.Name).ToList();
        Assert.Contains("l-bfgs-b", names);
        Assert.DoesNotContain("levenberg-marquardt", names);
        Assert.Contains("l-bfgs-b", Fault("BM2714", likelihood, new(null, "levenberg-marquardt", 1, 2, null, false, null), "gif-pozzorini").Cure, StringComparison.Ordinal);
        var placed = Fault("BM2714", $$"""{{likelihood}} "fitters": { "squares": { "optimizer": { "type": "levenberg-marquardt" } } },""", new(null, null, 1, 2, null, false, null), "gif-pozzorini");
        Assert.NotNull(placed.Place.Line);
    }

    [Fact]
    public void A_fitter_after_another_fit_begins_where_its_starts_end_and_pays_for_it()
    {
        const string fitters = """
            "fitters": {
              "alone": { "optimizer": { "type": "random-search", "maxEvaluations": 1 }, "starts": 3 },
              "after": { "after": "first", "optimizer": { "type": "random-search", "maxEvaluations": 1 }, "starts": 3 },
              "descent": { "optimizer": { "type": "l-bfgs-b" }, "starts": 3 },
            },
            """;
        var compared = Compare(fitters, new("fit", null, 3, null, null, true, null), first: """ "optimizer": { "type": "l-bfgs-b" }, """);
        var (alone, after, descent) = (compared.Figures[0], compared.Figures[1], compared.Figures[2]);
        // Three starts of one seed may all end in another hollow of the loss.
        Assert.True(after.Median < alone.Best, $"{after.Median} against {alone.Best}");
        Assert.Equal(descent.Best, after.Best, 1e-3 * descent.Best);
        Assert.True(after.Trials.Average(static t => t.Steps) > descent.Trials.Average(static t => t.Steps) / 2);
        Assert.All(after.Trials, static t => Assert.Equal(1, t.Runs));

        // A budget that ends within the first fit leaves no loss of the second.
        var budget = Compare(fitters, new("fit", null, 1, 10, null, false, null), first: """ "optimizer": { "type": "l-bfgs-b" }, """);
        Assert.Equal(double.PositiveInfinity, budget.Figures[1].Best);
        Assert.InRange(budget.Figures[1].Trials[0].Steps, 10 * budget.StepsPerEvaluation, 40 * budget.StepsPerEvaluation);
    }

    [Theory]
    [InlineData("frist", "", "no fit before this one")]
    [InlineData("fit", "", "no fit before this one")]
    [InlineData("first", """ "free": ["tauM"], """, "fits tauM, and this fit tauM, R")]
    [InlineData("second", "", "itself begins where 'first' ends")]
    public void A_fit_after_which_no_fitter_can_go_on_is_named(string after, string first, string problem)
    {
        var fault = Fault("BM2719", $$"""{{Names}} "fitters": { "after": { "after": "{{after}}", "optimizer": { "type": "l-bfgs-b" } } },""", first: first.Length > 0 ? first : Names);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.NotNull(fault.Place.Line);
    }

    [Fact]
    public void A_fitter_goes_on_after_a_fit_of_the_same_neuron() => Assert.Contains("'first' fits quadratic-integrate-and-fire, and this fit leaky-integrate-and-fire", Fault(
        "BM2719", $$"""{{Names}} "fitters": { "after": { "after": "first", "optimizer": { "type": "l-bfgs-b" } } },""", first: Names, firstNeuron: "quadratic-integrate-and-fire").Problem, StringComparison.Ordinal);

    [Fact]
    public void Only_one_thing_says_where_starts_begin() => Assert.Contains("'search'", Fault(
        "BM2719", $$"""{{Names}} "fitters": { "after": { "after": "first", "search": { "type": "cma-es" }, "optimizer": { "type": "l-bfgs-b" } } },""", first: Names).Problem, StringComparison.Ordinal);

    [Fact]
    public void What_cannot_be_compared_is_said_with_a_cure()
    {
        Assert.Contains("cma-es", Fault("BM2013", "", new(null, "cma-se", 1, 3, null, false, null)).Cure, StringComparison.Ordinal);
        Assert.Equal("one of --evaluations, --seconds and --to-the-end", Fault("BM1206", "", new(null, null, 1, 3, 1, false, null)).Expected);
        Assert.Contains("--seeds", Fault("BM1206", "", new(null, null, 0, 3, null, false, null)).Cure, StringComparison.Ordinal);
        Assert.Contains("--evaluations", Fault("BM1206", "", new(null, null, 1, 0, null, false, null)).Cure, StringComparison.Ordinal);
        Assert.Contains("'fit'", Fault("BM1205", "", new("fti", null, 1, 3, null, false, null)).Cure, StringComparison.Ordinal);
        Assert.Contains("no free parameter", Fault("BM1205", "\"free\": [],", new(null, null, 1, 3, null, false, null)).Problem, StringComparison.Ordinal);
        Assert.Contains("nelder-mead", Fault("BM2013", "\"fitters\": { \"a\": { \"optimizer\": { \"type\": \"nelder-maed\" } } },", new(null, null, 1, 3, null, false, null)).Cure, StringComparison.Ordinal);
    }

    /// <param name="more">Keys of the fit.</param>
    /// <param name="choice">What is compared.</param>
    /// <param name="neuron">The neuron.</param>
    /// <param name="first">Keys of a fit before it, after which comes another one; null: there is none.</param>
    /// <param name="firstNeuron">The neuron of that; null: the same.</param>
    private FitterComparison Compare(string more, FitterChoice choice, string neuron = "leaky-integrate-and-fire", string? first = null, string? firstNeuron = null)
    {
        var file = Path.Combine(folder, "experiment.json");
        var recording = Path.Combine(RealData.Repository, "examples/fit-recording/recording.nwb");
        string Both(string type) => $$"""
            "neuron": { "type": "{{type}}" },
            "recording": { "path": {{JsonValue.Create(recording).ToJsonString()}}, "start": "100 ms", "duration": "75 ms", "sweeps": { "train": "1-2" } },
            """;
        File.WriteAllText(file, $$"""
            {
              "seed": 5, "threads": 1,
              "stages": {
                {{(first is null ? "" : $$""" "first": { "type": "fit", {{Both(firstNeuron ?? neuron)}} {{first}} }, "second": { "type": "fit", "from": "first", {{first}} }, """)}}
                "fit": {
                  {{Both(neuron)}}
                  {{more}}
                },
              },
            }
            """);
        return CompareFittersCommand.Compare(Experiment.Load(file, [], []), choice, static _ => { }, default);
    }

    private Diagnostic Fault(string id, string more, FitterChoice? choice = null, string neuron = "leaky-integrate-and-fire", string? first = null, string? firstNeuron = null)
    {
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => Compare(more, choice ?? new("fit", null, 1, 3, null, false, null), neuron, first, firstNeuron)).Diagnostics);
        Assert.Equal(id, fault.Id);
        return fault;
    }
}
