using System.CommandLine;
using System.Globalization;
using System.Text;
using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Host.Composition;
using BrainModular.Host.Configuration;
using BrainModular.Host.Reports;
using BrainModular.Host.Runs;
using BrainModular.Host.Terminal;
using BrainModular.Optimizers;

namespace BrainModular.Host.Commands;

/// <summary>What is compared, beyond the experiment itself.</summary>
/// <param name="Stage">The fit; null for the only one.</param>
/// <param name="Optimizers">Optimisers to compare, in place of those in the configuration; null for those.</param>
/// <param name="Seeds">How many seeds.</param>
/// <param name="Evaluations">The budget, in evaluations of all sweeps.</param>
/// <param name="Seconds">The budget in seconds.</param>
/// <param name="ToTheEnd">Whether there is no budget.</param>
/// <param name="Level">A loss of which is said how often and how soon it is reached, in the unit that losses are reported in.</param>
internal sealed record FitterChoice(string? Stage, string? Optimizers, int Seeds, long? Evaluations, double? Seconds, bool ToTheEnd, double? Level)
{
    public const int DefaultSeeds = 5;
    public const long DefaultEvaluations = 2000;
}

/// <summary><c>brain compare-fitters CONFIG</c>: one fit by several optimisers, each with the same budget and the same seeds.</summary>
internal static class CompareFittersCommand
{
    public static Command Create()
    {
        var config = CommandOptions.Config();
        var set = CommandOptions.Set();
        var plugin = CommandOptions.Plugin();
        var stage = new Option<string?>("--stage") { Description = "The fit; by default the only one.", HelpName = "NAME" };
        var optimizers = new Option<string?>("--optimizers")
        {
            Description = "Optimisers to compare, joined by commas, with their default settings; by default those under 'fitters' in the configuration, else every one there is.",
            HelpName = "NAMES",
        };
        var seeds = CommandOptions.WholeNumber("--seeds", $"How many seeds each is run with; by default {FitterChoice.DefaultSeeds}.", 10_000);
        var evaluations = CommandOptions.WholeNumber(
            "--evaluations", $"The budget of each run: as many simulated steps as so many candidates take, with a gradient or without; by default {FitterChoice.DefaultEvaluations}.", 1L << 40);
        var seconds = CommandOptions.PositiveNumber("--seconds", "The budget of each run in seconds, instead.");
        var toTheEnd = new Option<bool>("--to-the-end") { Description = "No budget: each runs once to its own end." };
        var level = CommandOptions.PositiveNumber("--level", "A loss of which is said how often and how soon it is reached.");
        var report = new Option<string?>("--report") { Description = "Writes a page with the table and a plot of convergence.", HelpName = "FILE.html" };
        var json = new Option<string?>("--json") { Description = "Writes everything to a JSON file.", HelpName = "FILE" };
        var command = new Command("compare-fitters", "Fits with several optimisers, each with the same budget, and compares how far they come.")
        {
            config, set, plugin, stage, optimizers, seeds, evaluations, seconds, toTheEnd, level, report, json,
        };
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption(Console.Error, Console.Error.WriteLine);
            var experiment = Experiment.Load(parsed.GetRequiredValue(config), parsed.GetValue(set) ?? [], parsed.GetValue(plugin) ?? []);
            PluginReport.WarnOfFailures(experiment.Catalog, Console.Error);
            foreach (var file in (IEnumerable<string?>)[parsed.GetValue(json), parsed.GetValue(report)])
            {
                if (file is not null)
                {
                    AtomicFile.Prepare(file);
                }
            }

            var compared = Compare(
                experiment,
                new(
                    parsed.GetValue(stage), parsed.GetValue(optimizers), (int)(parsed.GetValue(seeds) ?? FitterChoice.DefaultSeeds), parsed.GetValue(evaluations),
                    parsed.GetValue(seconds), parsed.GetValue(toTheEnd), parsed.GetValue(level)),
                Console.Error.WriteLine, interruption.Token);
            interruption.BeginWriting();
            Write(parsed.GetValue(json), () => $"{FitterTable.ToJson(compared).ToJsonString(new() { WriteIndented = true })}\n");
            Write(parsed.GetValue(report), () => FitterPage.Render(compared).Text);
            FitterTable.Write(compared, Console.Out);
            return 0;
        });
        return command;
    }

    /// <summary>Runs every fitter with every seed.</summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="choice">What is compared.</param>
    /// <param name="say">Told of each fitter that is done.</param>
    /// <param name="cancel">Stops between rounds of evaluations.</param>
    /// <exception cref="DiagnosticException">
    /// BM1205: there is no such fit, or several, or it begins where another one ends, or nothing is free; BM1206: several budgets, or an empty one, or no seed; BM2013: there is no
    /// such optimiser; BM2714: one needs a sum of squares, and the loss is none.
    /// </exception>
    public static FitterComparison Compare(Experiment experiment, FitterChoice choice, Action<string> say, CancellationToken cancel)
    {
        var budget = BudgetOf(choice);
        var stage = Find(experiment, choice.Stage);
        var random = experiment.Random.Split(stage.Name);
        var plan = stage.Fit.Plan with { Threads = experiment.Config.Threads, Random = random };
        var fitters = FittersOf(experiment, stage, choice.Optimizers);
        var stepsPerEvaluation = plan.Train.Sum(static s => (long)s.Steps);
        budget = budget with { Steps = budget.Steps * stepsPerEvaluation };
        var unit = plan.Loss.Unit;
        var compared = new FitterComparison(stage.Name, unit.Symbol, unit.Export(1), stepsPerEvaluation, budget, choice.Seeds, plan.Threads, choice.Level, plan.Model);
        using var fit = new RecordingFit(plan);
        foreach (var fitter in fitters)
        {
            fit.PrepareFor(fitter.Optimizer, fitter.Search);
            var firstPlan = experiment.Stages.OfType<FitStage>().FirstOrDefault(s => s.Name == fitter.After)?.Fit.Plan;
            using var first = firstPlan is null ? null : new RecordingFit(firstPlan = firstPlan with { Threads = plan.Threads });
            var trials = Enumerable.Range(1, choice.Seeds).Select(seed => FitterTrial.Run(fit, plan, fitter, first is null ? null : (first, firstPlan!), budget, random.Split($"seed.{seed}"), cancel)).ToList();
            compared.Add(fitter.Name, trials);
            say(string.Create(CultureInfo.InvariantCulture, $"{fitter.Name}: median loss {compared.Figures[^1].Median:g4}"));
        }

        return compared;
    }

    private static void Write(string? file, Func<string> text)
    {
        if (file is not null)
        {
            AtomicFile.Write(file, Encoding.UTF8.GetBytes(text()));
        }
    }

    /// <summary>The budget; its steps are evaluations still.</summary>
    private static FitBudget BudgetOf(FitterChoice choice)
    {
        if ((choice.Evaluations is null ? 0 : 1) + (choice.Seconds is null ? 0 : 1) + (choice.ToTheEnd ? 1 : 0) > 1)
        {
            throw new DiagnosticException("BM1206", "a comparison has one budget", expected: "one of --evaluations, --seconds and --to-the-end", cure: "leave the others out");
        }

        if (choice.Seeds == 0 || choice.Evaluations == 0)
        {
            throw new DiagnosticException(
                "BM1206", $"a comparison of 0 {(choice.Seeds == 0 ? "seeds" : "evaluations")} shows nothing", expected: "at least one",
                cure: $"give {(choice.Seeds == 0 ? "--seeds" : "--evaluations")} a larger number, or leave it out");
        }

        return new(choice.ToTheEnd || choice.Seconds is not null ? null : choice.Evaluations ?? FitterChoice.DefaultEvaluations, choice.Seconds);
    }

    private static IReadOnlyList<Fitter> FittersOf(Experiment experiment, FitStage stage, string? optimizers)
    {
        if (optimizers is null && stage.Fit.Fitters.Count > 0)
        {
            return stage.Fit.Fitters;
        }

        var names = optimizers?.Split(',', StringSplitOptions.TrimEntries) ?? [.. experiment.Catalog.All<IOptimizer>().Select(static c => c.Name)];
        var faults = new Faults();
        var made = new List<Fitter>();
        foreach (var name in names.Distinct())
        {
            faults.Collect(() => made.Add(FitterComposer.ByName(experiment.Catalog, name, stage.Fit.Plan.Starts)));
        }

        faults.ThrowIfAny();

        // Of those that nobody named, none is taken that needs what the loss has not got.
        var lacking = new Faults();
        lacking.Collect(() => GaussNewtonEvaluator.Require(stage.Fit.Plan));
        return optimizers is not null ? made
            : stage.Fit.Plan.Features is not null ? [.. made.Where(static f => f.Optimizer().Needs == EvaluationNeeds.Loss)]
            : [.. made.Where(f => !lacking.Any || !f.Optimizer().Needs.HasFlag(EvaluationNeeds.GaussNewton))];
    }

    private static FitStage Find(Experiment experiment, string? name)
    {
        var fits = experiment.Stages.OfType<FitStage>().ToList();
        var names = fits.Select(static f => f.Name).ToList();
        var found = fits.Where(f => name is null || f.Name == name).ToList();
        if (found is not [var stage])
        {
            throw new DiagnosticException(
                "BM1205", name is null ? $"{experiment.Config.File} has {fits.Count} fits" : $"there is no fit '{name}'", new(experiment.Config.File), "one fit",
                name is null && names.Count > 0 ? $"choose one with --stage: {string.Join(", ", names)}" : name is null ? "add a stage of type fit" : NearestNames.Cure(name, names));
        }

        if (stage.Fit.From is { } from)
        {
            throw new DiagnosticException(
                "BM1205", $"the fit '{stage.Name}' begins where '{from}' ends, which is not run here", new(experiment.Config.File), "a fit of a neuron of its own", "choose another with --stage");
        }

        return stage.Fit.Plan.Free.Count > 0 ? stage : throw new DiagnosticException(
            "BM1205", $"the fit '{stage.Name}' has no free parameter", new(experiment.Config.File), "at least one", "name some under 'free', or choose another fit with --stage");
    }
}
