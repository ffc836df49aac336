using BrainModular.Engine.Networks;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Composition.Networks;
using BrainModular.Host.Configuration;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>Finds the variables that are to be recorded.</summary>
/// <param name="network">The network.</param>
/// <param name="steps">How many steps a trial has.</param>
/// <param name="trials">How many trials.</param>
/// <param name="faults">Where faults go.</param>
internal sealed class VariableComposer(NetworkDefinition network, int steps, int trials, Faults faults)
{
    /// <summary>How much memory recorded variables may take.</summary>
    private const long MostBytes = 1L << 30;

    public IReadOnlyList<RecordedVariable> Compose(SimulationConfig config)
    {
        List<RecordedVariable> found = [.. config.Variables.Select(Find).OfType<RecordedVariable>()];
        var bytes = found.Sum(v => (double)v.Probe.Units.Count * ((steps + v.Probe.Every - 1) / v.Probe.Every) * trials * sizeof(double));
        if (bytes > MostBytes)
        {
            faults.Add(
                "BM2647", FormattableString.Invariant($"the recorded variables need {bytes / (1 << 20):0} MB"), config.Section.Find<ConfigSection>("record")!.PlaceOf("variables"), $"at most {MostBytes >> 20} MB",
                "record fewer units, or with a longer 'interval'");
        }

        return found;
    }

    private RecordedVariable? Find(VariableConfig config)
    {
        if (SimulationTraces.IsTaken(config.Name))
        {
            faults.Add("BM2649", $"a recorded variable cannot be called {config.Name}", config.Section.Place, "another name: this one is that of units, trials or rates in the results", "rename it");
            return null;
        }

        var names = network.Populations.Select(static p => p.Name).ToList();
        if (!names.Contains(config.Population))
        {
            faults.Add("BM2602", $"there is no population '{config.Population}'", config.Section.PlaceOf("population"), cure: NearestNames.Cure(config.Population, names));
            return null;
        }

        var population = network.Population(config.Population);
        var known = Known(population.Model, [.. network.Projections.Where(p => p.Target == population.Name).Select(static p => p.Port)]);
        if (!known.TryGetValue(config.Variable, out var unit))
        {
            faults.Add("BM2605", $"population {population.Name} has no variable '{config.Variable}'", config.Section.PlaceOf("variable"), cure: NearestNames.Cure(config.Variable, known.Keys));
            return null;
        }

        if (config.Units.Any(u => u >= population.Count))
        {
            faults.Add(
                "BM2648", $"population {population.Name} has no unit {config.Units.First(u => u >= population.Count)}", config.Section.PlaceOf("units"), $"units from 0 to {population.Count - 1}", "correct the numbers");
            return null;
        }

        var every = config.Interval is { } interval ? interval.InEngineUnits / network.TimeStep : 1;
        if (every < 0.5 || every > int.MaxValue || Delays.IsRounded(every))
        {
            faults.Add(
                "BM2643", FormattableString.Invariant($"{config.Interval} are {every:R} time steps of {network.TimeStep:R} ms"), config.Section.PlaceOf("interval"), "a whole number of time steps", "change it");
            return null;
        }

        return new(config.Name, new(population.Name, config.Variable, [.. config.Units.Select(static u => (int)u)], (int)Math.Round(every)), unit);
    }

    /// <summary>What can be recorded, with its unit: states, outputs, and what arrives where projections end.</summary>
    private static Dictionary<string, Unit> Known(ModelDefinition model, HashSet<string> ports) => model.States.Select(static s => (s.Name, s.Unit))
        .Concat(model.Outputs.Select(static o => (o.Name, o.Unit)))
        .Concat(model.Ports.Where(p => ports.Contains(p.Name)).Select(static p => (p.Name, Unit: p.Signal.Dimension.IsNone ? p.Weight : p.Signal * p.Weight)))
        .DistinctBy(static v => v.Name).ToDictionary(static v => v.Name, static v => v.Unit);
}
