using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tests.Kernels;
using BrainModular.Engine.Tests.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Ir;

public sealed class InvariantsTests
{
    private const double TimeStep = 0.1;

    private static readonly ModelDefinition Adapting = WrittenModel.Trace(static scope =>
    {
        var tau = scope.Parameter("tau", 20 * ms, (1 * ms, 100 * ms), "membrane time constant");
        var tauW = scope.Parameter("tauW", 150 * ms, (1 * ms, 1000 * ms), "adaptation time constant");
        var a = scope.Parameter("a", 0.5, (-1, 2), "adaptation");
        var rest = scope.Parameter("rest", -65 * mV, (-80 * mV, -40 * mV), "rest");
        var i = scope.Input("I", mV, "drive");
        var v = scope.State("V", rest, mV, "potential");
        var w = scope.State("w", 0 * mV, mV, "adaptation");
        v.Rate = (rest - v - w + (Where(a > 1, 2 * tau / tauW, a) * i)) / tau;
        w.Rate = ((a * (v - rest)) - w) / tauW;
        var spike = scope.Spike("spike", (v.Stepped - rest - 15 * mV) / (1 * mV));
        v.Next = OnSpike(spike, rest + 2 * mV, v.Stepped);
    });

    public static TheoryData<string> Integrators => new(Integrator.All.Select(static i => i.Name));

    [Theory]
    [MemberData(nameof(Integrators))]
    public void No_operation_of_the_step_depends_on_parameters_alone(string integrator)
    {
        var step = Build(integrator).Step;
        var invariant = new HashSet<IrNode>();
        foreach (var node in step.Nodes)
        {
            if (node.Op == IrOp.Input ? node.Input!.Kind is IrInputKind.Parameter or IrInputKind.Invariant : node.Operands.All(invariant.Contains))
            {
                invariant.Add(node);
                Assert.True(node.Operands.Count == 0 || node.IsMask, $"{node.Op} of {string.Join(", ", node.Operands.Select(static o => o.Input?.Name ?? o.Op.ToString()))} is left in the step");
            }
        }

        Assert.Contains(step.Inputs, static i => i.Kind == IrInputKind.Invariant);
    }

    [Fact]
    public void Decay_over_a_step_is_computed_once()
    {
        var built = Build("exponential-euler");
        Assert.DoesNotContain(built.Step.Nodes, static n => n.Op is IrOp.Exp or IrOp.Divide);
        Assert.Equal(2, built.Prologue.Nodes.Count(static n => n.Op == IrOp.Exp));
        double[] tau = [5, 20, 80], tauW = [100, 150, 300];
        var rows = built.Prologue.Inputs.Select(i => i.Name switch { "tau" => tau, "tauW" => tauW, "a" => [0.5, 0.5, 1.5], _ => new double[] { -65, -60, -70 } }).ToArray();
        var outputs = KernelRunner.Run(KernelCompiler.Compile(built.Prologue, Precision.Double, new()), rows);
        for (var lane = 0; lane < 3; lane++)
        {
            foreach (var expected in new[] { Math.Exp(-TimeStep / tau[lane]), Math.Exp(-TimeStep / tauW[lane]) })
            {
                Assert.Contains(outputs, row => Math.Abs(row[lane] - expected) < 1e-15);
            }
        }
    }

    [Fact]
    public void Row_of_shared_parameters_alone_is_uniform()
    {
        var bindings = new Dictionary<string, ParameterBinding> { ["tau"] = ParameterBinding.Shared, ["tauW"] = ParameterBinding.PerElement };
        var built = StepFunction.Build(Adapting, new(TimeStep, WrittenModel.Integrator("exponential-euler"), Bindings: bindings));
        foreach (var row in built.Step.Inputs.Where(static i => i.Kind == IrInputKind.Invariant))
        {
            var from = IrFunction.Reachable([built.Prologue.Output(row.Name)]).Where(static n => n.Op == IrOp.Input).Select(static n => n.Input!.Name).ToList();
            Assert.Equal(!from.Contains("tauW"), row.Uniform);
        }

        Assert.Equal([false, true], built.Step.Inputs.Where(static i => i.Kind == IrInputKind.Invariant).Select(static i => i.Uniform).Distinct().Order());
    }

    [Fact]
    public void Constants_leave_nothing_to_compute_beforehand()
    {
        var built = StepFunction.Build(Adapting, new(TimeStep, WrittenModel.Integrator("exponential-euler")));
        Assert.Empty(built.Prologue.Inputs);
        Assert.All(built.Prologue.Outputs, static o => Assert.True(o.Node.IsConstant));
        Assert.DoesNotContain(built.Step.Inputs, static i => i.Kind is IrInputKind.Parameter or IrInputKind.Invariant);
    }

    private static StepFunction Build(string integrator) => StepFunction.Build(Adapting, new(
        TimeStep, WrittenModel.Integrator(integrator), Bindings: Adapting.Parameters.ToDictionary(static p => p.Name, static _ => ParameterBinding.PerElement)));
}
