using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Learning;
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
internal sealed unsafe class HodgkinHuxleyBatch : IDisposable
{
    private static readonly (string Name, double Target, double Start)[] Parameters = [("gNa", 120, 110), ("gK", 36, 38), ("gL", 0.3, 0.33), ("C", 1, 1.05)];

    private readonly int count;
    private readonly int steps;
    private readonly Precision precision;
    private readonly IReadOnlyList<string> states;
    private readonly Kernel prologue;
    private readonly Kernel forward;
    private readonly Kernel backward;
    private readonly Kernel prologueBackward;
    private readonly Dictionary<string, int> named = [];
    private readonly RowBuffer rows;
    private readonly RowBuffer trajectory;
    private readonly RowBuffer target;

    public HodgkinHuxleyBatch(int count, int steps, Precision precision)
    {
        (this.count, this.steps, this.precision) = (count, steps, precision);
        var catalog = DefaultCatalog.Of(new NeuronsPlugin());
        var model = ModelTracer.Trace("hodgkin-huxley-1952", catalog.Create<INeuronModel>("hodgkin-huxley-1952"), catalog.Create<ISurrogate>("sigmoid"));
        var functions = TrainingFunctions.Derive(WithLoss(StepFunction.Build(model, new StepOptions(
            0.025,
            Integrator.All.First(static i => i.Name == "exponential-euler-staggered"),
            Bindings: Parameters.ToDictionary(static p => p.Name, static _ => ParameterBinding.PerElement)))));
        states = functions.States;
        var compiled = System.Diagnostics.Stopwatch.StartNew();
        prologue = KernelCompiler.Compile(functions.Prologue, precision);
        forward = KernelCompiler.Compile(functions.Forward, precision);
        backward = KernelCompiler.Compile(functions.Backward, precision);
        prologueBackward = KernelCompiler.Compile(functions.PrologueBackward, precision);
        CompileMilliseconds = compiled.Elapsed.TotalMilliseconds;
        foreach (var kernel in new[] { prologue, forward, backward, prologueBackward })
        {
            foreach (var name in kernel.Function.Inputs.Select(static i => i.Name).Concat(kernel.Function.Outputs.Select(static o => o.Name)))
            {
                named.TryAdd(name, named.Count);
            }
        }

        rows = new(named.Count, count, precision);
        trajectory = new((steps + 1L) * states.Count, count, precision);
        target = new(steps, count, precision);
        for (var i = 0; i < count; i++)
        {
            rows[named["I"], i] = 8 + (4 * (i % 64) / 64.0);
        }

        MakeTarget();
        SetParameters(static p => p.Start);
    }

    public double CompileMilliseconds { get; }

    public IrFunction Forward => forward.Function;

    public IrFunction Backward => backward.Function;

    /// <summary>Mean squared distance from the target; where asked, the gradient is left in the rows.</summary>
    public double Run(bool gradient)
    {
        Clear("loss.sum");
        RunForward(stored: gradient);
        if (gradient)
        {
            RunBackward();
        }

        var sum = 0.0;
        for (var i = 0; i < count; i++)
        {
            sum += rows[named["loss.sum"], i];
        }

        return sum / steps / count;
    }

    /// <summary>The derivative of the mean by the first axon's gNa.</summary>
    public double FirstGradient => rows[named["gradient.gNa"], 0];

    public void Dispose()
    {
        rows.Dispose();
        trajectory.Dispose();
        target.Dispose();
    }

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

    private void MakeTarget()
    {
        SetParameters(static p => p.Target);
        RunForward(stored: true);
        for (var t = 0; t < steps; t++)
        {
            Buffer.MemoryCopy(trajectory.Row(((t + 1L) * states.Count) + Voltage), target.Row(t), target.RowBytes, target.RowBytes);
        }
    }

    private int Voltage => states.ToList().IndexOf("V");

    private void SetParameters(Func<(string Name, double Target, double Start), double> value)
    {
        foreach (var parameter in Parameters)
        {
            rows.Fill(named[parameter.Name], value(parameter));
        }
    }

    private void RunForward(bool stored)
    {
        Once(prologue);
        for (var s = 0; s < states.Count; s++)
        {
            Buffer.MemoryCopy(rows.Row(named[$"initial.{states[s]}"]), trajectory.Row(s), rows.RowBytes, rows.RowBytes);
        }

        using var table = TableOf(forward);
        using var moving = new SteppedRows(table, MovingRows(forward, stored, 0));
        for (var t = 0; t < steps; t++)
        {
            forward.Run(table.Pointers, count);
            moving.Move(1);
        }
    }

    private void RunBackward()
    {
        foreach (var name in named.Keys.Where(static n => n.StartsWith("adjoint.", StringComparison.Ordinal) || n.StartsWith("gradient.", StringComparison.Ordinal)))
        {
            Clear(name);
        }

        rows.Fill(named["seed.loss"], 1.0 / steps / count);
        using var table = TableOf(backward);
        using var moving = new SteppedRows(table, MovingRows(backward, stored: true, steps - 1));
        for (var t = steps - 1; t >= 0; t--)
        {
            backward.Run(table.Pointers, count);
            moving.Move(-1);
        }

        foreach (var name in prologueBackward.Function.Inputs.Select(static i => i.Name).Where(n => named.ContainsKey(n.Replace("adjoint.", "gradient.", StringComparison.Ordinal))))
        {
            Buffer.MemoryCopy(rows.Row(named[name.Replace("adjoint.", "gradient.", StringComparison.Ordinal)]), rows.Row(named[name]), rows.RowBytes, rows.RowBytes);
        }

        Once(prologueBackward);
    }

    private void Once(Kernel kernel)
    {
        using var table = TableOf(kernel);
        kernel.Run(table.Pointers, count);
    }

    private RowTable TableOf(Kernel kernel)
    {
        var table = new RowTable(kernel.Function.Inputs.Count + kernel.Function.Outputs.Count);
        var index = 0;
        foreach (var name in kernel.Function.Inputs.Select(static i => i.Name).Concat(kernel.Function.Outputs.Select(static o => o.Name)))
        {
            table.Set(index++, rows.Row(named[name]));
        }

        return table;
    }

    /// <summary>Which rows of a kernel change from step to step: the target's, and those of states before and after the step, which are the same where states are not kept.</summary>
    private IEnumerable<(int Index, nint Row, nint Stride)> MovingRows(Kernel kernel, bool stored, int step)
    {
        string[] names = [.. kernel.Function.Inputs.Select(static i => i.Name), .. kernel.Function.Outputs.Select(static o => o.Name)];
        var stride = stored ? (nint)trajectory.RowBytes * states.Count : 0;
        for (var i = 0; i < names.Length; i++)
        {
            var (state, isAfter) = (states.ToList().IndexOf(names[i].Split('.')[0]), names[i].EndsWith(".next", StringComparison.Ordinal) || names[i].EndsWith(".saved", StringComparison.Ordinal));
            if (state >= 0 && (isAfter || names[i] == states[state]))
            {
                yield return (i, Row(trajectory, state) + (stride * (step + (isAfter ? 1 : 0))), stride);
            }
            else if (names[i] == "target")
            {
                yield return (i, Row(target, step), (nint)target.RowBytes);
            }
        }
    }

    private static nint Row(RowBuffer buffer, int row) => (nint)buffer.Row(row);

    private void Clear(string name)
    {
        if (named.TryGetValue(name, out var row))
        {
            rows.Fill(row, 0);
        }
    }
}
