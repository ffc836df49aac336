using System.Globalization;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Statistics;
using BrainModular.Engine.Training;
using BrainModular.Host.Configuration;
using BrainModular.Host.Reports;
using BrainModular.Models;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition;

/// <summary>What a report shows of a training.</summary>
internal static class TrainingReport
{
    /// <param name="name">Its name.</param>
    /// <param name="trained">What it came to.</param>
    /// <param name="exports">The run's exports of networks, by name.</param>
    public static ReportStage Of(string name, TrainOutcome trained, params IEnumerable<(string Name, NetworkExportOutcome Export)> exports)
    {
        var accuracy = AccuracyName(trained);
        var violations = (int)trained.Summary["daleViolations"]!;
        return new(name, "train")
        {
            Headlines =
            [
                .. Evaluation(trained.Evaluation, accuracy, trained.Examples(TrialUse.Evaluation)),
                new($"{Capital(accuracy)} in validation", NumberText.Percent(trained.Record.BestAccuracy), $"loss {NumberText.Number(trained.Record.BestLoss)}{Of(trained.Examples(TrialUse.Validation))}"),
                new("Batches", Text(trained.Record.Points.Count), $"{Text(Trials(trained))} trials; {trained.Record.Ended}"),
            ],
            Training = new(accuracy)
            {
                Figures =
                [
                    ($"{Capital(accuracy)} on {Text(trained.Evaluation.Trials)} fresh trials", NumberText.Percent(trained.Evaluation.Accuracy)),
                    ("Loss on them", NumberText.Number(trained.Evaluation.Loss)),
                    .. exports.Where(e => e.Export.Trained == trained).Select(e => ($"{Capital(accuracy)} in ONNX Runtime, stage {e.Name}", NumberText.Percent(e.Export.OnnxAccuracy))),
                    .. trained.Evaluation.Rates.Select(static r => ($"Mean rate of {r.Key}", $"{NumberText.Number(r.Value)} Hz")),
                    ("Trials trained on", Text(Trials(trained))),
                    ("Ended because", trained.Record.Ended),
                    ("Time", NumberText.Seconds(Seconds(trained))),
                    ("Weights trained", Text(trained.Program.Coordinates)),
                    ("Weights against the sign of their projection", Text(violations)),
                ],
                Curves = Curves(trained),
                Comparison = new(Method(trained.Training.Config), trained.Evaluation.Accuracy, trained.Evaluation.Loss, Trials(trained), Seconds(trained), (long)trained.Summary["bytes"]!),
                Trial = Trial(trained.Sample),
                Weights = [.. trained.Program.Definition.Projections.Where(static p => p.SharesWeightsOf is null && p.Weights.Length > 0).Select(p => Weights(trained, p))],
            },
        };
    }

    /// <summary>The large figures of trials without training.</summary>
    public static IEnumerable<ReportHeadline> Evaluation(TrialResult result, string accuracy, string examples) =>
    [
        new($"{Capital(accuracy)} on fresh trials", NumberText.Percent(result.Accuracy), $"{Text(result.Trials)} trials, loss {NumberText.Number(result.Loss)}{Of(examples)}"),
        .. result.Rates.Select(static r => new ReportHeadline($"Rate of {r.Key}", $"{NumberText.Number(r.Value)} Hz")),
    ];

    /// <summary>What the accuracy of a training's task is.</summary>
    public static string AccuracyName(TrainOutcome trained) => trained.Plan.Shape.TargetKind == TargetKind.Class ? "accuracy" : "explained variance";

    private static string Of(string examples) => examples.Length == 0 ? "" : $"; {examples}";

    private static long Trials(TrainOutcome trained) => trained.Record.Points.Count * (long)trained.Plan.Batch;

    /// <summary>How gradients were found, with what belongs to it.</summary>
    private static string Method(TrainConfig config)
    {
        var traces = config.LearnsFromReward ? $"{config.Method}, {config.GradientMethod}" : config.Method;
        return config.GradientMethod == "e-prop" ? $"{traces}, {config.Feedback}" : traces;
    }

