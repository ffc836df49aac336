using System.Numerics;
using System.Runtime.CompilerServices;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Parts;

/// <summary>
/// A range of the units of every population, which one thread steps: nothing else writes their states, their sums or what they send. Rows of connections are
/// in the order of targets, so that a part's share of a row lies side by side.
/// </summary>
internal sealed unsafe class NetworkPart<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly NetworkProgram program;
    private readonly int lanes;
    private readonly RowBuffer clock;
    private readonly RowBuffer scratch;
    private readonly EventMerge<T> merge;
    private readonly PopulationRun<T>[] runs;

    /// <param name="program">The network.</param>
    /// <param name="part">The part's number.</param>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="interval">For how many steps parts run between two meetings.</param>
    /// <param name="noise">The key of all noise.</param>
    /// <param name="isWatched">Whether what arrives at a port of a population is recorded.</param>
    public NetworkPart(NetworkProgram program, int part, int parts, int lanes, int interval, StreamKey noise, Func<string, string, bool> isWatched)
    {
        (this.program, this.lanes) = (program, lanes);
        var definition = program.Definition;
        clock = new(1, 1, program.Precision);
        scratch = new(lanes, definition.Populations.Max(static p => Transmission<T>.StrideOf(p.Count)), program.Precision);
        merge = new(definition.Populations.Select(static p => p.Count).Concat(definition.Inputs.Select(static i => i.Count)).Max(), lanes);
        Populations = [.. program.Populations.Select(p => Open(p.Direct, UnitRange.Of(p.Definition.Count, part, parts), interval, noise, isWatched))];
        runs = [.. Populations.Select(static p => p.Run)];
    }

    /// <summary>The populations in the order of the schedule.</summary>
    public PartPopulation<T>[] Populations { get; }

    public long Bytes => scratch.Bytes + Populations.Sum(static p => p.Bytes);

    /// <summary>Says what arrives from where.</summary>
    /// <param name="parts">All parts, this one included, in their order.</param>
    /// <param name="inputs">What comes in from outside, by input.</param>
    public void Connect(IReadOnlyList<NetworkPart<T>> parts, IReadOnlyDictionary<string, EventLog<T>> inputs)
    {
        var stepped = new HashSet<string>();
        for (var i = 0; i < Populations.Length; i++)
        {
            var population = Populations[i];
            var inbound = population.Run.Program.Inbound;
            if (parts.Count > 1 && inbound.Any(p => p.ShortestDelay == 0 && stepped.Contains(p.Definition.Source)))
            {
                population.NeedsMeeting = true;
                stepped.Clear();
            }

            stepped.Add(population.Name);
            population.Connect((projection, sums) => Open(projection, population.Run.Units, sums, parts, inputs));
        }
    }

    /// <summary>Sets all to time 0.</summary>
    public void Begin(NetworkWeights<T> weights) => Array.ForEach(Populations, p => p.Begin(weights));

    /// <summary>Takes the weights, once all parts have begun.</summary>
    public void TakeWeights(NetworkWeights<T> weights) => Array.ForEach(Populations, p => p.TakeWeights(weights));

    /// <summary>Has what other parts sent fetched that arrives in a step.</summary>
    public void AskForSent(int step)
    {
        foreach (var population in Populations)
        {
            population.AskForSent(step);
        }
    }

    /// <summary>Runs a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="trials">What comes in, and what is read out.</param>
    /// <param name="readouts">Hands over what is read out; null where nothing is.</param>
    /// <param name="recorder">What is recorded.</param>
    /// <param name="join">Waits for what the other parts sent before; false where one of them has failed, null where there is nothing to wait for. States are stepped before, where they can be.</param>
    /// <param name="meet">Waits for what the other parts sent in this step; false where one of them has failed.</param>
    /// <returns>Whether the run goes on.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Step(int step, NetworkWeights<T> weights, INetworkTrials trials, ReadoutRun<T>? readouts, NetworkRecorder<T> recorder, Func<bool>? join, Func<bool> meet)
    {
        clock[0, 0] = step * program.Definition.TimeStep;
        foreach (var population in Populations)
        {
            if ((population.NeedsMeeting && !meet()) || (population.GetsBeforeStep && !Join(ref join)))
            {
                return false;
            }

            population.Deliver(step, weights, merge, (T*)scratch.Row(0));
            recorder.Sample(population.Run, step, arriving: true);
            population.Step(step, trials.FirstLane);
            if (!Join(ref join))
            {
                return false;
            }

            population.DeliverToStates(step, weights, merge, (T*)scratch.Row(0));
            recorder.Sample(population.Run, step, arriving: false);
            readouts?.Observe(trials, population.Run, step, 0);
        }

        FiniteCheck.Run(runs, step, 0, lanes);
        return true;
    }

    public void Dispose()
    {
        foreach (var part in Populations.Concat<IDisposable>([clock, scratch, merge]))
        {
            part.Dispose();
        }
    }

    private PartPopulation<T> Open(PopulationProgram population, UnitRange units, int interval, StreamKey noise, Func<string, string, bool> isWatched)
    {
        var name = population.Definition.Name;
        var run = new PopulationRun<T>(population, lanes, new(1, Stored: false, 1), clock, static _ => 0, noise.Split(name), regularized: false, units);
        return new(
            run, lanes, [.. population.Sent.Select(s => new EventLog<T>(
                Slots(name, s, interval), units.Count, lanes, s == RateRegularizer.Output, units.First, population.Step.Step.Outputs.First(o => o.Name == $"{s}.sent").Node.IsZeroOrOne, isShared: true))],
            [.. population.Sent.Select(s => population.Prologue.Function.Outputs.Any(o => o.Name == $"initial.{s}.sent") ? new EventLog<T>(1, units.Count, lanes, counted: false, units.First) : null)],
            port => isWatched(name, port));
    }

    private static bool Join(ref Func<bool>? join)
    {
        var once = join;
        join = null;
        return once is null || once();
    }

    /// <summary>A part that sends before it waits is at most an interval and a step ahead of one that reads; the recorder reads what was sent in the interval before that.</summary>
    private int Slots(string source, string output, int interval) =>
        (int)BitOperations.RoundUpToPowerOf2((uint)((2 * interval) + program.From(source, output).Select(static p => p.ShortestDelay).Append(interval).Max()));

    private Arrival<T> Open(ProjectionProgram projection, UnitRange units, PortSums<T> sums, IReadOnlyList<NetworkPart<T>> parts, IReadOnlyDictionary<string, EventLog<T>> inputs)
    {
        var (source, output) = (projection.Definition.Source, projection.Definition.Output);
        List<PartPopulation<T>> senders = [.. parts.Select(p => p.Populations.FirstOrDefault(s => s.Name == source)).OfType<PartPopulation<T>>()];
        EventLog<T>[] sent = senders.Count == 0 ? [inputs[source]] : [.. senders.Select(s => s.Sent(output))];
        EventLog<T>[] before = [.. senders.Select(s => s.SentBefore(output)).OfType<EventLog<T>>()];
        return projection.ShortestDelay < projection.LongestDelay
            ? new OwnDelays<T>(projection, units, lanes, sums, sent, before)
            : new CommonDelay<T>(projection, projection.Transmission<T>(projection.Slices[0], lanes, units), sent, before);
    }
}
