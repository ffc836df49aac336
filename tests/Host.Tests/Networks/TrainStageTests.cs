using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;
using BrainModular.Formats.Nir;
using BrainModular.Host.Composition;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Networks;

public sealed class TrainStageTests : IDisposable
{
    /// <summary>The tiny training with units and synapses that NIR has primitives for.</summary>
    private static string Leaky(string stages) => TinyTraining.Then(stages)
        .Replace("\"type\": \"exponential-conductance\", \"parameters\": { \"E\": 3, ", "\"type\": \"exponential-current\", \"parameters\": { ", StringComparison.Ordinal)
        .Replace("\"type\": \"exponential-conductance\", \"parameters\": { \"E\": \"-120 mV\", ", "\"type\": \"exponential-current\", \"parameters\": { ", StringComparison.Ordinal)
        .Replace("\"A1\": 0, \"A2\": -1, \"tauI2\": { \"uniform\": [\"50 ms\", \"150 ms\"] }", "\"A1\": 0, \"A2\": 0", StringComparison.Ordinal)
        .Replace("\"I\": { \"count\": 4, \"neuron\": { \"type\": \"leaky-integrate-and-fire\" } }", "\"I\": { \"count\": 4, \"neuron\": { \"type\": \"leaky-integrate-and-fire\", \"parameters\": { \"tref\": \"0 ms\" } } }", StringComparison.Ordinal)
        .Replace("\"to\": \"E\", \"synapse\": \"inh\", \"sign\": \"positive\"", "\"to\": \"E\", \"synapse\": \"inh\", \"sign\": \"negative\"", StringComparison.Ordinal)
        .Replace("\"maxTrials\": 720", "\"maxTrials\": 240", StringComparison.Ordinal);

    private static readonly string[] Inner = ["in-E", "in-I", "E-E", "I-E"];

