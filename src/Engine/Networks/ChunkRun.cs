using System.Numerics;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks.Delivery;

namespace BrainModular.Engine.Networks;

/// <summary>
/// A network over all steps for a chunk of lanes: each step delivers, then steps every population, in the order of the schedule; the backward
/// pass is the same in reverse. Everything is allocated beforehand.
/// </summary>
internal sealed unsafe class ChunkRun<T> : IDisposable
    where T : unmanaged, INumberBase<T>
{
    private const int StepsPerCancellationCheck = 64;

    private readonly RunLayout layout;
    private readonly RateRegularizer? rates;
    private readonly VoltageRegularizer? voltages;
    private readonly double seconds;
    private readonly RowBuffer clock;
    private readonly NetworkWiring<T> wiring;
    private readonly RowBuffer transposed;
    private readonly InputRun<T>[] inputs;
    private readonly ReadoutRun<T> readouts;

    /// <param name="program">The network.</param>
    /// <param name="lanes">How many lanes: trials side by side.</param>
    /// <param name="layout">How states are kept.</param>
    /// <param name="noise">The key of all noise.</param>
    public ChunkRun(NetworkProgram program, int lanes, RunLayout layout, StreamKey noise)
    {
        (Lanes, this.layout, rates, voltages, seconds) = (lanes, layout, program.Options.Rates, program.Options.Voltages, layout.Steps * program.Definition.TimeStep / 1000);
        clock = new(1, layout.Steps, program.Precision);
        for (var t = 0; t < layout.Steps; t++)
        {
            clock[0, t] = t * program.Definition.TimeStep;
        }

        wiring = new(program, program.Populations, lanes, layout, clock, noise);
        transposed = new(lanes, program.Definition.Populations.Max(static p => Transmission<T>.StrideOf(p.Count)), program.Precision);
        inputs = [.. program.Definition.Inputs.Select((definition, number) => new InputRun<T>(number, definition.Count * lanes, wiring.Outbound(definition.Name, ""), program.Precision))];
        readouts = new(program.Definition.Populations.Max(static p => p.Count) * lanes);
    }

    public int Lanes { get; }

    /// <summary>What rates and potentials added to the loss of the last backward run.</summary>
    public double RegularizerLoss { get; private set; }

    /// <summary>The memory of all rows; logs of what was sent take memory only as far as they are written.</summary>
    public long Bytes => clock.Bytes + transposed.Bytes + wiring.Bytes + inputs.Sum(static i => i.Bytes);

    /// <summary>The rows of a population.</summary>
    public PopulationRun<T> Population(string name) => wiring.Populations.First(p => p.Program.Definition.Name == name);

    /// <summary>What a source sent in the steps that are kept.</summary>
    public EventLog<T> Log(string source, string output) => wiring.Outbound(source, output)!.Log;

    /// <summary>Runs all steps.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="trials">What comes in, and what is read out.</param>
    /// <param name="cancel">Stops between steps.</param>
    public void Forward(NetworkWeights<T> weights, INetworkTrials trials, CancellationToken cancel)
    {
        wiring.Begin(weights);
        for (var segment = 0; segment < layout.Segments; segment++)
        {
            wiring.SaveCheckpoint(segment);
            var (first, count) = Extent(segment);
            wiring.PlaceForward(first);
            for (var s = 0; s < count; s++)
            {
                CheckCancel(s, cancel);
                foreach (var input in inputs)
                {
                    input.Read(trials, first + s, first + s);
                }

                foreach (var population in wiring.Populations)
                {
                    wiring.Deliver(population, weights, first + s, s);
                    population.StepForward(first + s, trials.FirstLane);
                    population.KeepSent(first + s);
                    readouts.Observe(trials, population, first + s, s);
                }

                FiniteCheck.Run(wiring.Populations, first + s, s, Lanes);
            }

            wiring.Wrap(segment);
        }
    }

    /// <summary>The gradient of what the trials' loss makes of the last forward run.</summary>
    /// <param name="weights">The same weights.</param>
    /// <param name="trials">The same trials.</param>
    /// <param name="gradient">Gets the gradient by weights added.</param>
    /// <param name="window">After so many steps, counted from the end, adjoints start again at 0; 0 for never.</param>
    /// <param name="cancel">Stops between steps.</param>
    public void Backward(NetworkWeights<T> weights, INetworkTrials trials, NetworkWeights<T> gradient, int window, CancellationToken cancel)
    {
        RegularizerLoss = 0;
        foreach (var population in wiring.Populations)
        {
            if (rates is not null && !population.SpikeSeeds.IsEmpty)
            {
                RegularizerLoss += rates.Apply(population, trials, Lanes, seconds);
            }
        }

        wiring.BeginBackward();
        wiring.BeginGradients(weights);
        for (var segment = layout.Segments - 1; segment >= 0; segment--)
        {
            var (first, count) = Extent(segment);
            Again(weights, trials, segment, cancel);
            wiring.PlaceBackward(first + count - 1, count - 1);
            for (var s = count - 1; s >= 0; s--)
            {
                CheckCancel(s, cancel);
                StepBackward(weights, trials, gradient, first + s, s);
                if (window > 0 && (layout.Steps - first - s) % window == 0)
                {
                    wiring.BeginBackward();
                }
            }
        }

        wiring.EndGradients(gradient);
    }

    public void Dispose()
    {
        foreach (var part in inputs.Concat<IDisposable>([wiring, clock, transposed]))
        {
            part.Dispose();
        }
    }

    /// <summary>Runs a segment again, for its states alone: what was sent is still known. The last segment's states are there.</summary>
    private void Again(NetworkWeights<T> weights, INetworkTrials trials, int segment, CancellationToken cancel)
    {
        if (segment == layout.Segments - 1)
        {
            return;
        }

        wiring.LoadCheckpoint(segment);
        var (first, count) = Extent(segment);
        wiring.PlaceForward(first);
        for (var s = 0; s < count; s++)
        {
            CheckCancel(s, cancel);
            foreach (var population in wiring.Populations)
            {
                wiring.Deliver(population, weights, first + s, s);
                population.StepForward(first + s, trials.FirstLane);
            }
        }
    }

    private void StepBackward(NetworkWeights<T> weights, INetworkTrials trials, NetworkWeights<T> gradient, int step, int stepInSegment)
    {
        for (var p = wiring.Populations.Length - 1; p >= 0; p--)
        {
            var population = wiring.Populations[p];
            if (population.Program.Backward is null)
            {
                continue;
            }

            readouts.Differentiate(trials, population, step, stepInSegment);
            RegularizerLoss += voltages?.Differentiate(population, trials, Lanes, stepInSegment) ?? 0;
            population.StepBackward(step, trials.FirstLane);
            foreach (var port in population.Ports)
            {
                if (port.Adjoint is not null)
                {
                    Return(weights, gradient, population, port, step);
                }
            }
        }
    }

    /// <summary>Takes the adjoint of what arrived at a port back to the weights and to what was sent.</summary>
    private void Return(NetworkWeights<T> weights, NetworkWeights<T> gradient, PopulationRun<T> population, PortRun<T> port, int step)
    {
        var across = Lanes == 1 ? port.Adjoint : null;
        foreach (var inbound in port.Inbound)
        {
            if (inbound.Learns && inbound.Arriving(step) is { Count: > 0 } events)
            {
                across = across is null ? Transposed(port.Adjoint, population.Program.Definition.Count) : across;
                inbound.Transmission.Gradient(gradient.Of(inbound.Projection.Block), events, across);
            }

            var sentIn = step - inbound.Delay;
            if (inbound.Back is { } back && sentIn >= 0)
            {
                var needed = inbound.From.Needed is { } slopes ? slopes.At(sentIn) : inbound.Transmission.All;
                if (across is null && inbound.Transmission.IsByLanes(needed))
                {
                    across = Transposed(port.Adjoint, population.Program.Definition.Count);
                }

                inbound.Transmission.Backward(weights.Of(inbound.Projection.Block), port.Adjoint, across, back.At(sentIn), needed);
            }
        }
    }

    private T* Transposed(T* adjoint, int units)
    {
        var across = (T*)transposed.Row(0);
        var stride = Transmission<T>.StrideOf(units);
        LaneTranspose.Write(adjoint, across, units, Lanes, stride);
        for (var lane = 0; lane < Lanes; lane++)
        {
            new Span<T>(across + ((long)lane * stride) + units, stride - units).Clear();
        }

        return across;
    }

    private (int First, int Count) Extent(int segment) => (segment * layout.Segment, Math.Min(layout.Segment, layout.Steps - (segment * layout.Segment)));

    private static void CheckCancel(int step, CancellationToken cancel)
    {
        if (step % StepsPerCancellationCheck == 0)
        {
            cancel.ThrowIfCancellationRequested();
        }
    }
}
