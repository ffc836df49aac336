using System.Numerics;
using System.Runtime.CompilerServices;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Parts;

/// <summary>The units of one population that belong to a part of the network: their rows, what they sent, and what arrives at their ports.</summary>
internal sealed unsafe class PartPopulation<T>(PopulationRun<T> run, int lanes, EventLog<T>[] sent, EventLog<T>?[] before) : IDisposable
    where T : unmanaged, INumberBase<T>
{
    /// <summary>So many numbers of each row are stepped at a time that they are still in the nearest cache when spikes are looked for and sums are cleared.</summary>
    private const int BlockElements = 1024;

    private readonly string[] names = [.. run.Program.Sent];
    private readonly nint[] sentRows = [.. run.Program.Sent.Select(s => (nint)run.Row($"{s}.sent"))];
    private readonly nint[] portRows = [.. run.Program.Ports.Select(p => (nint)run.Port(p, 0))];
    private readonly int blockUnits = Math.Max(BlockElements / lanes / UnitRange.Alignment, 1) * UnitRange.Alignment;
    private Arrival<T>[][] arrivals = [];

    public PopulationRun<T> Run => run;

    public string Name => run.Program.Definition.Name;

    /// <summary>Whether units of the same network's other parts have to have been stepped before these can be.</summary>
    public bool NeedsMeeting { get; set; }

    /// <summary>What was sent under a name.</summary>
    public EventLog<T> Sent(string output) => sent[Index(output)];

    /// <summary>What was sent under a name before time 0; null for events.</summary>
    public EventLog<T>? SentBefore(string output) => before[Index(output)];

    /// <summary>Says what arrives at each port, in the order of the population's ports.</summary>
    public void Connect(Arrival<T>[][] arriving) => arrivals = arriving;

    /// <summary>Sets initial states, sums of weights, and what graded outputs sent before time 0.</summary>
    public void Begin(NetworkWeights<T> weights)
    {
        run.Begin();
        for (var port = 0; port < portRows.Length; port++)
        {
            new Span<T>((T*)portRows[port], run.Elements).Clear();
            var sum = $"{run.Program.Ports[port]}.weight";
            if (run.Program.Forward.Function.Inputs.Any(i => i.Name == sum))
            {
                WeightSums.Set(run, sum, arrivals[port].Select(static a => (a.Projection, a.Slice)), weights, lanes);
            }
        }

        for (var i = 0; i < sent.Length; i++)
        {
            sent[i].Reset();
            before[i]?.Keep(0, run.Row($"initial.{run.Program.Sent[i]}.sent"));
        }
    }

    /// <summary>Fills the sums of the ports for a step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Deliver(int step, NetworkWeights<T> weights, EventMerge<T> merge, T* scratch)
    {
        foreach (var port in arrivals)
        {
            foreach (var arrival in port)
            {
                arrival.Ask(step, weights.Of(arrival.Projection.Block));
            }
        }

        for (var port = 0; port < arrivals.Length; port++)
        {
            foreach (var arrival in arrivals[port])
            {
                arrival.Add(step, weights.Of(arrival.Projection.Block), (T*)portRows[port], merge, scratch);
            }
        }
    }

    /// <summary>Steps the units, keeps what they send, and sets the sums of the ports back to 0.</summary>
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
        foreach (var part in sent.Concat<IDisposable?>(before).Append(run))
        {
            part?.Dispose();
        }
    }

    private int Index(string output) => Array.IndexOf(names, output);
}
