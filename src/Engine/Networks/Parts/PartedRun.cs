using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks.Delivery;
using BrainModular.Engine.Threads;

namespace BrainModular.Engine.Networks.Parts;

/// <summary>
/// A network in parts, each stepped by a thread of its own. Nothing acts on another unit before the shortest delay has passed, so that parts meet once in that time
/// (Morrison et al. 2005, 10.1162/0899766054026648). What a unit gets is added in the same order whatever the number of parts, and so no bit depends on it.
/// </summary>
internal sealed class PartedRun<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private const int LongestInterval = 64;

    private readonly NetworkProgram program;
    private readonly int steps;
    private readonly int interval;
    private readonly NetworkPart<T>[] parts;
    private readonly InputRun<T>[] inputs;
    private readonly InputRun<T>[][] inputsOf;
    private readonly List<Outbound<T>> incoming = [];
    private readonly ReadoutRun<T>? readouts;
    private readonly HashSet<(string Population, string Port)> watched;
    private readonly Lock failing = new();
    private (int Step, ExceptionDispatchInfo Fault)? failure;

    /// <param name="program">The network.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="count">How many parts. What is read out needs whole populations, and so a single part.</param>
    /// <param name="noise">The key of all noise.</param>
    /// <param name="probes">What is recorded.</param>
    public PartedRun(NetworkProgram program, int lanes, int steps, int count, StreamKey noise, IReadOnlyList<Probe> probes)
    {
        watched = Ports(program, probes);
        (this.program, this.steps) = (program, steps);
        var inner = program.Projections.Where(p => program.Definition.Inputs.All(i => i.Name != p.Definition.Source)).ToList();
        interval = Math.Clamp(inner.Select(static p => p.ShortestDelay).Append(LongestInterval).Min(), 1, LongestInterval);
        parts = [.. Enumerable.Range(0, count).Select(part => new NetworkPart<T>(program, part, count, lanes, interval, noise, (population, port) => watched.Contains((population, port))))];
        foreach (var input in program.Definition.Inputs)
        {
            incoming.Add(new("", new(program.From(input.Name, "").Select(static p => p.ShortestDelay).Append(0).Max() + (2 * interval), input.Count, lanes, counted: false, isShared: true), null, null));
        }

        inputs = [.. program.Definition.Inputs.Select((input, i) => new InputRun<T>(i, input.Count * lanes, incoming[i], program.Precision))];
        inputsOf = Share(count);
        var logs = program.Definition.Inputs.Select((input, i) => (input.Name, incoming[i].Log)).ToDictionary(static p => p.Name, static p => p.Log);
        Array.ForEach(parts, p => p.Connect(parts, logs));
        readouts = count > 1 ? null : new(program.Definition.Populations.Max(static p => p.Count) * lanes);
    }

    /// <summary>How many parts.</summary>
    public int Parts => parts.Length;

    public long Bytes => parts.Sum(static p => p.Bytes) + inputs.Sum(static i => i.Bytes);

    /// <summary>How often each lane of a population spiked in the last run.</summary>
    public long[] SpikeCounts(string population)
    {
        var logs = parts.Select(p => p.Populations.First(q => q.Name == population).Sent(RateRegularizer.Output).Totals).ToList();
        return [.. Enumerable.Range(0, logs[0].Length).Select(lane => logs.Sum(totals => totals[lane]))];
    }

    /// <summary>Whether it can record what arrives at the ports of some probes.</summary>
    public bool Watches(IReadOnlyList<Probe> probes) => Ports(program, probes).IsSubsetOf(watched);

    /// <summary>Which weights a run reads where training keeps them: all that are trained, and those of connections with one delay. Of the others each part has its own.</summary>
    public static Func<WeightBlock, bool> Reads(NetworkProgram program) =>
        block => block.Coordinates > 0 || program.Projections.Any(p => p.Block == block && p.ShortestDelay == p.LongestDelay);

    /// <summary>Runs all steps.</summary>
    public void Run(NetworkWeights<T> weights, INetworkTrials trials, NetworkRecorder<T> recorder, CancellationToken cancel)
    {
        failure = null;
        incoming.ForEach(static i => i.Log.Reset());
        Array.ForEach(inputsOf, own => Read(own, trials, 0));
        var meeting = new Meeting(parts.Length);
        Workers.Together(parts.Length, part => Run(parts[part], weights, trials, recorder, meeting, cancel));
        failure?.Fault.Throw();
    }

    public void Dispose()
    {
        foreach (var part in parts.Concat<IDisposable>(inputs).Concat(incoming))
        {
            part.Dispose();
        }
    }

    private static HashSet<(string Population, string Port)> Ports(NetworkProgram program, IReadOnlyList<Probe> probes) =>
        [.. probes.Where(probe => program.Populations.Any(p => p.Definition.Name == probe.Population && p.Ports.Contains(probe.Variable))).Select(static p => (p.Population, p.Variable))];

    /// <summary>Gives each input to the part that has least to read.</summary>
    private InputRun<T>[][] Share(int count)
    {
        var shares = Enumerable.Range(0, count).Select(static _ => new List<int>()).ToList();
        foreach (var input in Enumerable.Range(0, inputs.Length).OrderByDescending(i => program.Definition.Inputs[i].Count))
        {
            shares.MinBy(share => share.Sum(i => (long)program.Definition.Inputs[i].Count))!.Add(input);
        }

        return [.. shares.Select(share => share.Select(i => inputs[i]).ToArray())];
    }

    /// <summary>
    /// What one thread does: it reads its share of what comes in an interval ahead. The first one also records, an interval behind. What others sent in the last interval has time to
    /// come while the first step's states are computed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Run(NetworkPart<T> part, NetworkWeights<T> weights, INetworkTrials trials, NetworkRecorder<T> recorder, Meeting meeting, CancellationToken cancel)
    {
        var number = Array.IndexOf(parts, part);
        var (first, step, own) = (0, 0, inputsOf[number]);
        bool Wait()
        {
            if (parts.Length > 1)
            {
                meeting.Wait(number);
            }

            return failure is null;
        }

        Func<bool> meet = () =>
        {
            meeting.Come(number);
            return Wait();
        };
        Func<bool> join = () =>
        {
            if (!Wait())
            {
                return false;
            }

            part.AskForSent(first);
            if (part == parts[0])
            {
                cancel.ThrowIfCancellationRequested();
                Record(recorder, first - interval);
            }

            Read(own, trials, first + interval);
            return true;
        };
        try
        {
            part.Begin(weights);
            if (!meet())
            {
                return;
            }

            part.TakeWeights(weights);
            for (; first < steps; first += interval)
            {
                for (step = first; step < Math.Min(first + interval, steps); step++)
                {
                    if (!part.Step(step, weights, trials, readouts, recorder, step == first ? join : null, meet))
                    {
                        return;
                    }
                }

                meeting.Come(number);
            }

            if (Wait() && part == parts[0])
            {
                Record(recorder, (steps - 1) / interval * interval);
            }
        }
        catch (Exception exception)
        {
            Fail(step, exception);
        }
        finally
        {
            // Whoever has seen a failure leaves; others may have passed the meeting before it happened, and would wait at the next.
            meeting.Leave(number);
        }
    }

    /// <summary>Reads what comes in during the interval that begins with a step.</summary>
    private void Read(InputRun<T>[] own, INetworkTrials trials, int first)
    {
        for (var step = first; step < Math.Min(first + interval, steps); step++)
        {
            foreach (var input in own)
            {
                input.Read(trials, step, step);
            }
        }
    }

    /// <summary>Records the interval that began with a step.</summary>
    private void Record(NetworkRecorder<T> recorder, int first)
    {
        for (var step = first; step >= 0 && step < Math.Min(first + interval, steps); step++)
        {
            recorder.Keep(parts, step);
        }
    }

    private void Fail(int step, Exception exception)
    {
        lock (failing)
        {
            if (failure is null || step < failure.Value.Step)
            {
                failure = (step, ExceptionDispatchInfo.Capture(exception));
            }
        }
    }
}
