using System.Numerics;
using System.Runtime.InteropServices;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Networks.Online;

/// <summary>Learns by traces of synapses, or of their ends, and learning signals that come back from what is read out.</summary>
internal sealed unsafe class TraceLearner<T> : IOnlineLearner<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Traces are taken over so many steps at a time.</summary>
    private const int Block = 16;

    private readonly NetworkProgram program;
    private readonly int lanes;
    private readonly int lag;
    private readonly ReadoutRun<T> readouts;
    private readonly List<PopulationLearning<T>> learning = [];
    private readonly List<SourceFilter<T>> filters = [];
    private readonly List<PortTraces<T>> traces = [];
    private readonly CreditFlow<T> flow;
    private readonly int[] taken = new int[1];

    /// <param name="program">The network.</param>
    /// <param name="wiring">Its run.</param>
    /// <param name="readouts">What reads out.</param>
    /// <param name="feedback">e-prop's feedback weights; null for the network's own.</param>
    /// <param name="lanes">How many lanes.</param>
    public TraceLearner(NetworkProgram program, NetworkWiring<T> wiring, ReadoutRun<T> readouts, FeedbackWeights<T>? feedback, int lanes)
    {
        (this.program, this.readouts, this.lanes) = (program, readouts, lanes);
        var online = program.Online!;
        lag = LagOf(online);
        var slots = SlotsOf(online);
        foreach (var credit in online.Credits)
        {
            learning.Add(new(credit, wiring.Populations.First(p => p.Program.Definition.Name == credit.Population), slots, program.Precision));
        }

        flow = new(program, learning, feedback, lanes);
        foreach (var unit in learning)
        {
            for (var p = 0; p < unit.Credit.Ports.Count; p++)
            {
                Connect(unit, unit.Credit.Ports[p], unit.Run.Ports[p], slots);
            }
        }
    }

    public long Bytes => learning.Sum(static l => l.Rows.Bytes) + filters.Sum(static f => f.Bytes) + traces.Sum(static t => t.Bytes) + flow.Bytes;

    /// <summary>For how many steps rows are kept: those of a block, those whose signals are not complete, and the one before.</summary>
    public static int SlotsOf(OnlineProgram online) => Block + LagOf(online) + 1;

    public void Begin()
    {
        taken[0] = 0;
        learning.ForEach(static l => l.Clear());
        filters.ForEach(static f => f.Clear());
        foreach (var synapses in traces.SelectMany(static t => t.Slices))
        {
            synapses.Clear();
        }
    }

    public void Learn(NetworkWeights<T> weights, INetworkTrials trials, NetworkWeights<T> gradient, int step, int trialStep)
    {
        foreach (var filter in filters)
        {
            filter.Advance(step);
        }

        foreach (var unit in learning)
        {
            unit.Begin(step);
        }

        flow.Run(weights, trials, gradient, readouts, step, trialStep);
        if (step + 1 - lag - taken[0] == Block)
        {
            Take(Block, trials.Trials, gradient);
        }
    }

    public void Settle(INetworkTrials trials, NetworkWeights<T> gradient, int steps, bool isEnd)
    {
        for (var left = steps - (isEnd ? 0 : lag) - taken[0]; left > 0; left -= Block)
        {
            Take(Math.Min(left, Block), trials.Trials, gradient);
        }
    }

    public void Visit(MemoryVisitor each)
    {
        each(MemoryMarshal.AsBytes(taken.AsSpan()));
        foreach (var unit in learning)
        {
            each(unit.Rows.Memory);
            each(MemoryMarshal.AsBytes(unit.Has.AsSpan()));
        }

        foreach (var filter in filters)
        {
            each(filter.Rows.Memory);
        }

        foreach (var synapses in traces.SelectMany(static t => t.Slices))
        {
            each(synapses.Memory);
        }
    }

    public void Dispose()
    {
        foreach (var part in learning.Concat<IDisposable>(filters).Concat(traces).Append(flow))
        {
            part.Dispose();
        }
    }

    private static int LagOf(OnlineProgram online) => online.Credits.Max(static c => c.Lag);

    private void Take(int steps, int used, NetworkWeights<T> gradient)
    {
        if (steps == 0)
        {
            return;
        }

        foreach (var filter in filters)
        {
            filter.Place(taken[0], steps);
        }

        foreach (var port in traces)
        {
            port.Advance(taken[0], steps, used, gradient);
        }

        taken[0] += steps;
    }

    /// <summary>Gives the slices that end at a port what their gradient needs.</summary>
    private void Connect(PopulationLearning<T> unit, PortCredit port, PortRun<T> run, int slots)
    {
        Inbound<T>[] learned = [.. run.Inbound.Where(static i => i.Projection.Block.Coordinates > 0)];
        if (port.Traces is { } plan)
        {
            if (plan.States.Count > 0 && learned.Length > 0)
            {
                traces.Add(new(unit, plan, [.. learned.Select(i => new SynapticTraces<T>(plan, i, Source(i, plan.Filter, slots, traced: true), lanes, Block))], lanes, Block));
            }

            return;
        }

        foreach (var inbound in learned.Where(_ => port.Factors is not null))
        {
            flow.Learn(unit, port, inbound, Source(inbound, port.Factors!.Filter, slots, traced: false));
        }
    }

    private SourceFilter<T> Source(Inbound<T> inbound, LinearFilter filter, int slots, bool traced)
    {
        var layout = !traced ? StepLayout.None
            : SourceFilter<T>.IsByLane(lanes) ? StepLayout.ByLane
            : inbound.Slice.Rows is null ? StepLayout.BySource
            : StepLayout.ByStep;
        if (filters.Find(f => f.Is(inbound, filter, layout)) is { } known)
        {
            return known;
        }

        SourceFilter<T> made = new(inbound, filter, lanes, slots, layout, Block, program.Precision);
        filters.Add(made);
        return made;
    }
}
