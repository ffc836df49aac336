using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Host.Configuration;
using BrainModular.Host.Plugins;
using BrainModular.Optimizers;

namespace BrainModular.Host.Composition;

/// <summary>A way to fit: an optimiser of one or several starts, and what searches for where they begin.</summary>
/// <param name="Name">Its name in the comparison.</param>
/// <param name="Optimizer">Makes an optimiser for one start.</param>
/// <param name="Search">Makes an optimiser that searches; null: none.</param>
/// <param name="Starts">How many starts run side by side.</param>
/// <param name="IsCoupled">Whether the fit's coupling and horizon are used.</param>
internal sealed record Fitter(string Name, Func<IOptimizer> Optimizer, Func<IOptimizer>? Search, int Starts, bool IsCoupled)
{
    /// <summary>The fit that is run first, and where it ends the starts begin; null: none.</summary>
    public string? After { get; init; }
}

/// <summary>Makes the ways to fit that a comparison sets side by side.</summary>
internal sealed class FitterComposer(ComponentFactory components, Faults faults)
{
    /// <summary>Those that a fit's configuration names. Faults of their settings are added.</summary>
    public IReadOnlyList<Fitter> Compose(FitConfig config)
    {
        foreach (var component in config.Fitters.SelectMany(static f => new[] { f.Optimizer, f.Search }).OfType<ComponentConfig>())
        {
            components.Create<IOptimizer>(component, faults);
        }

        return faults.Any ? [] :
        [
            .. config.Fitters.Select(f => new Fitter(
                f.Name, OptimizerOf(components, f.Optimizer), f.Search is { } search ? OptimizerOf(components, search) : null, f.Starts, f.IsCoupled) { After = f.After }),
        ];
    }

    /// <summary>Refuses fits after which none of the fitters can go on.</summary>
    /// <param name="config">The fit's configuration.</param>
    /// <param name="plan">What it fits.</param>
    /// <param name="earlier">The fits before it.</param>
    public void RequireFits(FitConfig config, FitPlan plan, IReadOnlyDictionary<string, ComposedFit> earlier)
    {
        foreach (var fitter in config.Fitters.Where(static f => f.After is not null))
        {
            var place = fitter.Section.PlaceOf("after");
            var names = plan.Free.Select(static f => f.Name).ToList();
            if (!earlier.TryGetValue(fitter.After!, out var first))
            {
                faults.Add("BM2719", $"the fitter '{fitter.Name}' goes on after '{fitter.After}', which is no fit before this one", place, "a fit before it", NearestNames.Cure(fitter.After!, [.. earlier.Keys]));
            }
            else if (first.From is not null || !names.Order().SequenceEqual(first.Plan.Free.Select(static f => f.Name).Order()))
            {
                faults.Add(
                    "BM2719", first.From is { } from ? $"'{fitter.After}' itself begins where '{from}' ends" : $"'{fitter.After}' fits {string.Join(", ", first.Plan.Free.Select(static f => f.Name))}, and this fit {string.Join(", ", names)}",
                    place, "a fit of the same parameters that begins by itself", "change 'free' of one of them, or name another fit");
            }
            else if (first.Plan.Model.Name != plan.Model.Name)
            {
                faults.Add(
                    "BM2719", $"'{fitter.After}' fits {first.Plan.Model.Name}, and this fit {plan.Model.Name}, whose parameters of the same names are others", place, "a fit of the same neuron",
                    "change the 'type' of one of the neurons, or name another fit");
            }
            else if (fitter.Search is not null)
            {
                faults.Add("BM2719", $"both 'search' and 'after' say where the starts of the fitter '{fitter.Name}' begin", place, "one of them", "leave the other out");
            }
        }
    }

    /// <summary>An optimiser with its default settings: of one start where it searches by losses alone, else of as many as the fit has.</summary>
    /// <exception cref="DiagnosticException">BM2013: there is no such optimiser.</exception>
    public static Fitter ByName(PluginCatalog catalog, string name, int starts)
    {
        var place = new Place("--optimizers");
        var component = catalog.Get<IOptimizer>(name, place);
        return new(name, Make, null, Make().Needs == EvaluationNeeds.Loss ? 1 : starts, IsCoupled: false);

        IOptimizer Make() => ComponentFactory.Guarded(component, place, () => component.Create(new ComponentSettings([], new(), new(new("", Directory.GetCurrentDirectory()), ""), [])));
    }

    /// <summary>Refuses optimisers of least squares where the fit's loss is no sum of squares.</summary>
    /// <param name="config">The fit's configuration, whose optimisers are valid.</param>
    /// <param name="plan">The fit.</param>
    public void RequireSquares(FitConfig config, FitPlan plan)
    {
        var asked = new[] { config.Optimizer, config.Search }.Concat(config.Fitters.SelectMany(static f => new[] { f.Optimizer, f.Search })).OfType<ComponentConfig>();
        foreach (var component in asked.Where(c => plan.Features is null && OptimizerOf(components, c)().Needs.HasFlag(EvaluationNeeds.GaussNewton)))
        {
            try
            {
                GaussNewtonEvaluator.Require(plan);
            }
            catch (DiagnosticException exception)
            {
                faults.Add(exception.Diagnostics[0] with { Place = component.TypePlace });
            }
        }
    }

    /// <summary>Makes optimisers of a configuration that was found to be valid.</summary>
    public static Func<IOptimizer> OptimizerOf(ComponentFactory components, ComponentConfig config)
    {
        var component = components.Catalog.Get<IOptimizer>(config.Type!, config.TypePlace);
        return () => ComponentFactory.Create(component, config, new Faults());
    }
}
