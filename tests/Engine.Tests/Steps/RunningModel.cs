using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tests.Ir;
using BrainModular.Engine.Tracing;
using BrainModular.Models;

namespace BrainModular.Engine.Tests.Steps;

/// <summary>How tests of the engine trace and run it.</summary>
internal sealed partial class WrittenModel
{
    public static ModelDefinition Trace(Action<INeuronScope> define, params InsertedChannel[] channels) =>
        ModelTracer.Trace("written", new WrittenModel(define), new LogisticSurrogate(), channels);

    public static Integrator Integrator(string name) => Engine.Steps.Integrator.All.First(i => i.Name == name);

    /// <summary>[recorded name][lane][step], in float64.</summary>
    public static IReadOnlyDictionary<string, double[][]> Simulate(
        ModelDefinition model, string integrator, double timeStep, int steps, string[] record, IReadOnlyDictionary<string, double[]>? signals = null,
        int lanes = 1, ulong seed = 1, bool smooth = false)
    {
        var step = StepFunction.Build(model, new(timeStep, Integrator(integrator), Smooth: smooth, SharedInputs: true));
        var all = NoiseSignals.Beside(signals ?? new Dictionary<string, double[]>(), step.Step, steps, new Engine.Kernels.Random.PhiloxStream(seed));
        using var trace = new Trace(steps, all, new Dictionary<string, double>(), Precision.Double);
        return new Simulator(step, timeStep, Precision.Double, new() { Contract = false }, record).Run(trace, new Dictionary<string, double[]>(), lanes);
    }
}
