using BrainModular.Diagnostics;
using BrainModular.Engine.Features;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Features;
using BrainModular.Host.Configuration;
using BrainModular.Optimizers;

namespace BrainModular.Host.Composition;

/// <summary>Puts the features of a fit together, and refuses what they cannot be fitted with.</summary>
internal sealed class FeatureComposer(ComponentFactory components, Faults faults)
{
    private static readonly string[] PartsOfSweeps = ["horizon", "shooting"];

    /// <param name="plan">The plan.</param>
    /// <param name="config">The fit.</param>
    /// <param name="losses">Its losses.</param>
    /// <param name="recording">The recording's file, whose fault it is where no sweep has a feature.</param>
    /// <returns>The plan with its features; the same where there are none.</returns>
    public FitPlan WithFeatures(FitPlan plan, FitConfig config, ComposedLosses losses, string recording)
    {
        if (losses.Features is not { } loss)
        {
            return plan;
        }

        foreach (var unknown in loss.Features.Where(static f => FeatureCatalog.Find(f.Name) is null))
        {
            faults.Add(
                "BM2710", $"there is no feature '{unknown.Name}'", unknown.Place, "a name that brain describe features lists",
                NearestNames.Cure(unknown.Name, [.. FeatureCatalog.All.Select(static f => f.Name)]));
        }

        foreach (var (key, optimizer) in new[] { ("optimizer", config.Optimizer), ("search", config.Search) })
        {
            if (optimizer is not null && components.Create<IOptimizer>(optimizer, faults) is { } made && made.Needs != EvaluationNeeds.Loss && plan.Free.Count > 0)
            {
                faults.Add(
                    "BM2711", $"the {key} {optimizer.Type} needs gradients, which features have not got", optimizer.TypePlace, "an optimiser that needs the loss alone",
                    "take cma-es, nelder-mead, particle-swarm or differential-evolution");
            }
        }

        foreach (var part in PartsOfSweeps.Where(config.Section.IsGiven))
        {
            faults.Add("BM2712", $"'{part}' takes parts of sweeps, and features are of whole ones", config.Section.PlaceOf(part), $"one of '{part}' and the loss features", $"remove '{part}'");
        }

        if (plan.Coupling is not null)
        {
            faults.Add("BM2712", "'coupling' holds the model near the data, and features are of a model that runs freely", config.Section.PlaceOf("coupling"), "one of 'coupling' and the loss features", "remove 'coupling'");
        }

        if (faults.Any)
        {
            return plan;
        }

        IReadOnlyList<FeatureTarget> targets =
            [.. loss.Features.Select(static f => (f.Name, Section: (ConfigSection)f.Value)).Select(static f => new FeatureTarget(f.Name, f.Section.FindValue<double>("mean"), f.Section.FindValue<double>("sd"), f.Section.Get<double>("weight")))];
        try
        {
            _ = new FeatureCosts(targets, plan.Train);
        }
        catch (DiagnosticException absent)
        {
            foreach (var fault in absent.Diagnostics)
            {
                faults.Add(fault with { Place = new(recording) });
            }
        }

        return plan with { Features = new(targets, loss.Weight, losses.IsAlone) };
    }
}
