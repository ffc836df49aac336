namespace BrainModular.Engine.Networks;

/// <summary>What to record of a population: a state at the end of each step, what arrives at a port, or an output.</summary>
/// <param name="Population">The population.</param>
/// <param name="Variable">The variable's name.</param>
/// <param name="Units">Of which units.</param>
/// <param name="Every">Every how many steps.</param>
public sealed record Probe(string Population, string Variable, IReadOnlyList<int> Units, int Every = 1);

/// <summary>What to record of a run.</summary>
/// <param name="Probes">Variables.</param>
/// <param name="Lanes">Of how many lanes, from the first.</param>
/// <param name="MemoryBudget">Bytes that may be recorded.</param>
public sealed record RecordingPlan(IReadOnlyList<Probe> Probes, int Lanes = 1, long MemoryBudget = 1L << 30)
{
    /// <summary>Takes the spikes in place of the record, which then has none, so that they need no memory; null: the record keeps them.</summary>
    public ISpikeSink? Sink { get; init; }
}

/// <summary>Takes spikes while a network runs.</summary>
public interface ISpikeSink
{
    /// <summary>Says that a step is over.</summary>
    void EndStep(int step);

    /// <summary>Takes the spikes of a population in one step.</summary>
    /// <param name="population">The population's name.</param>
    /// <param name="spikes">At least one, in the order of units and then of lanes; valid during the call only.</param>
    void Take(string population, ReadOnlySpan<RecordedSpike> spikes);
}

/// <summary>Which unit spiked when.</summary>
/// <param name="Step">The step, ascending.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Lane">The lane.</param>
public readonly record struct RecordedSpike(int Step, int Unit, int Lane);

/// <summary>What was recorded of a run.</summary>
/// <param name="Spikes">The spikes of every spiking population, in the order of time.</param>
/// <param name="Traces">For each probe, [lane][unit][sample], in engine units.</param>
public sealed record NetworkRecord(IReadOnlyDictionary<string, IReadOnlyList<RecordedSpike>> Spikes, IReadOnlyList<double[][][]> Traces);
