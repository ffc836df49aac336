using System.Numerics;
using System.Runtime.InteropServices;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks.Online;

/// <summary>A network that learns while it runs, for a chunk of lanes. Its memory does not depend on how long it runs.</summary>
internal sealed class OnlineChunk<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private const int StepsPerCancellationCheck = 64;

    private readonly NetworkProgram program;
    private readonly RowBuffer clock;
    private readonly NetworkWiring<T> wiring;
    private readonly InputRun<T>[] inputs;
    private readonly ReadoutRun<T> readouts;
    private readonly IOnlineLearner<T> learner;
    private readonly int lanes;
    private readonly int slots;
    private int step;

    /// <param name="program">The network.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="feedback">e-prop's feedback weights; null for the network's own.</param>
    /// <param name="noise">The key of all noise.</param>
    public OnlineChunk(NetworkProgram program, int lanes, FeedbackWeights<T>? feedback, StreamKey noise)
    {
        (this.program, this.lanes) = (program, lanes);
        var online = program.Online!;
        slots = TraceLearner<T>.SlotsOf(online);
        clock = new(1, 1, program.Precision);
        wiring = new(program, online.Populations, lanes, new(1, Stored: false, slots), clock, noise);
        inputs = [.. program.Definition.Inputs.Select((definition, number) => new InputRun<T>(number, definition.Count * lanes, wiring.Outbound(definition.Name, ""), program.Precision))];
        readouts = new(program.Definition.Populations.Max(static p => p.Count) * lanes);
        learner = online.Method.Rule == OnlineRule.RealTimeRecurrent
            ? new SensitivityLearner<T>(program, wiring, readouts, lanes, slots)
            : new TraceLearner<T>(program, wiring, readouts, feedback, lanes);
    }

    /// <summary>All memory held.</summary>
    public long Bytes => clock.Bytes + wiring.Bytes + inputs.Sum(static i => i.Bytes) + learner.Bytes;

    /// <summary>What a source sent last.</summary>
    public EventLog<T> Log(string source, string output) => wiring.Outbound(source, output)!.Log;

    /// <summary>Starts at the initial states.</summary>
    public void Begin(NetworkWeights<T> weights)
    {
        step = 0;
        wiring.Begin(weights);
        learner.Begin();
    }

    /// <summary>Runs some steps, and adds to the gradient what is known of it at their end.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="trials">What comes in, and what is read out.</param>
    /// <param name="first">The number of the first step among the trials' own.</param>
    /// <param name="steps">How many.</param>
    /// <param name="isEnd">Whether no further steps follow.</param>
    /// <param name="gradient">Gets the gradient by weights added.</param>
    /// <param name="cancel">Stops between steps.</param>
    public void Advance(NetworkWeights<T> weights, INetworkTrials trials, int first, int steps, bool isEnd, NetworkWeights<T> gradient, CancellationToken cancel)
    {
        for (var s = 0; s < steps; s++)
        {
            if (s % StepsPerCancellationCheck == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            Run(weights, trials, first + s);
            learner.Learn(weights, trials, gradient, step, first + s);
            step++;
        }

        learner.Settle(trials, gradient, step, isEnd);
    }

    /// <summary>Hands over all that the run goes on from.</summary>
    public void Visit(MemoryVisitor each)
    {
        each(MemoryMarshal.AsBytes(new Span<int>(ref step)));
        wiring.Visit(each);
        learner.Visit(each);
    }

    public void Dispose()
    {
        foreach (var part in inputs.Concat<IDisposable>([learner, wiring, clock]))
        {
            part.Dispose();
        }
    }

    private void Run(NetworkWeights<T> weights, INetworkTrials trials, int trialStep)
    {
        clock[0, 0] = step * program.Definition.TimeStep;
        wiring.PlaceForward(0, step % slots);
        foreach (var input in inputs)
        {
            input.Read(trials, trialStep, step);
        }

        foreach (var population in wiring.Populations)
        {
            wiring.Deliver(population, weights, step, 0);
            population.StepForward(step, trials.FirstLane);
            population.KeepSent(step);
            readouts.Observe(trials, population, trialStep, 0);
        }

        FiniteCheck.Run(wiring.Populations, step, 0, lanes);
    }
}
