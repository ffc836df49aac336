using System.Text.Json.Nodes;
using BrainModular.Engine.Networks;
using BrainModular.Host.Composition;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Networks;

/// <summary>A training that ran, on the page.</summary>
public sealed class TrainingPageTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("brain-training-page-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void It_shows_what_the_training_came_to()
    {
        var text = TinyTraining.With("\"E-out\": {", "\"E-I\": { \"from\": \"E\", \"to\": \"I\", \"synapse\": \"exc\", \"trainable\": false }, \"E-out\": {");
        var (outcomes, metrics) = TinyTraining.Run(TinyTraining.Load(text), folder);
        var trained = (TrainOutcome)outcomes["train"];

        var stage = TrainingReport.Of("train", trained);
        var shown = stage.Training!;

        Assert.Equal(NumberText.Percent(trained.Evaluation.Accuracy), shown.Figures.Single(static f => f.Name == "Accuracy on 100 fresh trials").Value);
        Assert.Equal("0", shown.Figures.Single(static f => f.Name.StartsWith("Weights against", StringComparison.Ordinal)).Value);
        Assert.Equal([.. trained.Record.Points.Select(static p => p.Loss)], shown.Curves.Loss);
        Assert.Equal(24.0 * trained.Record.Points.Count, shown.Curves.Trials[^1]);
        Assert.Equal(trained.Record.Points.Count(static p => p.ValidationLoss is not null), shown.Curves.ValidationTrials.Count);
        Assert.Equal(5 * 24, shown.Curves.ValidationTrials[0]);
        var batches = metrics.Where(static m => m.StartsWith('{')).Select(static m => JsonNode.Parse(m)!["rates"]).OfType<JsonObject>().ToList();
        Assert.Equal(["E", "I"], shown.Curves.Rates.Select(static r => r.Name));
        Assert.All(shown.Curves.Rates, r => Assert.Equal(batches.Select(b => (double)b[r.Name]!), r.Samples.ToArray()));

        var trial = shown.Trial!;
        Assert.Equal((1.0, 60), (trial.TimeStep, trial.Steps));
        Assert.Equal([new("cue 1", 5, 35), new("delay", 35, 45), new("recall", 45, 60)], trial.Periods);
        Assert.Equal(
            [("left", true, 5), ("right", true, 5), ("recall", true, 5), ("noise", true, 5), ("E", false, 16), ("I", false, 4)],
            trial.Rasters.Select(static r => (r.Name, r.IsInput, r.Units)));
        Assert.Equal((trained.Sample.Trial.Inputs.Sum(), true), (trial.Rasters.Where(static r => r.IsInput).Sum(static r => r.Spikes.Count), trial.Rasters[4].Spikes.Count > 0));
        var asked = Assert.Single(trial.Asked);
        Assert.Equal((45.0, 60.0), (asked.Start, asked.End));
        var cued = trial.Rasters.Take(2).MaxBy(static r => r.Spikes.Count)!;
        Assert.Equal(cued.Name, asked.Name);
        Assert.Contains($"It asked for {asked.Name}", trial.Answer, StringComparison.Ordinal);
        Assert.Equal(["E", "E", "I", "I"], trial.Potentials.Select(static p => p.Population));
        // Rescaled units: a threshold of 1 is 20 mV above -60 mV.
        Assert.Equal(-40, trial.Potentials[0].Threshold!.Value, 1e-9);

        Assert.Equal(["in-E", "in-I", "E-E", "I-E", "E-I", "E-out"], shown.Weights.Select(static w => w.Projection));
        foreach (var weights in shown.Weights)
        {
            var count = trained.Program.Definition.Projections.Single(p => p.Name == weights.Projection).Weights.Length;
            Assert.Equal((count, count, weights.Projection != "E-I"), (weights.Before.Count, weights.After.Count, weights.IsTrained));
            Assert.Equal(weights.IsTrained, weights.Before.Mean != weights.After.Mean);
        }

        // A weight of 1 is 1 / (100 MOhm) = 10 nS; it is shown in the unit of the port.
        var first = shown.Weights[0];
        var port = trained.Program.Definition.Population("E").Model.Ports.Single(static p => p.Name == "exc.in");
        Assert.Equal(port.Weight.Symbol, first.Unit);
        Assert.Equal(port.Weight.Export(trained.Program.Weights("in-E", trained.Before).Average()), first.Before.Mean, 1e-12);
    }

    [Theory]
    [InlineData("examples/surrogates/experiment.json", "sigmoid: bptt", "arctan: bptt", "gaussian: bptt", "relu: bptt")]
    [InlineData(
        "bench/studies/gradient-methods.json", "bptt: bptt", "d-rtrl: d-rtrl", "es-d-rtrl: es-d-rtrl", "e-prop: e-prop, symmetric", "e-prop-random: e-prop, random", "reward: reward, d-rtrl")]
    public void A_study_trains_one_network_several_times_and_compares_them(string file, params string[] methods)
    {
        string[] stages = [.. methods.Select(static m => m[..m.IndexOf(':', StringComparison.Ordinal)])];
        var shorter = stages.SelectMany(static s => (string[])[$"stages.{s}.maxTrials=96", $"stages.{s}.validationTrials=16", $"stages.{s}.validateEvery=1", $"stages.{s}.evaluationTrials=32"]);
        var (outcomes, _) = TinyTraining.Run(Experiment.Load(Path.Combine(RealData.Repository, file), [.. shorter], []), folder);
        var trained = outcomes.Values.Cast<TrainOutcome>().ToList();
        Assert.Equal(stages, outcomes.Keys);
        Assert.All(trained, t => Assert.Equal(trained[0].Before, t.Before));
        Assert.All(trained, static t => Assert.All(t.Evaluation.Rates.Values, static r => Assert.InRange(r, 1, 200)));

        var data = new ReportData("study", "", "completed", 1, "", "", default, 1) { Stages = [.. outcomes.Select(static o => TrainingReport.Of(o.Key, (TrainOutcome)o.Value))] };
        var page = ReportPage.Render(data, plotLibrary: "").Text;
        var comparison = page[page.IndexOf("<h2 id=\"comparison\">", StringComparison.Ordinal)..];
        Assert.All(trained.Zip(stages, methods), t => Assert.Contains(
            $"<th scope=\"row\">{t.Second}</th><td>{t.Third[(t.Second.Length + 2)..]}</td><td class=\"number strong\">{NumberText.Percent(t.First.Evaluation.Accuracy)}</td><td class=\"number\">{NumberText.Number(t.First.Evaluation.Loss)}</td><td class=\"number\">96</td>",
            comparison, StringComparison.Ordinal));
    }

    [Fact]
    public void A_task_of_values_shows_its_targets_where_they_count()
    {
        var text = TinyTraining.With(TinyTraining.Task, """{ "type": "reaching", "inputs": "graded" }""")
            .Replace("\"in-E\": { \"from\": \"input\", \"to\": \"E\", \"synapse\": \"exc\", ", "\"in-E\": { \"from\": \"input\", \"to\": \"E\", ", StringComparison.Ordinal)
            .Replace("\"in-I\": { \"from\": \"input\", \"to\": \"I\", \"synapse\": \"exc\", ", "\"in-I\": { \"from\": \"input\", \"to\": \"I\", ", StringComparison.Ordinal)
            .Replace("\"maxTrials\": 720", "\"maxTrials\": 24", StringComparison.Ordinal);
        var (outcomes, _) = TinyTraining.Run(TinyTraining.Load(text), folder);
        var trained = (TrainOutcome)outcomes["train"];

        var stage = TrainingReport.Of("train", trained);
        var trial = stage.Training!.Trial!;

        Assert.Equal("explained variance", stage.Training.AccuracyName);
        Assert.Equal("", trial.Answer);
        Assert.DoesNotContain(trial.Rasters, static r => r.IsInput);
        Assert.NotEmpty(trial.Inputs);
        Assert.Equal(trained.Sample.Shape.TargetNames, trial.Targets.Select(static t => t.Name));
        var (counted, mask) = (trial.Targets[0].Samples.ToArray(), trained.Sample.Trial.Mask);
        Assert.All(mask.Zip(counted), static m => Assert.Equal(m.First == 0, double.IsNaN(m.Second)));
        Assert.Equal(mask.Count(static m => m != 0) * trial.TimeStep, trial.Asked.Sum(static a => a.End - a.Start), 1e-9);
    }
}
