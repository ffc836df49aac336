using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Symbolics;

namespace BrainModular.Bench.Kernels;

/// <summary>
/// The case of the C++ reference: N squid axons with 8 to 12 uA/cm^2, steps of 0.025 ms, the loss mean (V - target)^2 after each step, its gradient by
/// gNa, gK, gL and C of each axon. All of it is derived from the plugin's definition.
/// </summary>
internal sealed class HodgkinHuxleyBatch : IDisposable
{
    private static readonly (string Name, double Target, double Start)[] Parameters = [("gNa", 120, 110), ("gK", 36, 38), ("gL", 0.3, 0.33), ("C", 1, 1.05)];

    private const double TimeStep = 0.025;

    private readonly int count;
    private readonly int steps;
    private readonly TrainingProgram program;
    private readonly Trace trace;
    private readonly BackpropagationThroughTime stored;
    private readonly BackpropagationThroughTime forward;
    private readonly double[] loss;
    private readonly double[][] gradients;
    private readonly double[][] parameters;

    public HodgkinHuxleyBatch(int count, int steps, Precision precision)
    {
        (this.count, this.steps) = (count, steps);
        var catalog = DefaultCatalog.Of(new NeuronsPlugin());
        var model = ModelTracer.Trace("hodgkin-huxley-1952", catalog.Create<INeuronModel>("hodgkin-huxley-1952"), catalog.Create<ISurrogate>("sigmoid"));
        var step = StepFunction.Build(model, new StepOptions(
            TimeStep, Integrator.All.First(static i => i.Name == "exponential-euler-staggered"), Bindings: Parameters.ToDictionary(static p => p.Name, static _ => ParameterBinding.PerElement)));
        var functions = TrainingFunctions.Derive(WithLoss(step));
        var compiled = System.Diagnostics.Stopwatch.StartNew();
        program = new(functions, TimeStep, precision, CompileOptions.Default);
        CompileMilliseconds = compiled.Elapsed.TotalMilliseconds;
        double[][] current = [.. Enumerable.Range(0, count).Select(i => Enumerable.Repeat(8 + (4 * (i % 64) / 64.0), steps).ToArray())];
        (loss, gradients) = (new double[count], [.. functions.Parameters.Select(_ => new double[count])]);
        parameters = Values(functions.Parameters, static p => p.Start);
        trace = new(
            steps, new Dictionary<string, double[]>(), new Dictionary<string, double>(), precision, new Dictionary<string, double[][]> { ["I"] = current, ["target"] = Target(step, current, precision) });
        stored = new(program, trace, count, long.MaxValue);
        forward = new(program, trace, count, 0);
    }

    public double CompileMilliseconds { get; }

    /// <summary>Mean squared distance from the target, and where asked its gradient.</summary>
    public double Run(bool gradient)
    {
        (gradient ? stored : forward).Run(parameters, loss, gradient ? gradients : null);
        return loss.Sum() / steps / count;
    }

    /// <summary>The derivative of the mean by the first axon's gNa.</summary>
    public double FirstGradient => gradients[program.Functions.Parameters.ToList().IndexOf("gNa")][0] / steps / count;

    public void Dispose()
    {
        stored.Dispose();
        forward.Dispose();
        trace.Dispose();
    }

    /// <summary>The potential after each step, with the parameters that are sought.</summary>
    private double[][] Target(StepFunction step, double[][] current, Precision precision)
    {
        var longer = current.Select(static c => (double[])[.. c, c[^1]]).ToArray();
        using var again = new Trace(steps + 1, new Dictionary<string, double[]>(), new Dictionary<string, double>(), precision, new Dictionary<string, double[][]> { ["I"] = longer });
        var values = Parameters.ToDictionary(static p => p.Name, p => Enumerable.Repeat(p.Target, count).ToArray());
        return [.. new Simulator(step, TimeStep, precision, CompileOptions.Default, ["V"]).Run(again, values, count)["V"].Select(static v => v[1..])];
    }

    private double[][] Values(IReadOnlyList<string> names, Func<(string Name, double Target, double Start), double> value) =>
        [.. names.Select(name => Enumerable.Repeat(value(Parameters.First(p => p.Name == name)), count).ToArray())];

    private static StepFunction WithLoss(StepFunction source)
    {
        var graph = new IrGraph();
        var copies = new Dictionary<IrNode, IrNode>();
        foreach (var node in source.Step.Nodes)
        {
            copies[node] = graph.Like(node, [.. node.Operands.Select(o => copies[o])]);
        }

        var target = new IrInput("target", IrInputKind.Signal, source.Step.Inputs.First(static i => i.Name == "V").Dimension);
        var distance = graph.Subtract(copies[source.Step.Output("V.next")], graph.Input(target));
        IrOutput[] outputs = [.. source.States.Select(s => new IrOutput($"{s}.next", copies[source.Step.Output($"{s}.next")])), new("loss", graph.Multiply(distance, distance))];
        return source with { Step = source.Step with { Inputs = [.. source.Step.Inputs, target], Outputs = outputs } };
    }
}