    private readonly string folder = Directory.CreateTempSubdirectory("brain-training-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_network_learns_its_task_and_keeps_the_signs_of_its_weights()
    {
        var (outcomes, metrics) = TinyTraining.Run(TinyTraining.Load(TinyTraining.With("\"batch\"", "\"targetAccuracy\": 0.95, \"batch\"")), folder);
        var trained = (TrainOutcome)outcomes["train"];
        var summary = trained.Summary;
        Assert.True((double)summary["accuracy"]! > 0.9, summary.ToJsonString());
        Assert.True(trained.Record.Points[0].Accuracy < 0.8);
        Assert.Equal("reached the target accuracy", (string?)summary["ended"]);
        Assert.Equal(trained.Record.BestAccuracy, (double)summary["validationAccuracy"]!);
        Assert.Equal((100, 0), ((int)summary["evaluationTrials"]!, (int)summary["daleViolations"]!));
        Assert.InRange((double)summary["rates"]!["E"]!, 1, 500);
        Assert.Equal((trained.Record.Points.Count, 24L * trained.Record.Points.Count), ((int)summary["steps"]!, (long)summary["trials"]!));
        Assert.Equal(trained.Record.Points.Count, metrics.Count(static m => m.Contains("\"rates\"", StringComparison.Ordinal)));
        Assert.True((long)summary["peakBytes"]! > 1 << 20);
        Assert.InRange((long)summary["bytes"]!, 1 << 10, (long)summary["peakBytes"]!);
        foreach (var projection in trained.Program.Definition.Projections.Where(static p => p.Sign == WeightSign.Positive))
        {
            Assert.All(trained.Program.Weights(projection.Name, trained.After), static w => Assert.True(w >= 0));
            Assert.NotEqual(trained.Program.Weights(projection.Name, trained.Before), trained.Program.Weights(projection.Name, trained.After));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(1, 11)]
    public void A_training_that_was_interrupted_goes_on_to_the_same_bits(params int[] afterLines)
    {
        var text = TinyTraining.With("\"maxTrials\": 720", "\"maxTrials\": 360");
        var whole = Finished(text, "whole", threads: 1);
        var before = 0;
        foreach (var lines in afterLines)
        {
            Assert.Throws<OperationCanceledException>(() => TinyTraining.Run(TinyTraining.Load(text), Folder("cut"), lines - before));
            before = lines;
        }

        var (outcomes, rest) = TinyTraining.Run(TinyTraining.Load(text), Folder("cut"));
        var resumed = (TrainOutcome)outcomes["train"];
        Assert.Equal(whole.Trained.After, resumed.After);
        Assert.Equal(whole.Trained.Record.Points, resumed.Record.Points);
        Assert.Equal(whole.Trained.Record.Rates, resumed.Record.Rates);
        Assert.Equal(whole.Metrics.Skip(afterLines[^1]), rest);
        Assert.Equal(Numbers(whole.Trained), Numbers(resumed));

        // A finished one gives its outcome again.
        var again = Finished(text, "cut", threads: 2);
        Assert.Empty(again.Metrics);
        Assert.Equal(Numbers(whole.Trained), Numbers(again.Trained));
    }

    [Fact]
    public void Another_task_is_learnt_by_a_new_readout_alone_and_evaluated_on_other_trials()
    {
        var frozen = string.Join(", ", Inner.Select(static p => $"\"{p}\""));
        var text = TinyTraining.Then($$"""
            "other": { "type": "train", "from": "train", "frozen": [{{frozen}}], "task": {{TinyTraining.Task.Replace("\"30 ms\"", "\"20 ms\"", StringComparison.Ordinal)}}, "batch": 8, "maxTrials": 80, "validationTrials": 16, "evaluationTrials": 16 },
            "more": { "type": "train", "from": "train", "batch": 8, "maxTrials": 16, "validationTrials": 16, "evaluationTrials": 16 },
            "evaluate": { "from": "other", "trials": 40 },
            "same": { "type": "evaluate", "from": "other", "trials": 40, "seed": 2 },
            """);
        var (outcomes, _) = TinyTraining.Run(TinyTraining.Load(text), folder);
        var (trained, other, more) = ((TrainOutcome)outcomes["train"], (TrainOutcome)outcomes["other"], (TrainOutcome)outcomes["more"]);
        Assert.Equal(32, other.Program.Coordinates);
        Assert.All(Inner, name => Assert.All(Weights(trained, name).Zip(Weights(other, name)), static w => Assert.Equal(w.First, w.Second, 1e-6 * w.First)));
        Assert.NotEqual(Weights(trained, "E-out"), Weights(other, "E-out"));
        Assert.All(trained.After.Zip(more.Before), static w => Assert.Equal(Math.Abs(w.First), Math.Abs(w.Second), 1e-6 * Math.Abs(w.First)));
        Assert.NotEqual(more.Before, more.After);
        var (evaluation, second) = ((EvaluateOutcome)outcomes["evaluate"], (EvaluateOutcome)outcomes["same"]);
        Assert.Equal((40, 40), (evaluation.Evaluation.Trials, (int)evaluation.Summary["trials"]!));
        Assert.NotEqual(evaluation.Evaluation.Loss, second.Evaluation.Loss);
    }

    [Fact]
    public void A_network_is_evaluated_on_trials_of_other_settings_than_it_learnt()
    {
        var silent = TinyTraining.Task.Replace("\"cueRate\": \"200 Hz\"", "\"cueRate\": \"0 Hz\"", StringComparison.Ordinal);
        var text = TinyTraining.Then($$"""
            "learnt": { "type": "evaluate", "from": "train", "trials": 200 },
            "silent": { "type": "evaluate", "from": "train", "trials": 200, "task": {{silent}} },
            """);
        var (outcomes, _) = TinyTraining.Run(TinyTraining.Load(text), folder);
        Assert.InRange(((EvaluateOutcome)outcomes["learnt"]).Evaluation.Accuracy, 0.85, 1);
        Assert.InRange(((EvaluateOutcome)outcomes["silent"]).Evaluation.Accuracy, 0.35, 0.65);
    }

    [Fact]
    public void Trainings_of_one_network_can_begin_with_the_same_weights_and_keep_their_last_ones()
    {
        var text = TinyTraining.Then("""
            "arctan": { "type": "train", "from": "train", "weights": "initial", "surrogate": { "type": "arctan" }, "batch": 24, "maxTrials": 24, "validationTrials": 16, "evaluationTrials": 16 },
            "again": { "type": "train", "from": "arctan", "weights": "initial", "batch": 24, "maxTrials": 24, "validationTrials": 16, "evaluationTrials": 16 },
            """).Replace("\"maxTrials\": 720", "\"maxTrials\": 24", StringComparison.Ordinal);
        var (outcomes, _) = TinyTraining.Run(TinyTraining.Load(text), folder);
        var trained = outcomes.Values.Cast<TrainOutcome>().ToList();
        Assert.All(trained, t => Assert.Equal(trained[0].Before, t.Before));
        // After the one batch that there is, every weight has moved, and that is what is validated.
        Assert.All(trained, static t => Assert.NotEqual(t.Before, t.After));
        Assert.All(trained, static t => Assert.Single(t.Record.Points));
        Assert.Equal(3, trained.Select(static t => t.After[0]).Distinct().Count());

        Assert.Contains(
            TinyTraining.FaultsOf(TinyTraining.With("\"batch\"", "\"weights\": \"initial\", \"batch\"")),
            static f => f.Id == "BM2618" && f.Problem.Contains("takes from none", StringComparison.Ordinal));
    }

    [Fact]
    public void A_trained_network_is_exported_and_answers_in_onnx_runtime_as_in_the_engine()
    {
        var text = TinyTraining.Then("\"export\": { \"from\": \"train\", \"trials\": 60 }, \"evaluate\": { \"from\": \"train\", \"trials\": 60 },");
        var (outcomes, _) = TinyTraining.Run(TinyTraining.Load(text), folder);
        var export = (NetworkExportOutcome)outcomes["export"];
        Assert.True(File.Exists(export.Result.StepFile) && File.Exists(export.Result.SequenceFile));
        Assert.Null(export.Fault);
        Assert.True(export.Result.Check.Spikes > 0, "the network is silent");
        Assert.True(export.EngineAccuracy > 0.8);
        Assert.Equal(export.EngineAccuracy, export.OnnxAccuracy, 0.05);
        Assert.Equal(export.OnnxAccuracy, (double)export.Summary["onnxAccuracy"]!);
        var figures = TrainingReport.Of("train", export.Trained, ("export", export)).Training!.Figures;
        Assert.Contains(("Accuracy in ONNX Runtime, stage export", NumberText.Percent(export.OnnxAccuracy)), figures);
        Assert.DoesNotContain(TrainingReport.Of("train", export.Trained).Training!.Figures, static f => f.Name.Contains("ONNX", StringComparison.Ordinal));
    }

    [Fact]
    public void A_network_of_leaky_integrators_is_written_as_a_nir_graph_too()
    {
        var (outcomes, _) = TinyTraining.Run(TinyTraining.Load(Leaky("\"export\": { \"from\": \"train\", \"trials\": 30, \"nir\": true },")), folder);
        var nodes = outcomes["export"].Summary["nirNodes"]!;
        Assert.Equal((1, 2, 1, 1, 1), ((int)nodes["LIF"]!, (int)nodes["LI"]! - 1, (int)nodes["CubaLIF"]!, (int)nodes["Input"]!, (int)nodes["Output"]!));
        var graph = NirFile.Read(Path.Combine(folder, "model.nir"));
        Assert.Equal([16, 20], graph.Node("in-E").Values["weight"].Shape);
        var trained = (TrainOutcome)outcomes["train"];
        Assert.Equal(1e-9 * trained.Program.Weights("in-E", trained.After)[0], graph.Node("in-E").Values["weight"].Elements[0], 1e-16);
    }

    [Theory]
    [InlineData("\"export\": { \"from\": \"train\", \"nir\": true },", "BM2704", "synapse exc")]
    [InlineData("\"fit\": { \"neuron\": { \"type\": \"leaky-integrate-and-fire\" }, \"recording\": { \"path\": \"cell.nwb\" } }, \"export\": { \"from\": \"fit\", \"nir\": true },", "BM2705", "no training")]
    public void What_nir_cannot_say_is_refused_before_anything_runs(string stages, string id, string problem) =>
        Assert.Contains(TinyTraining.FaultsOf(TinyTraining.Then(stages)), f => f.Id == id && f.Problem.Contains(problem, StringComparison.Ordinal) && f.Place.Path == "stages.export.nir");

    [Fact]
    public void The_example_of_the_networks_page_is_learnt()
    {
        var page = File.ReadAllText(Path.Combine(RealData.Repository, "docs", "networks.md"));
        var start = page.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        var (outcomes, _) = TinyTraining.Run(TinyTraining.Load(page[start..page.IndexOf("```", start, StringComparison.Ordinal)]), folder);
        Assert.True(((EvaluateOutcome)outcomes["evaluate"]).Evaluation.Accuracy > 0.95);
    }

    [Fact]
    public void A_stage_that_takes_a_network_takes_it_from_the_resolved_configuration_too()
    {
        var text = TinyTraining.Then("\"more\": { \"type\": \"train\", \"from\": \"train\" },").Replace("\"optimizer\"", "\"surrogate\": { \"type\": \"relu\" }, \"optimizer\"", StringComparison.Ordinal);
        var experiment = TinyTraining.Load(text);
        var again = TinyTraining.Load(System.Text.Encoding.UTF8.GetString(experiment.Config.Resolved([]).Span));
        Assert.All(new[] { experiment, again }, static e => Assert.Equal("relu", ((TrainStage)e.Stages[1]).Training.Origin.Surrogate.Type));
    }

    [Fact]
    public void The_method_and_its_timescales_are_those_that_train_and_are_reported()
    {
        var text = TinyTraining.With("\"batch\": 24, \"maxTrials\": 720", "\"method\": \"es-d-rtrl\", \"timescales\": [\"2 s\", \"50 ms\"], \"batch\": 24, \"maxTrials\": 24");
        var method = TinyTraining.Compose(text).Program.Options.Online!;
        Assert.Equal(OnlineRule.Factored, method.Rule);
        Assert.Equal([50, 2000], method.TimeConstants);
        var trained = Finished(text, "factored", threads: 2).Trained;
        Assert.Equal("es-d-rtrl", (string?)trained.Summary["method"]);
        Assert.NotEqual(trained.Before, trained.After);
    }

    /// <summary>The same accuracy is asked of it as of the methods that are told what is right.</summary>
    [Fact]
    public void Rewards_alone_teach_it_and_an_interruption_changes_no_bit()
    {
        var text = TinyTraining.With("\"batch\": 24, \"maxTrials\": 720", "\"method\": \"reward\", \"batch\": 24, \"maxTrials\": 1440");
        Assert.Equal(OnlineRule.Diagonal, TinyTraining.Compose(text).Program.Options.Online!.Rule);
        Assert.Equal(
            new OnlineMethod(OnlineRule.EligibilityPropagation) { Feedback = Feedback.Random },
            TinyTraining.Compose(text.Replace("\"reward\"", "\"reward\", \"traces\": \"e-prop\", \"feedback\": \"random\"", StringComparison.Ordinal)).Program.Options.Online! with { TimeConstants = [] });
        var (whole, metrics) = Finished(text, "reward", threads: 1);
        Assert.Equal("reward", (string?)whole.Summary["method"]);
        Assert.InRange(whole.Evaluation.Accuracy, 0.9, 1);
        var interrupted = Folder("reward-interrupted");
        Assert.Throws<OperationCanceledException>(() => TinyTraining.Run(TinyTraining.Load(text), interrupted, cancelAfter: metrics.Count / 2));
        var resumed = (TrainOutcome)TinyTraining.Run(TinyTraining.Load(text), interrupted).Outcomes["train"];
        Assert.Equal(whole.After, resumed.After);
        Assert.Equal(Numbers(whole), Numbers(resumed));
    }

    [Fact]
    public void Training_ends_where_validation_does_not_improve()
    {
        var text = TinyTraining.With("\"validateEvery\": 5", "\"validateEvery\": 1, \"patience\": 2").Replace("\"learningRate\": 0.02", "\"learningRate\": 1e-9", StringComparison.Ordinal);
        var trained = Finished(text, "stale", threads: 2).Trained;
        Assert.Equal("no improvement in 2 validations", trained.Record.Ended);
        Assert.True(trained.Record.Points.Count < 30);
    }

    private static double[] Weights(TrainOutcome outcome, string projection) => outcome.Program.Weights(projection, outcome.After);

    private static string Numbers(TrainOutcome outcome) => string.Join(
        ' ', new[] { "loss", "accuracy", "validationLoss", "validationAccuracy", "rates", "trials", "steps", "ended" }.Select(key => outcome.Summary[key]!.ToJsonString()));

    private string Folder(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

    private (TrainOutcome Trained, List<string> Metrics) Finished(string text, string name, int threads)
    {
        var (outcomes, metrics) = TinyTraining.Run(TinyTraining.Load(text), Folder(name), threads: threads);
        return ((TrainOutcome)outcomes["train"], metrics);
    }
}
