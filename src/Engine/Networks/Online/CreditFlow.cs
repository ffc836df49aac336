using System.Numerics;
using System.Runtime.Intrinsics;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>Takes learning signals, step by step, from what the loss reads back to the populations that drive it, and gives the gradients that are products.</summary>
internal sealed unsafe class CreditFlow<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private readonly NetworkProgram program;
    private readonly PopulationLearning<T>[] learning;
    private readonly FeedbackWeights<T>? feedback;
    private readonly int lanes;
    private readonly List<Learner> learners = [];
    private readonly List<Return> returns = [];
    private readonly RowBuffer gain;
    private readonly RowBuffer scratch;

    /// <param name="program">The network.</param>
    /// <param name="learning">The populations that learn, those that the loss reads first.</param>
    /// <param name="feedback">e-prop's feedback weights; null for the network's own.</param>
    /// <param name="lanes">How many lanes.</param>
    public CreditFlow(NetworkProgram program, IReadOnlyList<PopulationLearning<T>> learning, FeedbackWeights<T>? feedback, int lanes)
    {
        (this.program, this.learning, this.feedback, this.lanes) = (program, [.. learning], feedback, lanes);
        var widest = program.Definition.Populations.Max(static p => p.Count);
        gain = new(1, (long)widest * lanes, program.Precision);
        scratch = new(1, (long)Transmission<T>.StrideOf(widest) * lanes, program.Precision);
        foreach (var source in learning)
        {
            foreach (var filter in source.Credit.Filters)
            {
                var target = learning.First(l => l.Credit.Population == filter.Target);
                returns.Add(new(source, filter, target, target.Credit.Ports.First(p => p.Port == filter.Port).Factors!, [.. Slices(source, filter)]));
            }
        }
    }

    public long Bytes => gain.Bytes + scratch.Bytes;

    /// <summary>The weights of a slice have a gradient that is a product.</summary>
    public void Learn(PopulationLearning<T> unit, PortCredit port, Inbound<T> inbound, SourceFilter<T> source) =>
        learners.Add(new(unit, port.Factors!, inbound, source));

    /// <summary>Hands on the signals of a step.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="trials">What is read out.</param>
    /// <param name="gradient">Gets the gradients that are products added.</param>
    /// <param name="readouts">What reads out.</param>
    /// <param name="step">The step.</param>
    /// <param name="trialStep">Its number among the trials' own.</param>
    public void Run(NetworkWeights<T> weights, INetworkTrials trials, NetworkWeights<T> gradient, ReadoutRun<T> readouts, int step, int trialStep)
    {
        foreach (var unit in learning)
        {
            if (unit.Credit.IsObserved && ReadoutRun<T>.Counts(trials, unit.Run, trialStep))
            {
                for (var s = 0; s < unit.Credit.Jacobian.States.Count; s++)
                {
                    readouts.Differentiate(trials, unit.Run, unit.Credit.Jacobian.States[s], trialStep, unit.Signal(s, step));
                }

                unit.Mark(step);
            }

            var complete = step - unit.Credit.Lag;
            if (complete < 0 || !unit.HasSignal(complete))
            {
                continue;
            }

            foreach (var learner in learners)
            {
                if (learner.Unit == unit)
                {
                    Learn(learner, gradient, complete);
                }
            }

            foreach (var back in returns)
            {
                if (back.Target == unit)
                {
                    Hand(back, weights, complete);
                }
            }
        }
    }

    public void Dispose()
    {
        gain.Dispose();
        scratch.Dispose();
    }

    private IEnumerable<(ProjectionProgram Projection, int Delay, Transmission<T> Transmission)> Slices(PopulationLearning<T> source, SentFilter filter) =>
        program.Online!.Forward(source.Credit.Population)
            .Where(p => (p.Definition.Output, p.Definition.Target, p.Definition.Port) == (filter.Output, filter.Target, filter.Port))
            .SelectMany(p => p.Slices.Select(s => (p, s.Delay, p.Transmission<T>(s, lanes))));

    private void Learn(Learner learner, NetworkWeights<T> gradient, int step)
    {
        for (var m = 0; m < learner.Factors.Gains.Length; m++)
        {
            if (Gain(learner.Unit, learner.Factors, m, step))
            {
                learner.Inbound.Transmission.Gradient(gradient.Of(learner.Inbound.Projection.Block), learner.Source.After(step, m), (T*)gain.Row(0), (T*)scratch.Row(0));
            }
        }
    }

    private void Hand(Return back, NetworkWeights<T> weights, int step)
    {
        for (var m = 0; m < back.Factors.Gains.Length; m++)
        {
            if (!Gain(back.Target, back.Factors, m, step))
            {
                continue;
            }

            if (feedback is not null)
            {
                feedback.Backward(back.Source.Credit.Population, back.Filter.Target, (T*)gain.Row(0), back.Source.Signal(back.Filter.First + m, step), lanes);
                back.Source.Mark(step);
                continue;
            }

            foreach (var (projection, delay, transmission) in back.Slices)
            {
                if (step >= delay)
                {
                    transmission.Backward(weights.Of(projection.Block), (T*)gain.Row(0), null, back.Source.Signal(back.Filter.First + m, step - delay), transmission.All);
                    back.Source.Mark(step - delay);
                }
            }
        }
    }

    /// <summary>Computes how the loss changes with a state of a port's filter at a step's end, [unit][lane]; false where nothing says so.</summary>
    private bool Gain(PopulationLearning<T> unit, FactorPlan factors, int state, int step)
    {
        var to = (T*)gain.Row(0);
        var elements = unit.Run.Elements;
        new Span<T>(to, elements).Clear();

        // An average over a time constant has, after n steps from 0, the weight 1 - keep^n.
        var scale = Vector512.Create(T.CreateTruncating(factors.IsExact ? 1 : 1 / (1 - Math.Pow(factors.Filter.Keep[state, state], step + 1))));
        foreach (var (signal, row) in factors.Gains[state])
        {
            var from = unit.Signal(signal, step);
            var by = row is null ? null : unit.Kept(unit.KeptIndex(row), step);
            for (var i = 0; i < elements; i += Vector512<T>.Count)
            {
                var factor = by is null ? scale : scale * Vector512.Load(by + i);
                Vectors.MultiplyAdd(Vector512.Load(from + i), factor, Vector512.Load(to + i)).Store(to + i);
            }
        }

        return factors.Gains[state].Length > 0;
    }

    /// <summary>A slice whose gradient is a product.</summary>
    private sealed record Learner(PopulationLearning<T> Unit, FactorPlan Factors, Inbound<T> Inbound, SourceFilter<T> Source);

    /// <summary>By which slices the signals of a filter come back from the port that it is the filter of.</summary>
    private sealed record Return(
        PopulationLearning<T> Source, SentFilter Filter, PopulationLearning<T> Target, FactorPlan Factors, (ProjectionProgram Projection, int Delay, Transmission<T> Transmission)[] Slices);
}
