using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Neurons;

/// <summary>A built-in neuron as the engine runs it, in float64.</summary>
internal sealed class EngineRun
{
    private readonly IReadOnlyDictionary<string, double[][]> recorded;
    private readonly double timeStep;

    private EngineRun(IReadOnlyDictionary<string, double[][]> recorded, double timeStep) => (this.recorded, this.timeStep) = (recorded, timeStep);

    /// <summary>The times of spikes in ms, at the start of their steps.</summary>
    public double[] Spikes => [.. Enumerable.Range(0, this["spike"].Length).Where(k => this["spike"][k] > 0.5).Select(k => k * timeStep)];

    /// <summary>A state at the start of each step, in engine units.</summary>
    public double[] this[string name] => recorded[name][0];

    /// <summary>The last part of a state.</summary>
    public double[] Last(string name, double fraction) => this[name][(int)(this[name].Length * (1 - fraction))..];

    /// <summary>Runs a model.</summary>
    /// <param name="model">What it is.</param>
    /// <param name="integrator">The method.</param>
    /// <param name="timeStep">The step in ms.</param>
    /// <param name="duration">How long, in ms.</param>
    /// <param name="current">The input in engine units at a time in ms, held for a step.</param>
    /// <param name="values">Values of parameters in engine units.</param>
    public static EngineRun Of(
        ModelDefinition model, string integrator, double timeStep, double duration, Func<double, double> current, params (string Name, double Value)[] values) =>
        From(new Dictionary<string, double>(), model, integrator, timeStep, duration, current, values);

    /// <summary>Runs a model from given values of some of its states, in engine units.</summary>
    public static EngineRun From(
        IReadOnlyDictionary<string, double> initial, ModelDefinition model, string integrator, double timeStep, double duration, Func<double, double> current,
        params (string Name, double Value)[] values)
    {
        var steps = (int)Math.Round(duration / timeStep);
        var step = StepFunction.Build(model, new(
            timeStep, Integrator.All.First(i => i.Name == integrator), values.ToDictionary(static v => v.Name, static v => v.Value), SharedInputs: true, InitialFromData: [.. initial.Keys]));
        var unknown = values.Where(v => model.FindParameter(v.Name) is null).Select(static v => v.Name);
        Assert.Empty(unknown);
        var simulator = new Simulator(step, timeStep, Precision.Double, CompileOptions.Default, [.. step.States, .. model.Outputs.Select(static o => o.Name), "spike"]);
        var signals = new Dictionary<string, double[]> { ["I"] = [.. Enumerable.Range(0, steps).Select(k => current(k * timeStep))] };
        using var trace = new Trace(
            steps, NoiseSignals.Beside(signals, step.Step, steps, new PhiloxStream(7)),
            initial.ToDictionary(static i => $"data.initial.{i.Key}", static i => i.Value), Precision.Double);
        return new(simulator.Run(trace, new Dictionary<string, double[]>(), 1), timeStep);
    }

    /// <summary>A built-in model with its settings.</summary>
    public static ModelDefinition Model(string name, params (string Key, object Value)[] settings) => Cell(name, settings);

    /// <summary>A built-in model with its settings and ion channels, which have the names that a configuration gives them.</summary>
    public static ModelDefinition Cell(string name, (string Key, object Value)[] settings, params string[] channels)
    {
        var catalog = RecordingCatalog.Of(new NeuronsPlugin());
        return ModelTracer.Trace(
            name, catalog.Create<INeuronModel>(name, settings), catalog.Create<ISurrogate>("sigmoid"),
            [.. channels.Select(c => new InsertedChannel(c.Split('-')[0], catalog.Create<IIonChannel>(c)))]);
    }
}
