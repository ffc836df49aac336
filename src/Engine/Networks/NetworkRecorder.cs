using System.Numerics;
using System.Runtime.InteropServices;
using BrainModular.Diagnostics;

namespace BrainModular.Engine.Networks;

/// <summary>Takes spikes and probed variables while a network runs.</summary>
internal sealed unsafe class NetworkRecorder<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly RecordingPlan plan;
    private readonly int lanes;
    private readonly Dictionary<string, List<RecordedSpike>> spikes = [];
    private readonly List<RecordedSpike> stepSpikes = [];
    private readonly double[][][][] traces;
    private readonly long spikeBudget;
    private long recorded;

    public NetworkRecorder(NetworkProgram program, RecordingPlan plan, int steps, int lanes)
    {
        (this.plan, this.lanes) = (plan, lanes);
        foreach (var probe in plan.Probes)
        {
            Check(program, probe);
        }

        var samples = plan.Probes.Select(p => (steps + p.Every - 1) / p.Every).ToList();
        var bytes = plan.Probes.Select((p, i) => (long)plan.Lanes * p.Units.Count * samples[i] * sizeof(double)).Sum();
        spikeBudget = (plan.MemoryBudget - bytes) / sizeof(RecordedSpike);
        if (spikeBudget < 0)
        {
            throw TooMuch($"the probes need {bytes >> 20} MB");
        }

        traces = [.. plan.Probes.Select((p, i) => Enumerable.Range(0, plan.Lanes).Select(_ => p.Units.Select(_ => new double[samples[i]]).ToArray()).ToArray())];
    }

    public NetworkRecord Record => new(spikes.ToDictionary(static s => s.Key, static s => (IReadOnlyList<RecordedSpike>)s.Value), traces);

    /// <summary>Takes what it wants of a population at the end of a step.</summary>
    public void Keep(PopulationRun<T> population, int step, int stepInSegment)
    {
        var name = population.Program.Definition.Name;
        foreach (var sent in population.Outbound)
        {
            if (sent.Name == RateRegularizer.Output)
            {
                KeepSpikes(name, sent, step);
            }
        }

        for (var i = 0; i < traces.Length; i++)
        {
            if (plan.Probes[i].Population == name && step % plan.Probes[i].Every == 0)
            {
                Sample(i, population, step, stepInSegment);
            }
        }
    }

    /// <summary>Says that a step is over.</summary>
    public void EndStep(int step) => plan.Sink?.EndStep(step);

    private void KeepSpikes(string population, Outbound<T> sent, int step)
    {
        if (plan.Sink is { } sink)
        {
            stepSpikes.Clear();
            AddSpikes(stepSpikes, sent, step);
            if (stepSpikes.Count > 0)
            {
                sink.Take(population, CollectionsMarshal.AsSpan(stepSpikes));
            }

            return;
        }

        if (!spikes.TryGetValue(population, out var list))
        {
            spikes[population] = list = [];
        }

        recorded -= list.Count;
        AddSpikes(list, sent, step);
        recorded += list.Count;
        if (recorded > spikeBudget)
        {
            throw TooMuch($"{recorded} spikes were recorded up to step {step}");
        }
    }

    private void AddSpikes(List<RecordedSpike> list, Outbound<T> sent, int step)
    {
        var events = sent.Log.At(step);
        for (var i = 0; i < events.Count; i++)
        {
            for (var lane = 0; lane < plan.Lanes; lane++)
            {
                if (events.Values[(i * lanes) + lane] != T.Zero)
                {
                    list.Add(new(step, events.Units[i], lane));
                }
            }
        }
    }

    private void Sample(int index, PopulationRun<T> population, int step, int stepInSegment)
    {
        var probe = plan.Probes[index];
        var state = population.StateIndex(probe.Variable);
        var row = state >= 0 ? population.After(state, stepInSegment) : population.Port(probe.Variable, stepInSegment);
        for (var lane = 0; lane < plan.Lanes; lane++)
        {
            for (var u = 0; u < probe.Units.Count; u++)
            {
                traces[index][lane][u][step / probe.Every] = double.CreateTruncating(row[((long)probe.Units[u] * lanes) + lane]);
            }
        }
    }

    private static void Check(NetworkProgram program, Probe probe)
    {
        var population = program.Populations.FirstOrDefault(p => p.Definition.Name == probe.Population)
            ?? throw new DiagnosticException(
                "BM2512", $"a probe is on population {probe.Population}, which does not exist", expected: $"one of {string.Join(", ", program.Populations.Select(static p => p.Definition.Name))}", cure: "correct the name");
        IReadOnlyList<string> variables =
            [.. population.States, .. population.Ports, .. program.Options.Record.GetValueOrDefault(probe.Population, [])];
        if (!variables.Contains(probe.Variable) || probe.Units.Any(u => u < 0 || u >= population.Definition.Count))
        {
            throw new DiagnosticException(
                "BM2513",
                $"a probe on population {probe.Population} asks for {probe.Variable} of units {string.Join(", ", probe.Units)}",
                expected: $"one of {string.Join(", ", variables)}, and units from 0 to {population.Definition.Count - 1}",
                cure: "correct the variable or the units");
        }
    }

    private DiagnosticException TooMuch(string problem) => new(
        "BM5202", $"{problem}, more than the recording may hold ({plan.MemoryBudget >> 20} MB)", expected: "a recording that fits into memory",
        cure: "record fewer units or variables, more rarely, or a shorter time");
}
