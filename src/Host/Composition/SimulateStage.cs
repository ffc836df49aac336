using System.Text.Json.Nodes;
using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Threads;
using BrainModular.Host.Configuration;
using BrainModular.Random;

namespace BrainModular.Host.Composition;

/// <summary>A simulated sweep: its stimulus, and what the model made of it.</summary>
/// <param name="Number">The sweep's number: the recording's, or 1.</param>
/// <param name="TimeStep">From one sample to the next, in ms.</param>
/// <param name="Current">The current in nA during each step.</param>
/// <param name="Potential">The potential in mV at the start of each step.</param>
/// <param name="Spikes">The steps in which the model spikes.</param>
/// <param name="Initial">The initial potential in mV, where it was taken from a recording.</param>
internal sealed record SimulatedSweep(long Number, double TimeStep, double[] Current, double[] Potential, int[] Spikes, double? Initial);

/// <summary>What a simulation came to.</summary>
internal sealed record SimulateOutcome(
    ComposedNeuron Neuron, IReadOnlyDictionary<string, double> Values, SteppingChoice Stepping, IReadOnlyList<SimulatedSweep> Sweeps) : StageOutcome;

/// <summary>How a model is stepped, chosen.</summary>
/// <param name="TimeStep">The step in ms.</param>
/// <param name="Integrator">The method.</param>
/// <param name="Precision">The numbers.</param>
internal sealed record SteppingChoice(double TimeStep, Integrator Integrator, Precision Precision);

/// <summary>Simulates a model, as fitted by an earlier stage or as given, under a recording's stimuli or a current step.</summary>
/// <param name="name">The stage's name.</param>
/// <param name="config">Its configuration.</param>
/// <param name="neuron">The model where it is given.</param>
/// <param name="recording">The recording where it is given.</param>
internal sealed class SimulateStage(string name, SimulateConfig config, ComposedNeuron? neuron, ComposedRecording? recording) : IStage
{
    public string Name => name;

    public StageOutcome Run(StageContext context, CancellationToken cancel)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var fitted = config.From.Select(f => context.Earlier[f]).OfType<FitOutcome>().FirstOrDefault();
        var model = neuron ?? fitted!.Fit.Neuron;
        var values = neuron is null ? fitted!.Values : neuron.StartingValues;
        var sweeps = Stimuli(fitted);
        var stepping = Stepping(sweeps[0].TimeStep, neuron is null ? fitted!.Fit.Plan : null);
        var step = StepFunction.Build(
            model.Model, new(stepping.TimeStep, stepping.Integrator, values, InitialFromData: sweeps[0].Initial is null ? [] : ["V"], SharedInputs: true));
        var simulator = new Simulator(
            step, stepping.TimeStep, stepping.Precision, CompileOptions.Default, IsSpiking(model) ? ["V", "spike"] : ["V"]);
        var done = 0;
        var simulated = new SimulatedSweep[sweeps.Count];
        Workers.ForEach(sweeps.Count, context.Threads, i =>
        {
            simulated[i] = Run(simulator, step, model, sweeps[i], stepping.Precision, context.Random, cancel);
            context.Progress.Report(Interlocked.Increment(ref done) / (double)sweeps.Count, $"sweep {sweeps[i].Number}");
        }, cancel);
        return new SimulateOutcome(model, values, stepping, simulated)
        {
            Summary = new()
            {
                ["type"] = "simulate",
                ["neuron"] = model.Type,
                ["sweeps"] = new JsonArray([.. simulated.Select(static s => new JsonObject { ["sweep"] = s.Number, ["steps"] = s.Current.Length, ["spikes"] = s.Spikes.Length })]),
                ["timeStep"] = $"{stepping.TimeStep:R} ms",
                ["seconds"] = watch.Elapsed.TotalSeconds,
            },
        };
    }

    /// <summary>As the stage says; where it does not say, as the fit did.</summary>
    private SteppingChoice Stepping(double timeStep, FitPlan? fit) => new(
        timeStep,
        fit is not null && !config.Stepping.NamesIntegrator ? fit.Integrator : Integrator.All.First(i => i.Name == config.Stepping.Integrator),
        fit is not null && !config.Stepping.NamesPrecision ? fit.Precision : config.Stepping.IsDouble ? Precision.Double : Precision.Single);

    /// <summary>Runs one sweep.</summary>
    private SimulatedSweep Run(
        Simulator simulator, StepFunction step, ComposedNeuron model, SimulatedSweep sweep, Precision precision, IRandomStream random, CancellationToken cancel)
    {
        var current = new Dictionary<string, double[]> { [FitPlan.StimulusPort(model.Model)] = sweep.Current };
        using var trace = new Trace(
            sweep.Current.Length,
            NoiseSignals.Beside(current, step.Step, sweep.Current.Length, random.Split($"noise.{sweep.Number}")),
            new Dictionary<string, double> { ["data.initial.V"] = sweep.Initial ?? 0 },
            precision);
        var recorded = simulator.Run(trace, new Dictionary<string, double[]>(), 1, cancel);
        var potential = recorded["V"][0];
        var broken = Array.FindIndex(potential, static v => !double.IsFinite(v));
        return broken >= 0
            ? throw new DiagnosticException(
                "BM5102", $"V of {model.Type} is not finite at step {broken} of sweep {sweep.Number}, in stage {name}", expected: "a finite potential",
                cure: "use a smaller 'timeStep' or the integrator exponential-euler")
            : sweep with
            {
                Potential = potential,
                Spikes = IsSpiking(model) ? [.. Enumerable.Range(0, potential.Length).Where(t => recorded["spike"][0][t] > 0.5)] : [],
            };
    }

    private static bool IsSpiking(ComposedNeuron model) => model.Model.Spikes.Any(static s => s.Name == "spike");

    private List<SimulatedSweep> Stimuli(FitOutcome? fitted)
    {
        if (config.Stimulus is { } step)
        {
            return [Step(step)];
        }

        var steps = config.Duration?.InEngineUnits;
        return [.. (recording ?? fitted!.Fit.Recording).All.Select(s =>
        {
            var count = steps is { } duration ? Math.Min(s.Steps, (int)Math.Round(duration / s.TimeStep)) : s.Steps;
            return new SimulatedSweep(s.Number, s.TimeStep, s.Current[..count], [], [], s.InitialPotential);
        })];
    }

    private SimulatedSweep Step((Symbolics.Quantity Amplitude, Symbolics.Quantity Start, Symbolics.Quantity? Duration) step)
    {
        var timeStep = config.Stepping.TimeStep?.InEngineUnits ?? 0.05;
        var duration = config.Duration!.Value.InEngineUnits;
        var end = step.Duration is { } lasting ? step.Start.InEngineUnits + lasting.InEngineUnits : duration;
        double[] current = [.. Enumerable.Range(0, (int)Math.Round(duration / timeStep))
            .Select(t => t * timeStep >= step.Start.InEngineUnits - (1e-9 * timeStep) && t * timeStep < end - (1e-9 * timeStep) ? step.Amplitude.InEngineUnits : 0)];
        return new(1, timeStep, current, [], [], null);
    }
}
