using BrainModular.Engine.Ir;
using BrainModular.Export.Onnx;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Export.Tests.Fixtures;

/// <summary>Populations written straight in the IR, for tests that need no engine.</summary>
internal static class Populations
{
    /// <summary>
    /// A leaky integrate-and-fire step in which every number is a small multiple of a power of two: V + dt/tau (R I - V), threshold 1, reset by
    /// subtraction, and a count of steps since the last spike that holds the neuron back.
    /// </summary>
    public static StepModel DyadicLif(int units = 3, double tau = 8, double[]? resistance = null)
    {
        var graph = new IrGraph();
        var (v, age) = (Row("V", IrInputKind.State), Row("refractory.age", IrInputKind.State));
        var (current, leak, r) = (Row("I", IrInputKind.Signal), Row("leak", IrInputKind.Parameter), Row("R", IrInputKind.Parameter));
        var drive = graph.Subtract(graph.Multiply(graph.Input(r), graph.Input(current)), graph.Input(v));
        var stepped = graph.Add(graph.Input(v), graph.Multiply(graph.Input(leak), drive));
        var ready = graph.Make(IrOp.LessOrEqual, graph.Constant(2), graph.Input(age));
        var spike = graph.Select(ready, graph.Heaviside(graph.Subtract(stepped, graph.Constant(1)), new Step()), graph.Constant(0));
        var next = graph.Subtract(stepped, spike);
        var nextAge = graph.Multiply(graph.Subtract(graph.Constant(1), spike), graph.Make(IrOp.Min, graph.Constant(64), graph.Add(graph.Input(age), graph.Constant(1))));
        var function = new IrFunction("lif.step", [v, age, current, leak, r],
            [new("V.next", next), new("refractory.age.next", nextAge), new("spike", spike), new("drive", drive)]);
        return new StepModel("cells", "dyadic-lif", function, units, 0.125)
        {
            Parameters = new Dictionary<string, double[]> { ["leak"] = [1 / tau], ["R"] = resistance ?? [1.5] },
            Initial = new Dictionary<string, double[]> { ["V"] = [0], ["refractory.age"] = [64] },
            Outputs = [new("spike", "1", IsEvent: true), new("drive", "mV", IsEvent: false)],
            Metadata = new Dictionary<string, string> { ["seed"] = "7" },
        };
    }

    /// <summary>A step that reads everything a step can: time, noise, a state that stays, an output from a parameter alone.</summary>
    public static StepModel Everything()
    {
        var graph = new IrGraph();
        var (v, kept) = (Row("V", IrInputKind.State), Row("kept", IrInputKind.State));
        var (current, weight) = (Row("I", IrInputKind.Signal), Row("I.weight", IrInputKind.Signal));
        var time = new IrInput("t", IrInputKind.Time, Dimension.Duration, Uniform: true);
        var noise = Row("normal.membrane", IrInputKind.Noise);
        var gain = new IrInput("channels.Na.gain", IrInputKind.Parameter, Dimension.None, Uniform: true);
        var sum = graph.Add(graph.Add(graph.Input(current), graph.Multiply(graph.Input(weight), graph.Input(noise))), graph.Input(time));
        var next = graph.Add(graph.Multiply(graph.Constant(0.5), graph.Input(v)), sum);
        var function = new IrFunction("everything.step", [v, kept, current, weight, time, noise, gain],
        [
            new("V.next", next), new("kept.next", graph.Input(kept)), new("same", next), new("gain2", graph.Multiply(graph.Input(gain), graph.Input(gain))),
            new("one", graph.Constant(1)), new("clock", graph.Multiply(graph.Constant(2), graph.Input(time))),
        ]);
        return new StepModel("cells", "everything", function, 2, 0.25)
        {
            Parameters = new Dictionary<string, double[]> { ["channels.Na.gain"] = [1.5] },
            Initial = new Dictionary<string, double[]> { ["V"] = [0], ["kept"] = [3] },
            Outputs = [new("same", "mV", false), new("gain2", "1", false), new("one", "1", false), new("clock", "ms", false)],
        };
    }

    /// <summary>One operation on rows a, b and c; masks are made from numbers (not 0 is true) and shown as 1 or 0.</summary>
    public static StepModel OneOperation(IrOp op, int operands)
    {
        var graph = new IrGraph();
        IrInput[] rows = [.. new[] { "a", "b", "c" }.Take(operands).Select(name => Row(name, IrInputKind.State))];
        var nodes = rows.Select((row, index) => TakesMask(op, index) ? graph.Less(graph.Constant(0), graph.Make(IrOp.Abs, graph.Input(row))) : graph.Input(row)).ToArray();
        var node = op == IrOp.Heaviside ? graph.Heaviside(nodes[0], new Step()) : graph.Make(op, nodes);
        var result = node.IsMask ? graph.Select(node, graph.Constant(1), graph.Constant(0)) : node;
        var function = new IrFunction($"{op}", rows, [.. rows.Select(row => new IrOutput($"{row.Name}.next", graph.Input(row))), new("result", result)]);
        return new StepModel("cells", $"{op}", function, 1, 1)
        {
            Parameters = new Dictionary<string, double[]>(),
            Initial = rows.ToDictionary(row => row.Name, _ => new double[] { 0 }),
            Outputs = [new("result", "1", IsEvent: false)],
        };
    }

    public static bool TakesMask(IrOp op, int operand) => op is IrOp.And or IrOp.Or or IrOp.Not || (op == IrOp.Select && operand == 0);

    private static IrInput Row(string name, IrInputKind kind) =>
        new(name, kind, name is "V" or "kept" ? Dimension.Voltage : name == "I" ? Dimension.ElectricCurrent : Dimension.None);

    private sealed class Step : ISurrogate
    {
        public Expr Derivative(Expr x) => 0 * x;

        public Expr Smooth(Expr x) => x;
    }
}
