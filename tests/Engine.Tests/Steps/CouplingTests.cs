using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Steps;

/// <summary>A membrane, 20 ms and 100 MOhm, whose input is pulled towards data by coupling (data.V - V).</summary>
public sealed class CouplingTests
{
    private const double TimeStep = 0.1;
    private const int Steps = 400;
    private static readonly double[] Data = [.. Enumerable.Range(0, Steps).Select(static k => -63 + (5 * Math.Sin(k / 20.0)))];
    private static readonly double[] Current = [.. Enumerable.Range(0, Steps).Select(static k => 0.02 * Math.Cos(k / 50.0))];

    public static TheoryData<string> Integrators => new(Integrator.All.Select(static i => i.Name));

    [Theory]
    [MemberData(nameof(Integrators))]
    public void Coupled_model_is_the_model_with_the_coupling_written_out(string integrator)
    {
        const double strength = 0.05;
        var written = WrittenModel.Trace(static scope => Membrane(scope, scope.Input("data.V", mV, "data"), strength * uS));
        var expected = WrittenModel.Simulate(
            written, integrator, TimeStep, Steps, ["V"], new Dictionary<string, double[]> { ["I"] = Current, ["data.V"] = Data })["V"][0];
        var coupled = Coupled(integrator, strength);
        Assert.All(expected.Zip(coupled), static pair => Assert.Equal(pair.First, pair.Second, 1e-9));
        Assert.True(expected.Zip(Coupled(integrator, 0)).Max(static pair => Math.Abs(pair.First - pair.Second)) > 1);
    }

    [Fact]
    public void Stronger_coupling_holds_the_potential_nearer_to_the_data()
    {
        // The data of a step pull in that step, so the potential is there at its end.
        double[] errors = [.. new[] { 0, 0.01, 0.1, 1, 10 }.Select(strength =>
        {
            var v = Coupled("exponential-euler", strength);
            return Enumerable.Range(50, Steps - 51).Max(k => Math.Abs(v[k + 1] - Data[k]));
        })];
        Assert.Equal(errors.OrderDescending(), errors);
        Assert.True(errors[0] > 5, "the uncoupled membrane is where the data are, which shows nothing");
        Assert.InRange(errors[^1], 0, 0.02);
    }

    [Fact]
    public void Model_without_a_potential_or_without_the_port_is_refused()
    {
        var options = new StepOptions(TimeStep, WrittenModel.Integrator("euler"));
        var noPotential = WrittenModel.Trace(static scope =>
        {
            scope.Input("I", nA, "current");
            scope.State("U", 0, one, "no potential");
        });
        var noPort = WrittenModel.Trace(static scope => scope.State("V", -65 * mV, mV, "potential"));
        foreach (var model in new[] { noPotential, noPort })
        {
            Assert.Equal("BM2310", Assert.Throws<DiagnosticException>(() => StepFunction.Build(model, null, "I", options)).Diagnostics[0].Id);
        }
    }

    private static double[] Coupled(string integrator, double strength)
    {
        var step = StepFunction.Build(
            WrittenModel.Trace(static scope => Membrane(scope, 0, 0)), null, "I", new(TimeStep, WrittenModel.Integrator(integrator), SharedInputs: true));
        var signals = new Dictionary<string, double[]> { ["I"] = Current, ["data.V"] = Data };
        using var trace = new Trace(Steps, signals, new Dictionary<string, double> { ["coupling"] = strength }, Precision.Double);
        return new Simulator(step, TimeStep, Precision.Double, new() { Contract = false }, ["V"]).Run(trace, new Dictionary<string, double[]>(), 1)["V"][0];
    }

    private static void Membrane(Models.INeuronScope scope, Expr data, Expr strength)
    {
        var input = scope.Input("I", nA, "current");
        var v = scope.State("V", -65 * mV, mV, "potential");
        var pull = strength.Operation == Operation.Constant && strength.Value == 0 ? 0 : strength * (data - v);
        v.Rate = (-65 * mV - v + (100 * MOhm * (input + pull))) / (20 * ms);
    }
}
