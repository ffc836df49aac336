using System.Numerics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// Real-time recurrent learning: takes the derivative of every state, and of all that was sent, by every trained weight on from step to step,
/// [unit][weight][lane].
/// </summary>
internal sealed unsafe class SensitivityLearner<T> : IOnlineLearner<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly ReadoutRun<T> readouts;
    private readonly int lanes;
    private readonly int slots;
    private readonly List<Unit> units = [];
    private readonly List<(WeightBlock Block, long Weight)> weightOf = [];
    private readonly List<Route> routes = [];

    /// <param name="program">The network.</param>
    /// <param name="wiring">Its run.</param>
    /// <param name="readouts">What reads out.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="slots">How many steps of the kernels' rows are kept.</param>
    public SensitivityLearner(NetworkProgram program, NetworkWiring<T> wiring, ReadoutRun<T> readouts, int lanes, int slots)
    {
        (this.readouts, this.lanes, this.slots) = (readouts, lanes, slots);
        Dictionary<(WeightBlock Block, long Weight), int> numberOf = [];
        foreach (var block in program.Blocks)
        {
            foreach (var (_, stored, length) in block.Runs<T>())
            {
                for (var i = 0; i < length; i++)
                {
                    numberOf[(block, stored + i)] = weightOf.Count;
                    weightOf.Add((block, stored + i));
                }
            }
        }

        foreach (var run in wiring.Populations)
        {
            if (program.Online!.CreditOf(run.Program.Definition.Name) is { } credit)
            {
                var depth = program.Projections.Where(p => p.Definition.Source == credit.Population).Select(static p => p.LongestDelay).DefaultIfEmpty(0).Max();
                units.Add(new(credit, run, depth + 1, weightOf.Count * lanes, program.Precision));
            }
        }

        foreach (var unit in units)
        {
            for (var p = 0; p < unit.Run.Ports.Length; p++)
            {
                foreach (var inbound in unit.Run.Ports[p].Inbound)
                {
                    var block = inbound.Projection.Block;
                    routes.Add(new(
                        unit, p, inbound, units.Find(u => u.Credit.Population == inbound.Projection.Definition.Source),
                        [.. inbound.Projection.Edges<T>(inbound.Slice).Select(e => (e.Source, e.Target, e.Weight, numberOf.GetValueOrDefault((block, e.Weight), -1)))]));
                }
            }
        }
    }

    public long Bytes => units.Sum(static u => u.States.Bytes + u.Next.Bytes + u.Arriving.Bytes + u.Sent.Bytes + u.Signals.Bytes);

    public void Begin()
    {
        foreach (var unit in units)
        {
            unit.States.Clear();
            unit.Sent.Clear();
        }
    }

    public void Learn(NetworkWeights<T> weights, INetworkTrials trials, NetworkWeights<T> gradient, int step, int trialStep)
    {
        foreach (var unit in units)
        {
            Arrive(unit, weights, step);
            Advance(unit, step);
            if (unit.Credit.IsObserved && ReadoutRun<T>.Counts(trials, unit.Run, trialStep))
            {
                Read(unit, trials, gradient, trialStep);
            }
        }
    }

    public void Settle(INetworkTrials trials, NetworkWeights<T> gradient, int steps, bool isEnd)
    {
    }

    public void Visit(MemoryVisitor each)
    {
        foreach (var unit in units)
        {
            each(unit.States.Memory);
            each(unit.Sent.Memory);
        }
    }

    public void Dispose()
    {
        foreach (var unit in units)
        {
            unit.Dispose();
        }
    }

    /// <summary>The derivatives of what arrives at all ports.</summary>
    private void Arrive(Unit unit, NetworkWeights<T> weights, int step)
    {
        unit.Arriving.Clear();
        foreach (var route in routes)
        {
            if (route.Target == unit)
            {
                Arrive(route, weights.Of(route.Inbound.Projection.Block), step);
            }
        }
    }

    private void Arrive(Route route, T* weights, int step)
    {
        var (unit, inbound) = (route.Target, route.Inbound);
        var events = inbound.Arriving(step);
        var sentIn = step - inbound.Delay;
        foreach (var (source, target, weight, number) in route.Edges)
        {
            var arriving = unit.ArrivingRow(route.Port, target);
            if (route.Origin is { } origin && sentIn >= 0)
            {
                AddScaled(weights[weight], origin.SentRow(inbound.From.Name, source, sentIn), arriving, unit.Length);
            }

            if (number < 0)
            {
                continue;
            }

            var sums = unit.ArrivingRow(unit.Run.Ports.Length + route.Port, target);
            for (var lane = 0; lane < lanes; lane++)
            {
                arriving[(number * lanes) + lane] += Value(events, source, lane);
                sums[(number * lanes) + lane] += T.One;
            }
        }
    }

    private T Value(in Events<T> events, int source, int lane)
    {
        var list = new Span<int>(events.Units, events.Count);
        return list.BinarySearch(source) is var at && at >= 0 ? events.Values[((long)at * lanes) + lane] : T.Zero;
    }

    /// <summary>The derivatives of states and of what is sent after the step.</summary>
    private void Advance(Unit unit, int step)
    {
        var plan = unit.Credit.Full!;
        var states = unit.Credit.Jacobian.States.Count;
        unit.Next.Clear();
        for (var sent = 0; sent < plan.Sent.GetLength(0); sent++)
        {
            for (var i = 0; i < unit.Count; i++)
            {
                new Span<T>(unit.SentRow(unit.Credit.Jacobian.Sent[sent], i, step), unit.Length).Clear();
            }
        }

        for (var by = 0; by < plan.By.Count; by++)
        {
            for (var i = 0; i < unit.Count; i++)
            {
                var from = by < states ? unit.StateRow(by, i) : unit.ArrivingRow(by - states, i);
                for (var k = 0; k < states; k++)
                {
                    Add(unit, plan.Next[k, by], i, from, unit.NextRow(k, i), step);
                }

                for (var sent = 0; sent < plan.Sent.GetLength(0); sent++)
                {
                    Add(unit, plan.Sent[sent, by], i, from, unit.SentRow(unit.Credit.Jacobian.Sent[sent], i, step), step);
                }
            }
        }

        unit.Next.Memory.CopyTo(unit.States.Memory);
    }

    private void Add(Unit unit, Coefficient coefficient, int i, T* from, T* to, int step)
    {
        if (coefficient.IsZero)
        {
            return;
        }

        var row = coefficient.Row is { } name ? unit.Run.Kept(unit.KeptIndex[name], step % slots) : null;
        for (var at = 0; at < unit.Length; at++)
        {
            to[at] += from[at] * (row is null ? T.CreateTruncating(coefficient.Value) : row[((long)i * lanes) + (at % lanes)]);
        }
    }

    private void Read(Unit unit, INetworkTrials trials, NetworkWeights<T> gradient, int trialStep)
    {
        for (var k = 0; k < unit.Credit.Jacobian.States.Count; k++)
        {
            var signal = (T*)unit.Signals.Row(0);
            unit.Signals.Clear();
            readouts.Differentiate(trials, unit.Run, unit.Credit.Jacobian.States[k], trialStep, signal);
            for (var i = 0; i < unit.Count; i++)
            {
                var row = unit.StateRow(k, i);
                for (var at = 0; at < unit.Length; at++)
                {
                    var (block, weight) = weightOf[at / lanes];
                    gradient.Of(block)[weight] += signal[((long)i * lanes) + (at % lanes)] * row[at];
                }
            }
        }
    }

    private static void AddScaled(T by, T* from, T* to, int length)
    {
        for (var i = 0; i < length; i++)
        {
            to[i] += by * from[i];
        }
    }

    /// <summary>A slice that ends at a population: where it begins, and the number of each of its weights; -1 for one that is not trained.</summary>
    private sealed record Route(Unit Target, int Port, Inbound<T> Inbound, Unit? Origin, (int Source, int Target, long Weight, int Number)[] Edges);

    /// <summary>The derivatives of one population.</summary>
    private sealed class Unit(PopulationCredit credit, PopulationRun<T> run, int depth, int length, Precision precision) : IDisposable
    {
        private readonly List<string> sentNames = [.. credit.Jacobian.Sent];

        public PopulationCredit Credit => credit;

        public PopulationRun<T> Run => run;

        /// <summary>Weights times lanes.</summary>
        public int Length => length;

        public int Count { get; } = run.Program.Definition.Count;

        public RowBuffer States { get; } = new((long)credit.Jacobian.States.Count * run.Program.Definition.Count, length, precision);

        public RowBuffer Next { get; } = new((long)credit.Jacobian.States.Count * run.Program.Definition.Count, length, precision);

        public RowBuffer Arriving { get; } = new((long)credit.Jacobian.Ports.Count * run.Program.Definition.Count, length, precision);

        public RowBuffer Sent { get; } = new((long)depth * credit.Jacobian.Sent.Count * run.Program.Definition.Count, length, precision);

        public RowBuffer Signals { get; } = new(1, run.Elements, precision);

        public Dictionary<string, int> KeptIndex { get; } = credit.Kept.Select(static (row, i) => (row, i)).ToDictionary(static k => k.row, static k => k.i);

        public T* StateRow(int state, int unit) => (T*)States.Row(((long)state * Count) + unit);

        public T* NextRow(int state, int unit) => (T*)Next.Row(((long)state * Count) + unit);

        public T* ArrivingRow(int port, int unit) => (T*)Arriving.Row(((long)port * Count) + unit);

        public T* SentRow(string name, int unit, int step) => (T*)Sent.Row(((((long)(step % depth) * sentNames.Count) + sentNames.IndexOf(name)) * Count) + unit);

        public void Dispose()
        {
            foreach (var part in new[] { States, Next, Arriving, Sent, Signals })
            {
                part.Dispose();
            }
        }
    }
}
