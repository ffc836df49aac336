using System.Diagnostics;
using System.Text.Json.Nodes;
using BrainModular.Engine.Networks;
using BrainModular.Host.Composition.Networks;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>What the simulation of a network came to.</summary>
/// <param name="Simulation">What was simulated.</param>
/// <param name="Recording">What was recorded.</param>
internal sealed record SimulationOutcome(ComposedSimulation Simulation, SimulationRecording Recording) : StageOutcome
{
    public override void Release() => Recording.Dispose();
}

/// <summary>Simulates a network, as it is made or as an earlier stage has trained it, and records it.</summary>
internal sealed class SimulationStage(ComposedSimulation simulation) : IStage
{
    private const int MostLanes = 16;
    private const int StepsPerReport = 256;

    /// <summary>So many units and lanes a thread should have: meeting the others takes as long as stepping some hundred.</summary>
    private const int ElementsPerThread = 1024;

    public string Name => simulation.Config.Name;

    public ComposedSimulation Simulation => simulation;

    public StageOutcome Run(StageContext context, CancellationToken cancel)
    {
        if (simulation.Again is { } again)
        {
            return new SimulationStage(again(FittedCells.Of(context.Earlier))).Run(context, cancel);
        }

        foreach (var note in simulation.Notes)
        {
            context.Progress.Warn(note);
        }

        var watch = Stopwatch.StartNew();
        var (trials, all) = (simulation.Config.Trials, (double)simulation.Config.Trials * simulation.Steps);
        var lanes = Math.Min(MostLanes, trials);
        var recording = new SimulationRecording(simulation, context.Checkpoint, (first, step) =>
        {
            if (step % StepsPerReport == 0)
            {
                var count = Math.Min(lanes, trials - first);
                context.Progress.Report((((double)first * simulation.Steps) + ((double)count * step)) / all, FormattableString.Invariant($"{step * simulation.TimeStep:0} ms"));
            }
        });
        try
        {
            Simulate(recording, lanes, context, cancel);
        }
        catch
        {
            recording.Dispose();
            throw;
        }

        return new SimulationOutcome(simulation, recording) { Summary = Summary(recording, watch.Elapsed.TotalSeconds) };
    }

    private void Simulate(SimulationRecording recording, int lanes, StageContext context, CancellationToken cancel)
    {
        var config = simulation.Config;
        var (program, coordinates) = Network(context);
        var elements = program.Definition.Populations.Sum(static p => (long)p.Count) * lanes;
        var threads = (int)Math.Clamp(elements / ElementsPerThread, 1, context.Threads);
        using var batch = NetworkBatch.Open(program, new(simulation.Steps, lanes, threads) { Noise = context.Random.Split($"noise.{config.Seed}").Key });
        var trials = new SimulationTrials(simulation.Network, simulation.Signals);
        for (var first = 0; first < config.Trials; first += lanes)
        {
            var count = Math.Min(lanes, config.Trials - first);
            trials.Begin(first, count, lanes, context.Random.Split($"trials.{config.Seed}"));
            recording.Begin(first);
            recording.Keep(batch.Record(coordinates, trials, new([.. simulation.Variables.Select(static v => v.Probe)], count) { Sink = recording }, cancel).Traces);
        }
    }

    /// <summary>The network and its coordinates; those of a training are what it came to.</summary>
    private (NetworkProgram Program, double[] Coordinates) Network(StageContext context)
    {
        if (simulation.Trained is not { } trained)
        {
            return (simulation.Program, simulation.Program.InitialCoordinates());
        }

        var outcome = (TrainOutcome)context.Earlier[trained.Config.Name];
        return (ComposedSimulation.Compile(outcome.Program.Definition, outcome.Program.Precision, simulation.Variables), outcome.After);
    }

    private JsonObject Summary(SimulationRecording recording, double seconds) => new()
    {
        ["type"] = "simulate",
        ["spikes"] = recording.Count,
        ["spikesByPopulation"] = Each(p => recording.Spikes(p.Name).Count),
        ["rates"] = Each(p => FitSummary.Number(recording.Statistics(p).Rate)),
        ["intervalVariation"] = Each(p => recording.Statistics(p).IntervalVariation),
        ["correlation"] = Each(p => recording.Statistics(p).Correlation),
        ["trials"] = simulation.Config.Trials,
        ["simulatedMs"] = simulation.Steps * simulation.TimeStep * simulation.Config.Trials,
        ["timeStep"] = FormattableString.Invariant($"{simulation.TimeStep:R} ms"),
        ["notes"] = new JsonArray([.. simulation.Notes.Select(static n => (JsonNode)n)]),
        ["peakBytes"] = TrainSummary.PeakBytes(),
        ["seconds"] = seconds,
    };

    private JsonObject Each(Func<PopulationDefinition, JsonNode?> of) => new(simulation.Spiking.Select(p => KeyValuePair.Create(p.Name, of(p))));
}
