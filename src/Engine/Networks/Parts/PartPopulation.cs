using System.Numerics;
using System.Runtime.CompilerServices;
using BrainModular.Diagnostics;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Parts;

/// <summary>The units of one population that belong to a part of the network: their rows, what they sent, and what arrives at their ports.</summary>
/// <param name="run">The rows.</param>
/// <param name="lanes">How many lanes.</param>
/// <param name="sent">What they sent.</param>
/// <param name="before">What they sent before time 0, of graded outputs; null for events.</param>
/// <param name="isWatched">Whether what arrives at a port is recorded.</param>
internal sealed unsafe class PartPopulation<T>(PopulationRun<T> run, int lanes, EventLog<T>[] sent, EventLog<T>?[] before, Func<string, bool> isWatched) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>So many numbers of each row are stepped at a time that they are still in the nearest cache when spikes are looked for and sums are cleared.</summary>
    private const int BlockElements = 1024;

    private readonly string[] names = [.. run.Program.Sent];
    private readonly nint[] sentRows = [.. run.Program.Sent.Select(s => (nint)run.Row($"{s}.sent"))];
    private readonly PortSums<T>[] sums = [.. run.Program.Ports.Select(p => Open(run, p))];
    private readonly PortSums<T>?[] watched =
        [.. run.Program.Ports.Select(p => isWatched(p) && run.Program.StateOfPort.ContainsKey(p) ? new PortSums<T>(1, run.Elements, run.Program.Prologue.Precision) : null)];
    private readonly int[] direct = [.. Enumerable.Range(0, run.Program.Ports.Count).Where(i => run.Program.StateOfPort.ContainsKey(run.Program.Ports[i]))];
    private readonly int[] summed = [.. Enumerable.Range(0, run.Program.Ports.Count).Where(i => !run.Program.StateOfPort.ContainsKey(run.Program.Ports[i]))];
    private readonly nint[] portRows = new nint[run.Program.Ports.Count - run.Program.StateOfPort.Count];
    private readonly int blockUnits = Math.Max(BlockElements / lanes / UnitRange.Alignment, 1) * UnitRange.Alignment;
    private Arrival<T>[][] arrivals = [];

    public PopulationRun<T> Run => run;

    public string Name => run.Program.Definition.Name;

    /// <summary>Whether units of the same network's other parts have to have been stepped before these can be.</summary>
    public bool NeedsMeeting { get; set; }

    /// <summary>Whether what other units sent is added before the step already: to sums, or to what is recorded of a port.</summary>
    public bool GetsBeforeStep => summed.Length > 0 || Array.Exists(watched, static w => w is not null);

    /// <summary>The spikes; null where none are sent.</summary>
    public EventLog<T>? Spikes { get; } = run.Program.Sent.ToList().IndexOf(RateRegularizer.Output) is var spikes and >= 0 ? sent[spikes] : null;

    /// <summary>What was sent under a name.</summary>
    public EventLog<T> Sent(string output) => sent[Index(output)];

    /// <summary>What was sent under a name before time 0; null for events.</summary>
    public EventLog<T>? SentBefore(string output) => before[Index(output)];

    public long Bytes => run.Bytes + sums.Sum(static s => s.Bytes) + watched.Sum(static w => w?.Bytes ?? 0) + arrivals.Sum(static port => port.Sum(static a => a.Bytes));

    /// <summary>Says what arrives at each port.</summary>
    /// <param name="open">Makes the arrivals over a projection, which are added to sums.</param>
    public void Connect(Func<ProjectionProgram, PortSums<T>, Arrival<T>> open) =>
        arrivals = [.. run.Program.Ports.Select((port, i) => run.Program.Inbound.Where(p => p.Definition.Port == port).Select(p => open(p, sums[i])).ToArray())];

    /// <summary>Sets initial states, sums of weights, and what graded outputs sent before time 0.</summary>
    public void Begin(NetworkWeights<T> weights)
    {
        run.Begin();
        for (var port = 0; port < sums.Length; port++)
        {
            sums[port].Clear();
            var sum = $"{run.Program.Ports[port]}.weight";
            if (run.Program.Forward.Function.Inputs.Any(i => i.Name == sum))
            {
                WeightSums.Set(run, sum, arrivals[port].SelectMany(static a => a.Projection.Slices.Select(slice => (a.Projection, slice))), weights, lanes);
            }
        }

        for (var i = 0; i < sent.Length; i++)
        {
            sent[i].Reset();
            before[i]?.Keep(0, run.Row($"initial.{run.Program.Sent[i]}.sent"));
        }
    }

    /// <summary>Takes the weights, once all parts have begun.</summary>
    public void TakeWeights(NetworkWeights<T> weights)
    {
        for (var port = 0; port < sums.Length; port++)
        {
            foreach (var arrival in arrivals[port])
            {
                arrival.Begin(weights, sums[port]);
            }
        }
    }

    /// <summary>Has what other parts sent fetched that arrives in a step.</summary>
    public void AskForSent(int step)
    {
        foreach (var port in arrivals)
        {
            foreach (var arrival in port)
            {
                arrival.AskForSent(step);
            }
        }
    }

    /// <summary>Fills the sums of the ports for a step, of direct ones only those that are recorded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Deliver(int step, NetworkWeights<T> weights, EventMerge<T> merge, T* scratch)
    {
        Ask(summed, step, weights);
        for (var i = 0; i < summed.Length; i++)
        {
            var port = summed[i];
            Add(arrivals[port], sums[port], step, weights, merge, scratch);
            portRows[i] = (nint)sums[port].Of(step);
            run.PointPort(port, (T*)portRows[i]);
        }

        foreach (var port in direct)
        {
            if (watched[port] is { } row)
            {
                row.Clear();
                Add(arrivals[port], row, step, weights, merge, scratch);
                run.PointPort(port, row.First);
            }
        }
    }

    /// <summary>Adds what arrives at direct ports in a step to the states, after <see cref="Step"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void DeliverToStates(int step, NetworkWeights<T> weights, EventMerge<T> merge, T* scratch)
    {
        Ask(direct, step, weights);
        foreach (var port in direct)
        {
            Add(arrivals[port], sums[port], step, weights, merge, scratch);
        }
    }

    /// <summary>Steps the units, keeps what they send, and sets the sums of the ports back to 0, all but direct ones'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Step(int step, int firstLane)
    {
        run.FillNoise(step, firstLane);
        foreach (var log in sent)
        {
            log.Begin(step);
        }

        for (var first = 0; first < run.Units.Count; first += blockUnits)
        {
            var count = Math.Min(blockUnits, run.Units.Count - first);
            run.StepUnits(first, count);
            for (var i = 0; i < sent.Length; i++)
            {
                sent[i].Add(step, (T*)sentRows[i], first, count);
            }

            foreach (var row in portRows)
            {
                Vectors.Clear((T*)row + ((long)first * lanes), count * lanes);
            }
        }
    }

    public void Dispose()
    {
        foreach (var part in sent.Concat<IDisposable?>(before).Concat(sums).Concat(watched).Concat(arrivals.SelectMany(static port => port)).Append(run))
        {
            part?.Dispose();
        }
    }

    private void Ask(int[] ports, int step, NetworkWeights<T> weights)
    {
        foreach (var port in ports)
        {
            foreach (var arrival in arrivals[port])
            {
                arrival.Ask(step, weights);
            }
        }
    }

    private static void Add(Arrival<T>[] arrivals, PortSums<T> sums, int step, NetworkWeights<T> weights, EventMerge<T> merge, T* scratch)
    {
        foreach (var arrival in arrivals)
        {
            arrival.Add(step, weights, sums, merge, scratch);
        }
    }

    /// <summary>The state to which what arrives at a port is added, or the sums of the port: for as many steps as delays of its connections differ by, and one.</summary>
    private static PortSums<T> Open(PopulationRun<T> run, string port)
    {
        var program = run.Program;
        if (program.StateOfPort.TryGetValue(port, out var state))
        {
            return new(run.After(run.StateIndex(state), 0));
        }

        var steps = program.Inbound.Where(p => p.Definition.Port == port).Max(static p => p.LongestDelay - p.ShortestDelay) + 1;
        return (long)steps * run.Elements <= int.MaxValue ? new(steps, run.Elements, program.Prologue.Precision) : throw new DiagnosticException(
            "BM2515", $"delays of what arrives at {port} of population {program.Definition.Name} differ by up to {steps - 1} steps, and sums for all of them and {run.Elements} units are too many",
            expected: $"at most {int.MaxValue} sums", cure: "choose shorter delays, longer steps or smaller populations");
    }

    private int Index(string output) => Array.IndexOf(names, output);
}
