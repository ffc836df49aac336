using System.CommandLine;
using System.Diagnostics;
using System.Text;
using BrainModular.Diagnostics;
using BrainModular.Engine.Networks.Online;
using BrainModular.Engine.Training;
using BrainModular.Host.Composition;
using BrainModular.Host.Configuration;
using BrainModular.Host.Runs;
using BrainModular.Host.Terminal;

namespace BrainModular.Host.Commands;

/// <summary><c>brain compare-gradients CONFIG</c>: the gradient of a training's first batch by every method, beside that of backpropagation through time.</summary>
internal static class CompareGradientsCommand
{
    /// <summary>The most weights times states for which real-time recurrent learning is run: with more it takes minutes for a trial.</summary>
    private const long MostSensitivities = 250_000;

    public static Command Create()
    {
        var config = CommandOptions.Config();
        var set = CommandOptions.Set();
        var plugin = CommandOptions.Plugin();
        var stage = new Option<string?>("--stage") { Description = "The training; by default the only one.", HelpName = "NAME" };
        var trials = CommandOptions.WholeNumber("--trials", "How many trials; by default the training's batch.", 1 << 20);
        var json = new Option<string?>("--json") { Description = "Also writes the comparison to a JSON file.", HelpName = "FILE" };
        var command = new Command("compare-gradients", "Compares the gradients that online methods find at a training's initial weights with backpropagation through time.")
        {
            config, set, plugin, stage, trials, json,
        };
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption(Console.Error, Console.Error.WriteLine);
            var experiment = Experiment.Load(parsed.GetRequiredValue(config), parsed.GetValue(set) ?? [], parsed.GetValue(plugin) ?? []);
            PluginReport.WarnOfFailures(experiment.Catalog, Console.Error);
            if (parsed.GetValue(json) is { } wanted)
            {
                AtomicFile.Prepare(wanted);
            }

            var report = Compare(experiment, parsed.GetValue(stage), parsed.GetValue(trials), interruption.Token);
            if (parsed.GetValue(json) is { } file)
            {
                interruption.BeginWriting();
                AtomicFile.Write(file, Encoding.UTF8.GetBytes($"{report.ToJson().ToJsonString(new() { WriteIndented = true })}\n"));
            }

            report.Write(Console.Out);
            return 0;
        });
        return command;
    }

    /// <summary>Finds the gradient by each method.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="name">The training's name; null for the only one.</param>
    /// <param name="trials">How many trials; null for the training's batch.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="DiagnosticException">BM1405: there is no such training, or several, or it begins where another one ends; BM1406: no trials.</exception>
    public static GradientReport Compare(Experiment experiment, string? name, long? trials, CancellationToken cancel)
    {
        var stage = Find(experiment, name);
        if (trials == 0)
        {
            throw new DiagnosticException("BM1406", "there are no trials to compare gradients on", expected: "at least one trial", cure: "give --trials a larger number, or leave it out");
        }

        var (training, random) = (stage.Training, experiment.Random.Split(stage.Name));
        var plan = stage.Plan(training.Program, experiment.Config.Threads, random);
        plan = plan with { Batch = (int)(trials ?? plan.Batch) };
        plan = plan with { Lanes = Math.Min(plan.Lanes, plan.Batch) };
        var comparison = new GradientComparison(plan, random.Split(TrainStage.TrainingStream), cancel);
        var coordinates = plan.Program.InitialCoordinates();
        var report = new GradientReport(stage.Name, plan.Batch, plan.Shape.Steps, plan.Threads);
        double[]? reference = null;
        foreach (var (method, online) in GradientMethods.All(training.Config))
        {
            if (online?.Rule == OnlineRule.RealTimeRecurrent && comparison.Sensitivities > MostSensitivities)
            {
                report.Skip(method, $"{plan.Program.Coordinates} weights times {comparison.Sensitivities / plan.Program.Coordinates} states are more than {MostSensitivities}");
                continue;
            }

            if (Open(comparison, online, out var problem) is not { } gradient)
            {
                report.Skip(method, problem);
                continue;
            }

            using (gradient)
            {
                gradient.Run(coordinates, cancel);
                var watch = Stopwatch.StartNew();
                gradient.Run(coordinates, cancel);
                var seconds = watch.Elapsed.TotalSeconds;
                reference ??= [.. gradient.Gradient];
                report.Add(method, seconds, gradient, comparison.Agreement(reference, gradient.Gradient));
            }
        }

        return report;
    }

    /// <summary>Readies a method; null where it cannot train the network.</summary>
    private static MethodGradient? Open(GradientComparison comparison, OnlineMethod? method, out string problem)
    {
        problem = "";
        try
        {
            return comparison.Open(method);
        }
        catch (DiagnosticException exception) when (exception.Diagnostics is [{ Id: "BM2520" }])
        {
            problem = exception.Diagnostics[0].Problem;
            return null;
        }
    }

    private static TrainStage Find(Experiment experiment, string? name)
    {
        var trainings = experiment.Stages.OfType<TrainStage>().ToList();
        var names = trainings.Select(static t => t.Name).ToList();
        var found = trainings.Where(t => name is null || t.Name == name).ToList();
        if (found is not [var stage])
        {
            throw new DiagnosticException(
                "BM1405", name is null ? $"{experiment.Config.File} has {trainings.Count} trainings" : $"there is no training '{name}'", new(experiment.Config.File), "one training",
                name is null && names.Count > 0 ? $"choose one with --stage: {string.Join(", ", names)}" : name is null ? "add a stage of type train" : NearestNames.Cure(name, names));
        }

        if (stage.Training.Earlier is not null || stage.Training.Again is not null)
        {
            throw new DiagnosticException(
                "BM1405", $"the training '{stage.Name}' begins where another stage ends, which is not run here", stage.Training.Config.Place, "a training of a network of its own", "choose another with --stage");
        }

        return stage;
    }
}
