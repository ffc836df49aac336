using BrainModular.Engine.Networks;
using BrainModular.Formats.Nwb;
using BrainModular.Host.Runs;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>
/// Writes what was recorded of a network into <c>results.nwb</c>: its units with their spikes, populations' rates, and variables. Trials lie one
/// after the other in time.
/// </summary>
internal static class SimulationTraces
{
    private const double SecondsPerMillisecond = 1e-3;
    private const string RatesPrefix = "rates_";

    /// <summary>How many spikes are put in the order of units at a time, unless one unit has more.</summary>
    private const long MostSpikesAtOnce = 1 << 24;

    private static readonly Dictionary<Dimension, string> SiUnits = new()
    {
        [Dimension.Voltage] = "volts", [Dimension.ElectricCurrent] = "amperes", [Dimension.Conductance] = "siemens", [Dimension.Duration] = "seconds", [Dimension.Rate] = "hertz",
    };

    /// <summary>Whether a name is taken by what is always written.</summary>
    public static bool IsTaken(string name) => name is "units" or "trials" || name.StartsWith(RatesPrefix, StringComparison.Ordinal);

    public static void Write(NwbWriter writer, string stage, SimulationOutcome outcome)
    {
        var (simulation, recording) = (outcome.Simulation, outcome.Recording);
        var trial = simulation.Steps * simulation.TimeStep * SecondsPerMillisecond;
        double[] starts = [.. Enumerable.Range(0, simulation.Config.Trials).Select(t => t * trial)];
        writer.Units(stage, Units(simulation, recording, trial));
        writer.Trials(stage, starts, [.. starts.Select(s => s + trial)]);
        for (var i = 0; i < simulation.Variables.Count; i++)
        {
            writer.Series(stage, simulation.Variables[i].Name, Series(simulation, simulation.Variables[i], recording.Traces[i], starts));
        }

        foreach (var population in simulation.Spiking)
        {
            writer.Series(stage, RatesPrefix + population.Name, Rates(simulation, recording, population, starts));
        }
    }

    private static NwbUnitsContent Units(ComposedSimulation simulation, SimulationRecording recording, double trial)
    {
        var units = simulation.Spiking.SelectMany(static p => Enumerable.Range(0, p.Count).Select(unit => (Population: p.Name, Unit: (long)unit))).ToList();
        var step = simulation.TimeStep * SecondsPerMillisecond;
        return new(
            "the units of the network and when they spiked", [.. units.Select(static u => u.Population)], [.. units.Select(static u => u.Unit)],
            [.. units.Select(u => recording.Spikes(u.Population).CountOfUnit[u.Unit])],
            simulation.Spiking.SelectMany(p => TimesByUnit(recording.Spikes(p.Name), step, trial)), step);
    }

    /// <summary>The times of a population's spikes by unit, some units at a time.</summary>
    private static IEnumerable<double[]> TimesByUnit(SpikeStore spikes, double step, double trial)
    {
        var counts = spikes.CountOfUnit;
        for (var (first, end) = (0, 0); first < counts.Length; first = end)
        {
            var total = counts[first];
            for (end = first + 1; end < counts.Length && total + counts[end] <= MostSpikesAtOnce; end++)
            {
                total += counts[end];
            }

            yield return total == 0 ? [] : TimesOf(spikes, first, end, total, step, trial);
        }
    }

    private static double[] TimesOf(SpikeStore spikes, int first, int end, long total, double step, double trial)
    {
        var times = new double[total];
        var starts = new long[end - first + 1];
        for (var unit = first; unit < end; unit++)
        {
            starts[unit - first + 1] = starts[unit - first] + spikes.CountOfUnit[unit];
        }

        var next = (long[])starts.Clone();
        foreach (var spike in spikes.Read().Where(s => s.Unit >= first && s.Unit < end))
        {
            times[next[spike.Unit - first]++] = (spike.Trial * trial) + (spike.Step * step);
        }

        // Trials that ran side by side were recorded step by step, and not one after the other.
        for (var unit = 0; unit < end - first; unit++)
        {
            Array.Sort(times, (int)starts[unit], (int)(starts[unit + 1] - starts[unit]));
        }

        return times;
    }

    private static NwbSeriesContent Series(ComposedSimulation simulation, RecordedVariable variable, double[][][] traces, double[] starts)
    {
        var (probe, step) = (variable.Probe, simulation.TimeStep * SecondsPerMillisecond);
        var (columns, samples) = (probe.Units.Count, traces[0][0].Length);
        var flat = new double[(long)traces.Length * samples * columns];
        for (var row = 0; row < traces.Length * samples; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                flat[(row * columns) + column] = traces[row / samples][column][row % samples];
            }
        }

        // What is recorded in a step is there at its end.
        double Time(int sample) => ((sample * probe.Every) + 1) * step;
        var isEven = traces.Length == 1 || simulation.Steps % probe.Every == 0;
        var (unit, conversion) = SiUnits.TryGetValue(variable.Unit.Dimension, out var si) ? (si, variable.Unit.Scale) : (variable.Unit.Symbol, 1);
        return new(
            $"{probe.Variable} of unit{(columns == 1 ? "" : "s")} {string.Join(", ", probe.Units)} of {probe.Population}{(columns == 1 ? "" : ", a column each")}", unit, conversion, flat, columns,
            Time(0), isEven ? 1 / (probe.Every * step) : null, isEven ? null : [.. starts.SelectMany(s => Enumerable.Range(0, samples).Select(i => s + Time(i)))]);
    }

    private static NwbSeriesContent Rates(ComposedSimulation simulation, SimulationRecording recording, PopulationDefinition population, double[] starts)
    {
        var (bin, step) = (simulation.RateBin, simulation.TimeStep * SecondsPerMillisecond);
        double Middle(int i) => ((i * bin) + (0.5 * Math.Min(bin, simulation.Steps - (i * bin)))) * step;
        var isEven = simulation.Steps % bin == 0;
        return new(
            $"mean rate of the units of {population.Name}, at the middle of each bin", "hertz", 1, [.. Enumerable.Range(0, starts.Length).SelectMany(t => recording.Rates(population, t))], 1,
            Middle(0), isEven ? 1 / (bin * step) : null, isEven ? null : [.. starts.SelectMany(s => Enumerable.Range(0, simulation.RateBins).Select(i => s + Middle(i)))]);
    }
}
