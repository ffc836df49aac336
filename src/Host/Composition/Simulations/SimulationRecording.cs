using BrainModular.Engine.Networks;
using BrainModular.Host.Runs;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>What is kept of a network's simulation: all spikes, populations' rates, and variables of single units.</summary>
internal sealed class SimulationRecording : ISpikeSink, IDisposable
{
    private readonly ComposedSimulation simulation;
    private readonly Dictionary<string, SpikeStore> spikes = [];
    private readonly Dictionary<string, long[][]> counts = [];
    private readonly Dictionary<string, PopulationSpikes> statistics = [];
    private readonly Action<int, int> progress;
    private int firstTrial;

    /// <param name="simulation">The simulation.</param>
    /// <param name="path">Where the files of spikes begin with.</param>
    /// <param name="progress">Told the first trial and the step that is over.</param>
    public SimulationRecording(ComposedSimulation simulation, string path, Action<int, int> progress)
    {
        (this.simulation, this.progress) = (simulation, progress);
        try
        {
            foreach (var population in simulation.Spiking)
            {
                spikes[population.Name] = new($"{path}.{population.Name}.spikes", population.Count);
                counts[population.Name] = [.. Enumerable.Range(0, simulation.Config.Trials).Select(_ => new long[simulation.RateBins])];
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        Traces = [.. simulation.Variables.Select(_ => new double[simulation.Config.Trials][][])];
    }

    /// <summary>For each recorded variable, [trial][unit][sample], in the variable's unit.</summary>
    public IReadOnlyList<double[][][]> Traces { get; }

    /// <summary>How many spikes all populations have.</summary>
    public long Count => spikes.Values.Sum(static s => s.Count);

    public SpikeStore Spikes(string population) => spikes[population];

    /// <summary>The mean rate of a population's units in Hz, in the bins of a trial.</summary>
    public double[] Rates(PopulationDefinition population, int trial) =>
    [
        .. counts[population.Name][trial].Select((count, bin) => count / (population.Count * Math.Min(simulation.RateBin, simulation.Steps - (bin * simulation.RateBin)) * simulation.TimeStep / 1000)),
    ];

    /// <summary>What the spikes of a population are like.</summary>
    public PopulationSpikes Statistics(PopulationDefinition population)
    {
        if (!statistics.TryGetValue(population.Name, out var found))
        {
            statistics[population.Name] = found = PopulationSpikes.Of(spikes[population.Name].Read(), population.Count, simulation);
        }

        return found;
    }

    /// <summary>Begins some trials that run side by side.</summary>
    public void Begin(int trial) => firstTrial = trial;

    /// <summary>Keeps the variables of the trials that have just run.</summary>
    public void Keep(IReadOnlyList<double[][][]> traces)
    {
        for (var variable = 0; variable < traces.Count; variable++)
        {
            for (var lane = 0; lane < traces[variable].Length; lane++)
            {
                foreach (var unit in traces[variable][lane])
                {
                    for (var i = 0; i < unit.Length; i++)
                    {
                        unit[i] = simulation.Variables[variable].Unit.Export(unit[i]);
                    }
                }

                Traces[variable][firstTrial + lane] = traces[variable][lane];
            }
        }
    }

    public void Take(string population, ReadOnlySpan<RecordedSpike> spikes)
    {
        this.spikes[population].Add(spikes, firstTrial);
        foreach (var spike in spikes)
        {
            counts[population][firstTrial + spike.Lane][spike.Step / simulation.RateBin]++;
        }
    }

    public void EndStep(int step) => progress(firstTrial, step);

    public void Dispose()
    {
        foreach (var store in spikes.Values)
        {
            store.Dispose();
        }
    }
}
