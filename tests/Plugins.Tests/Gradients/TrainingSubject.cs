using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>A built-in neuron that fires, with hard spikes, and the gradient of a loss by all of its parameters.</summary>
internal sealed class TrainingSubject : IDisposable
{
    private readonly TrainingProgram program;
    private readonly Trace trace;
    private readonly ModelDefinition model;
    private readonly StepOptions options;
    private readonly NeuronCase subject;

    public TrainingSubject(
        string neuron, Precision precision, int steps, string loss = "voltage-mean-squared-error", KernelBackend backend = KernelBackend.Il, string integrator = "exponential-euler")
    {
        subject = NeuronCase.Of(neuron);
        var surrogate = RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>("sigmoid");
        model = subject.Model(surrogate);
        var measured = ModelTracer.Trace(loss, RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>(loss), model, surrogate);
        options = new(
            subject.TimeStep, Integrator.All.First(i => i.Name == integrator), SharedInputs: true,
            Bindings: model.Parameters.ToDictionary(static p => p.Name, static _ => ParameterBinding.PerElement));
        program = new(TrainingFunctions.Derive(StepFunction.Build(model, measured, null, options)), subject.TimeStep, precision, new() { Backend = backend });
        trace = new(
            steps,
            new Dictionary<string, double[]>
            {
                ["I"] = [.. Enumerable.Range(0, steps).Select(t => subject.Hard * (1 + (0.3 * Math.Sin(t / 150.0))))],
                ["data.V"] = [.. Enumerable.Range(0, steps).Select(static t => -60 + (10 * Math.Sin(t / 90.0)))],
                ["data.spike"] = [.. Enumerable.Range(0, steps).Select(static t => t % 300 == 120 ? 1.0 : 0)],
                ["weight"] = [.. Enumerable.Repeat(1.0 / steps, steps)],
            },
            new Dictionary<string, double>(),
            precision);
    }

    public IReadOnlyList<string> Names => program.Functions.Parameters;

    /// <summary>[parameter][lane]: the defaults, in each lane some thousandths further off.</summary>
    public double[][] Parameters(int lanes) =>
        [.. Names.Select((n, p) => Enumerable.Range(0, lanes).Select(lane => model.FindParameter(n)!.Default.InEngineUnits * (1 + (0.004 * lane * (p % 2 == 0 ? 1 : -1)))).ToArray())];

    /// <summary>The steps in which the neuron fires with its default parameters.</summary>
    public int[] SpikeTimes()
    {
        var simulator = new Simulator(StepFunction.Build(model, options), subject.TimeStep, program.Precision, CompileOptions.Default, ["spike"]);
        var all = model.Parameters.ToDictionary(static p => p.Name, static p => new[] { p.Default.InEngineUnits });
        var spikes = simulator.Run(trace, all, 1)["spike"][0];
        return [.. Enumerable.Range(0, spikes.Length).Where(t => spikes[t] > 0.5)];
    }

    public Result Run(double[][] parameters, long memoryBudget = long.MaxValue)
    {
        var lanes = parameters[0].Length;
        using var run = new BackpropagationThroughTime(program, trace, lanes, memoryBudget);
        var loss = new double[lanes];
        double[][] gradient = [.. parameters.Select(_ => new double[lanes])];
        run.Run(parameters, loss, gradient);
        return new(loss, gradient, run.Segments, run.Bytes);
    }

    /// <summary>The losses alone, whose steps are not stored.</summary>
    public double[] Losses(double[][] parameters)
    {
        using var run = new BackpropagationThroughTime(program, trace, parameters[0].Length, long.MaxValue);
        var loss = new double[parameters[0].Length];
        run.Run(parameters, loss, null);
        return loss;
    }

    public void Dispose() => trace.Dispose();

    /// <param name="Loss">[lane].</param>
    /// <param name="Gradient">[parameter][lane].</param>
    /// <param name="Segments">In how many segments the trace was run.</param>
    /// <param name="Bytes">The memory of rows.</param>
    internal sealed record Result(double[] Loss, double[][] Gradient, int Segments, long Bytes);
}
