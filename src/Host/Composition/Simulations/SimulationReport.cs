using System.Globalization;
using BrainModular.Engine.Networks;
using BrainModular.Host.Reports;
using BrainModular.Host.Runs;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>What a report shows of the simulation of a network: its rates, and its first trial.</summary>
internal static class SimulationReport
{
    public static ReportStage Of(string name, SimulationOutcome outcome)
    {
        var (simulation, recording) = (outcome.Simulation, outcome.Recording);
        return new(name, "simulate")
        {
            Headlines =
            [
                new("Spikes", recording.Count.ToString(CultureInfo.InvariantCulture)),
                .. simulation.Spiking.Select(p => new ReportHeadline($"Rate of {p.Name}", $"{NumberText.Number(recording.Statistics(p).Rate)} Hz", Spread(p.Count, recording.Statistics(p)))),
                new("Simulated", $"{NumberText.Number(simulation.Steps * simulation.TimeStep)} ms", $"{simulation.Config.Trials} {(simulation.Config.Trials == 1 ? "trial" : "trials")}, steps of {NumberText.Number(simulation.TimeStep)} ms"),
            ],
            Trial = Trial(simulation, recording),
        };
    }

    private static string Spread(int units, PopulationSpikes of) => string.Join(", ", new[]
    {
        $"{units} units",
        of.IntervalVariation is { } variation ? $"variation of intervals {NumberText.Number(variation)}" : null,
        of.Correlation is { } correlation ? $"correlation {NumberText.Number(correlation)}" : null,
    }.OfType<string>());

    private static ReportTrial Trial(ComposedSimulation simulation, SimulationRecording recording)
    {
        var step = simulation.TimeStep;
        var stride = Stride([.. simulation.Spiking.Select(p => FirstTrial(recording.Spikes(p.Name)))], [.. simulation.Spiking.Select(static p => p.Count)]);
        return new(step, simulation.Steps, "")
        {
            Stride = stride,
            Periods = [.. (simulation.Shape?.Periods ?? []).Select(p => new ReportPeriod(p.Name, p.Start * step, (p.Start + p.Steps) * step))],
            Rasters =
            [
                .. simulation.Spiking.Select(p => new ReportRaster(
                    p.Name, false, p.Count, [.. FirstTrial(recording.Spikes(p.Name)).Where(s => s.Unit % stride == 0).Take(TrainingJson.MostSpikes).Select(static s => (s.Step, s.Unit))])
                {
                    Rates = Rates(simulation, recording, p),
                }),
            ],
            Potentials =
            [
                .. simulation.Variables.SelectMany((v, i) => v.Probe.Units.Select((unit, u) => new ReportPotential(
                    v.Probe.Population, unit, v.Unit.Symbol, recording.Traces[i][0][u], null, [])
                {
                    Variable = v.Probe.Variable,
                    Every = v.Probe.Every,
                })),
            ],
        };
    }

    /// <summary>Of which units the spikes are drawn: every so many, so that those that are drawn are drawn whole.</summary>
    private static int Stride(IReadOnlyList<IEnumerable<StoredSpike>> spikes, IReadOnlyList<int> units)
    {
        var counts = units.Select(static u => new long[u]).ToList();
        for (var p = 0; p < counts.Count; p++)
        {
            foreach (var spike in spikes[p])
            {
                counts[p][spike.Unit]++;
            }
        }

        var stride = 1;
        while (counts.Sum(c => c.Where((_, unit) => unit % stride == 0).Sum()) > TrainingJson.MostSpikes && units.Any(u => u > stride))
        {
            stride++;
        }

        return stride;
    }

    private static IEnumerable<StoredSpike> FirstTrial(SpikeStore spikes) => spikes.Read().Where(static s => s.Trial == 0);

    /// <summary>A population's rate in the first trial, in no more bins than are drawn.</summary>
    private static (double[] Times, double[] Values) Rates(ComposedSimulation simulation, SimulationRecording recording, PopulationDefinition population)
    {
        var rates = recording.Rates(population, trial: 0);
        var together = Math.Max(1, (rates.Length + TrainingJson.MostRateBins - 1) / TrainingJson.MostRateBins);
        double Start(int bin) => (double)Math.Min((long)bin * simulation.RateBin, simulation.Steps) * simulation.TimeStep;
        int[] firsts = [.. Enumerable.Range(0, (rates.Length + together - 1) / together).Select(i => i * together)];
        int End(int first) => Math.Min(first + together, rates.Length);
        return (
            [.. firsts.Select(first => 0.5 * (Start(first) + Start(End(first))))],
            [.. firsts.Select(first => Enumerable.Range(first, End(first) - first).Sum(bin => rates[bin] * (Start(bin + 1) - Start(bin))) / (Start(End(first)) - Start(first)))]);
    }
}
