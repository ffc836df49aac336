using System.Numerics;
using System.Runtime.InteropServices;
using BrainModular.Diagnostics;
using BrainModular.Engine.Networks.Parts;

namespace BrainModular.Engine.Networks;

/// <summary>Takes spikes and probed variables while a network runs.</summary>
internal sealed unsafe class NetworkRecorder<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly RecordingPlan plan;
    private readonly int lanes;
    private readonly string[] populations;
    private readonly List<RecordedSpike>?[] spikes;
    private readonly List<RecordedSpike> stepSpikes = [];
    private readonly double[][][][] traces;
    private readonly long spikeBudget;
    private long recorded;

    public NetworkRecorder(NetworkProgram program, RecordingPlan plan, int steps, int lanes)
    {
        (this.plan, this.lanes) = (plan, lanes);
        populations = [.. program.Populations.Select(static p => p.Definition.Name)];
        spikes = [.. program.Populations.Select(p => plan.Sink is null && p.Sent.Contains(RateRegularizer.Output) ? new List<RecordedSpike>() : null)];
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

    public NetworkRecord Record => new(
        populations.Zip(spikes).Where(static p => p.Second is not null).ToDictionary(static p => p.First, static p => (IReadOnlyList<RecordedSpike>)p.Second!), traces);

    /// <summary>Takes the spikes of a step.</summary>
    /// <param name="parts">All parts of the network.</param>
    /// <param name="step">The step.</param>
    public void Keep(NetworkPart<T>[] parts, int step)
    {
        for (var p = 0; p < parts[0].Populations.Length; p++)
        {
            if (parts[0].Populations[p].Spikes is not null)
            {
                KeepSpikes(parts, p, step);
            }
        }

        plan.Sink?.EndStep(step);
    }

    /// <summary>Takes the probed variables of some units of a population; any thread takes those of its units.</summary>
    /// <param name="population">The units.</param>
    /// <param name="step">The step.</param>
    /// <param name="arriving">Whether what arrives at ports is wanted, before the step, or all else, after it.</param>
    public void Sample(PopulationRun<T> population, int step, bool arriving)
    {
        for (var i = 0; i < traces.Length; i++)
        {
            var probe = plan.Probes[i];
            if (probe.Population == population.Program.Definition.Name && step % probe.Every == 0 && population.Program.Ports.Contains(probe.Variable) == arriving)
            {
                Sample(i, population, step);
            }
        }
    }

    private void KeepSpikes(NetworkPart<T>[] parts, int number, int step)
    {
        if (plan.Sink is { } sink)
        {
            stepSpikes.Clear();
            AddSpikes(stepSpikes, parts, number, step);
            if (stepSpikes.Count > 0)
            {
                sink.Take(populations[number], CollectionsMarshal.AsSpan(stepSpikes));
            }

            return;
        }

        var list = spikes[number]!;
        recorded -= list.Count;
        AddSpikes(list, parts, number, step);
        recorded += list.Count;
        if (recorded > spikeBudget)
        {
            throw TooMuch($"{recorded} spikes were recorded up to step {step}");
        }
    }

    private void AddSpikes(List<RecordedSpike> list, NetworkPart<T>[] parts, int number, int step)
    {
        foreach (var part in parts)
        {
            var events = part.Populations[number].Spikes!.At(step);
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
    }

    private void Sample(int index, PopulationRun<T> population, int step)
    {
        var probe = plan.Probes[index];
        var state = population.StateIndex(probe.Variable);
        var row = state >= 0 ? population.After(state, 0) : population.Present(probe.Variable);
        for (var u = 0; u < probe.Units.Count; u++)
        {
            var unit = probe.Units[u] - population.Units.First;
            for (var lane = 0; lane < plan.Lanes && unit >= 0 && unit < population.Units.Count; lane++)
            {
                traces[index][lane][u][step / probe.Every] = double.CreateTruncating(row[((long)unit * lanes) + lane]);
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
