using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;
using BrainModular.Plugins.Tests.Neurons;
using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Channels;

/// <summary>Hodgkin-Huxley cells put together from channels are those that stand in one file: their potentials, spikes and gradients.</summary>
public sealed class ComposedCellTests
{
    // 1 uA/cm^2, 1 mS/cm^2 and 1 uF/cm^2 in nA, uS and nF per um^2.
    private const double Density = 1e-5;

    public static TheoryData<string> Integrators => [.. Integrator.All.Select(static i => i.Name)];

    [Theory]
    [MemberData(nameof(Integrators))]
    public void The_squid_axon_of_channels_is_that_of_one_file(string integrator)
    {
        const double area = 1e6;
        static double Current(double t) => 10 * Density * (t is > 5 and < 55 ? 1 : t < 70 ? 0 : 1 + Math.Sin(t));
        var whole = EngineRun.Of(EngineRun.Model("hodgkin-huxley-1952"), integrator, 0.01, 100, Current);
        var gates = new Dictionary<string, double> { ["na.m"] = 0.0529, ["na.h"] = 0.5961, ["k.n"] = 0.3177 };
        var composed = EngineRun.From(
            gates, Squid, integrator, 0.01, 100, t => area * Current(t), ("area", area), ("EK", -77), ("Vinit", -65), ("leak.g", 0.3 * Density), ("leak.E", -54.387));
        Assert.InRange(whole.Spikes.Length, 4, 10);
        Assert.Equal(whole.Spikes, composed.Spikes);
        AssertSame(whole["V"], composed["V"], 1e-9);
        foreach (var (gate, name) in new[] { ("m", "na.m"), ("h", "na.h"), ("n", "k.n") })
        {
            AssertSame(whole[gate], composed[name], 1e-11);
        }

        AssertSame(whole["INa"], composed["na.I"], 1e-12);
    }

    [Theory]
    [MemberData(nameof(Integrators))]
    public void The_cortical_cell_of_channels_is_that_of_one_file(string integrator)
    {
        static double Current(double t) => t is > 5 and < 80 ? 0.6 + (0.3 * Math.Sin(t / 3)) : 0;
        var whole = EngineRun.Of(EngineRun.Model("hodgkin-huxley", ("initialGates", "steady-state")), integrator, 0.02, 120, Current, ("gM", 0.02));
        var composed = EngineRun.Of(Cortical, integrator, 0.02, 120, Current, [.. CorticalValues.Select(static v => (v.Name, v.Value))]);
        Assert.InRange(whole.Spikes.Length, 3, 20);
        Assert.Equal(whole.Spikes, composed.Spikes);
        AssertSame(whole["V"], composed["V"], 1e-9);
        AssertSame(whole["p"], composed["m.p"], 1e-11);
    }

    [Fact]
    public void Gradients_by_the_channels_parameters_are_those_by_the_cell_s()
    {
        var whole = Gradient(EngineRun.Model("hodgkin-huxley", ("initialGates", "steady-state")), [("gM", 0.02)]);
        var composed = Gradient(Cortical, CorticalValues);
        const double area = 20_000;
        (string Whole, double Expected)[] pairs =
        [
            ("gNa", composed["na.gMax"] / area),
            ("gK", composed["kd.gMax"] / area),
            ("gM", composed["m.gMax"] / area),
            ("gL", composed["leak.g"] / area),
            ("EL", composed["leak.E"]),
            ("ENa", composed["ENa"]),
            ("EK", composed["EK"]),
            ("tauM", composed["m.tauMax"]),
            ("Vth", composed["na.Vth"] + composed["kd.Vth"]),
            ("Vinit", composed["Vinit"]),
            ("C", composed["C"] / area),
        ];
        Assert.Equal(whole.Keys.Except(["Vspike"]).Order(), pairs.Select(static p => p.Whole).Order());
        foreach (var (name, expected) in pairs)
        {
            Assert.NotEqual(0, expected);
            Assert.Equal(1, whole[name] / expected, 1e-8);
        }
    }

    private static ModelDefinition Squid =>
        EngineRun.Cell("conductance-based", [("temperature", 6.3 * degC)], "na-hodgkin-huxley", "k-hodgkin-huxley", "leak");

    private static ModelDefinition Cortical => EngineRun.Cell("conductance-based", [], "na-traub-miles", "kd-traub-miles", "m-yamada", "leak");

    /// <summary>Those of the whole cell: 0.2 nF at 1 uF/cm^2 are 20,000 um^2.</summary>
    private static (string Name, double Value)[] CorticalValues { get; } =
    [
        ("area", 20_000), ("Vinit", -65), ("na.gMax", 100 * Density), ("kd.gMax", 30 * Density), ("m.gMax", 0.1 * Density), ("m.tauMax", 600),
        ("leak.g", 0.05 * Density), ("leak.E", -65), ("na.Vth", -63), ("kd.Vth", -63),
    ];

    private static void AssertSame(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var worst = Enumerable.Range(0, expected.Length).MaxBy(k => Math.Abs(expected[k] - actual[k]));
        Assert.Equal(expected[worst], actual[worst], tolerance);
    }

    /// <summary>The gradient of the squared distance from a sine, over 60 ms with spikes, by every parameter on which it depends.</summary>
    private static Dictionary<string, double> Gradient(ModelDefinition model, (string Name, double Value)[] values)
    {
        const int steps = 1200;
        var surrogate = RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>("sigmoid");
        var loss = ModelTracer.Trace("loss", RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>("voltage-mean-squared-error"), model, surrogate);
        var options = new StepOptions(
            0.05, Integrator.All.First(static i => i.Name == "exponential-euler"), SharedInputs: true, Bindings: model.Parameters.ToDictionary(static p => p.Name, static _ => ParameterBinding.PerElement));
        var program = new TrainingProgram(TrainingFunctions.Derive(StepFunction.Build(model, loss, null, options)), 0.05, Precision.Double, CompileOptions.Default);
        using var trace = new Trace(
            steps,
            new Dictionary<string, double[]>
            {
                ["I"] = [.. Enumerable.Range(0, steps).Select(static t => 0.6 + (0.3 * Math.Sin(t / 60.0)))],
                ["data.V"] = [.. Enumerable.Range(0, steps).Select(static t => -60 + (10 * Math.Sin(t / 90.0)))],
                ["weight"] = [.. Enumerable.Repeat(1.0 / steps, steps)],
            },
            new Dictionary<string, double>(),
            Precision.Double);
        using var run = new BackpropagationThroughTime(program, trace, lanes: 1, long.MaxValue);
        var given = values.ToDictionary(static v => v.Name, static v => v.Value);
        var (sum, gradient) = (new double[1], program.Functions.Parameters.ToDictionary(static n => n, static _ => new double[1]));
        run.Run([.. gradient.Keys.Select(n => new[] { given.TryGetValue(n, out var value) ? value : model.FindParameter(n)!.Default.InEngineUnits })], sum, [.. gradient.Values]);
        return gradient.ToDictionary(static g => g.Key, static g => g.Value[0]);
    }
}