    private static double Seconds(TrainOutcome trained) => (double)trained.Summary["seconds"]!;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Capital(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..]}";

    private static ReportCurves Curves(TrainOutcome trained)
    {
        var points = trained.Record.Points.Select((point, i) => (Point: point, Trials: (i + 1.0) * trained.Plan.Batch)).ToList();
        var validated = points.Where(static p => p.Point.ValidationLoss is not null).ToList();
        return new()
        {
            Trials = [.. points.Select(static p => p.Trials)],
            Loss = [.. points.Select(static p => p.Point.Loss)],
            Accuracy = [.. points.Select(static p => p.Point.Accuracy)],
            ValidationTrials = [.. validated.Select(static p => p.Trials)],
            ValidationLoss = [.. validated.Select(static p => p.Point.ValidationLoss!.Value)],
            ValidationAccuracy = [.. validated.Select(static p => p.Point.ValidationAccuracy!.Value)],
            Rates = [.. trained.Record.Rates.Select(static r => new ReportTrace(r.Key, r.Value.ToArray()))],
        };
    }

    private static ReportTrial Trial(SampleTrial sample)
    {
        var (shape, step) = (sample.Shape, sample.TimeStep);
        var isClass = shape.TargetKind == TargetKind.Class;
        var asked = Asked(sample);
        return new(step, shape.Steps, isClass ? Answer(sample.Answers, asked) : "")
        {
            Periods = [.. shape.Periods.Select(p => new ReportPeriod(p.Name, p.Start * step, (p.Start + p.Steps) * step))],
            Rasters =
            [
                .. shape.InputKind == PortKind.Event ? shape.InputGroups.Select(g => new ReportRaster(g.Name, true, g.Count, InputSpikes(sample, g))) : [],
                .. sample.Populations.Select(p => new ReportRaster(p.Name, false, p.Units, [.. p.Spikes.Select(static s => (s.Step, s.Unit))])),
            ],
            Inputs = shape.InputKind == PortKind.Event ? [] : [.. shape.InputGroups.Select(g => new ReportTrace(g.Name, InputMean(sample, g)))],
            Potentials = [.. sample.Potentials.Select(p => new ReportPotential(
                p.Population, p.Unit, p.In.Symbol, p.Samples, p.Threshold,
                [.. sample.Populations.Where(s => s.Name == p.Population).SelectMany(static s => s.Spikes).Where(s => s.Unit == p.Unit).Select(static s => s.Step)]))],
            Readout = [.. sample.Readout.Select((y, i) => new ReportTrace(shape.TargetNames[i], y))],
            Targets = isClass ? [] : [.. sample.Readout.Select((_, i) => new ReportTrace(shape.TargetNames[i], Target(sample, i)))],
            Asked = asked,
        };
    }

    private static string Answer((int Right, int Asked) answers, List<ReportPeriod> asked) => answers switch
    {
        (_, 0) => "",
        (var right, 1) => $"It asked for {asked[0].Name}, and the network {(right == 1 ? "answered so" : "answered otherwise")}.",
        _ => $"{Text(answers.Right)} of its {Text(answers.Asked)} answers were right.",
    };

    /// <summary>Runs of steps that count and have one target.</summary>
    private static List<ReportPeriod> Asked(SampleTrial sample)
    {
        var (shape, mask) = (sample.Shape, sample.Trial.Mask);
        string TargetAt(int step) => shape.TargetKind == TargetKind.Class ? shape.TargetNames[(int)sample.Trial.Targets[step]] : "";
        var runs = new List<ReportPeriod>();
        for (var (step, start) = (0, 0); step < shape.Steps; step++)
        {
            if (mask[step] == 0)
            {
                continue;
            }

            start = step == 0 || mask[step - 1] == 0 || TargetAt(step) != TargetAt(step - 1) ? step : start;
            if (step == shape.Steps - 1 || mask[step + 1] == 0 || TargetAt(step) != TargetAt(step + 1))
            {
                runs.Add(new(TargetAt(step), start * sample.TimeStep, (step + 1) * sample.TimeStep));
            }
        }

        return runs;
    }

    private static double[] Target(SampleTrial sample, int channel) =>
        [.. Enumerable.Range(0, sample.Shape.Steps).Select(t => sample.Trial.Mask[t] == 0 ? double.NaN : sample.Trial.Targets[(t * sample.Shape.Targets) + channel])];

    private static List<(int Step, int Unit)> InputSpikes(SampleTrial sample, ChannelGroup group)
    {
        var spikes = new List<(int, int)>();
        for (var step = 0; step < sample.Shape.Steps; step++)
        {
            for (var channel = 0; channel < group.Count; channel++)
            {
                if (sample.Trial.Inputs[(step * sample.Shape.Inputs) + group.First + channel] != 0)
                {
                    spikes.Add((step, channel));
                }
            }
        }

        return spikes;
    }

    private static double[] InputMean(SampleTrial sample, ChannelGroup group) =>
        [.. Enumerable.Range(0, sample.Shape.Steps).Select(t => sample.Trial.Inputs.Skip((t * sample.Shape.Inputs) + group.First).Take(group.Count).Average(static x => (double)x))];

    private static ReportWeights Weights(TrainOutcome trained, ProjectionDefinition projection)
    {
        var unit = trained.Program.Definition.Population(projection.Target).Model.Ports.First(p => p.Name == projection.Port).Weight;
        WeightStatistics At(double[] coordinates) => WeightStatistics.Of([.. trained.Program.Weights(projection.Name, coordinates).Select(unit.Export)]);
        var before = At(trained.Before);
        var sign = projection.Sign switch { WeightSign.Positive => "at least 0", WeightSign.Negative => "at most 0", _ => "either sign" };
        return new(projection.Name, unit.Symbol, sign, projection.Trainable, before, projection.Trainable ? At(trained.After) : before);
    }
}
