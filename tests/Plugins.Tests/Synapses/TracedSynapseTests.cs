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
using static BrainModular.Plugins.Tests.Synapses.DefinedSynapse;

namespace BrainModular.Plugins.Tests.Synapses;

/// <summary>Every synapse beside a neuron in the engine, against the second opinion.</summary>
public sealed class TracedSynapseTests
{
    private const int Steps = 1500;
    private const double Dt = 0.1;

    public static TheoryData<string> Receptors => [.. Names.Where(static n => n is not ("gap-junction" or "delta"))];

    [Theory]
    [MemberData(nameof(Receptors))]
    public void Engine_takes_the_same_steps(string name)
    {
        var model = Trace(name);
        var record = model.States.Where(static s => s.Name.StartsWith("syn.", StringComparison.Ordinal) && !s.Name.StartsWith("syn.release", StringComparison.Ordinal)).Select(static s => s.Name).ToArray();
        double[] events = [.. Enumerable.Range(0, Steps).Select(static k => k is 20 or 300 or 330 ? 0.01 : 0)];
        var recorded = Run(model, [.. record, "V"], ("syn.in", events));

        var alone = new SmallSimulation(Define(name).ReceptorPart, Dt);
        var port = Define(name).ReceptorPart.Ports["in"];
        for (var k = 0; k < Steps; k++)
        {
            foreach (var state in record)
            {
                var expected = alone[state["syn.".Length..]];
                Assert.Equal(expected, recorded[state][k] / port.Weight.ToEngine, 1e-10 * Math.Max(1, Math.Abs(expected)));
            }

            alone.Step(("in", events[k] / port.Weight.ToEngine), ("V", recorded["V"][k]));
        }

        Assert.NotEmpty(record);
        Assert.Contains(recorded["V"], v => name.StartsWith("gaba", StringComparison.Ordinal) ? v < -65.2 : v > -64.8);
    }

    [Fact]
    public void Gap_junction_pulls_the_potential_to_its_partner()
    {
        // A partner at -60 mV with 10 nS beside a leak of 10 nS at -65 mV: halfway.
        double[] weight = [.. Enumerable.Repeat(0.01, Steps)], sum = [.. Enumerable.Repeat(0.01 * -60, Steps)];
        var recorded = Run(Trace("gap-junction"), ["V"], ("syn.in", sum), ("syn.in.weight", weight));
        Assert.Equal(-62.5, recorded["V"][^1], 1e-5);
    }

    [Fact]
    public void Spikes_of_the_neuron_use_up_its_resources()
    {
        var recorded = Run(
            Trace("tsodyks-markram"), ["spike", "syn.release.u", "syn.release.x"], ("syn.in", new double[Steps]), ("I", [.. Enumerable.Repeat(0.5, Steps)]));
        var spikes = Enumerable.Range(0, Steps - 1).Where(k => recorded["spike"][k] == 1).ToList();
        Assert.InRange(spikes.Count, 5, 100);
        var (u, x, last) = (0.0, 1.0, 0);
        foreach (var spike in spikes)
        {
            // A state's sample is that at the start of its step, so the next one shows what the spike has left.
            var silence = (spike + 1 - last) * Dt;
            u = 0.5 + (0.5 * u * Math.Exp(-silence / 1));
            x = (1 - ((1 - x) * Math.Exp(-silence / 800))) * (1 - u);
            last = spike + 1;
            Assert.Equal(u, recorded["syn.release.u"][last], 1e-12);
            Assert.Equal(x, recorded["syn.release.x"][last], 1e-12);
        }
    }

    [Theory]
    [MemberData(nameof(Receptors))]
    public void The_adjoint_of_every_parameter_is_the_derivative(string name)
    {
        var model = Trace(name);
        string[] names = [.. model.Parameters.Select(static p => p.Name).Where(static n => n.StartsWith("syn.", StringComparison.Ordinal) && !n.StartsWith("syn.release", StringComparison.Ordinal))];
        var loss = ModelTracer.Trace("loss", RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>("voltage-mean-squared-error"), model, RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>("relu"));
        var options = new StepOptions(
            Dt, Integrator.All.First(static i => i.Name == "exponential-euler"), Smooth: true, Bindings: names.ToDictionary(static n => n, static _ => ParameterBinding.PerElement));
        var program = new TrainingProgram(TrainingFunctions.Derive(StepFunction.Build(model, loss, null, options)), Dt, Precision.Double, CompileOptions.Default);
        using var trace = new Trace(
            300,
            new Dictionary<string, double[]>
            {
                ["I"] = [.. Enumerable.Repeat(0.05, 300)],
                ["syn.in"] = [.. Enumerable.Range(0, 300).Select(static k => k is 20 or 90 or 95 ? 0.01 : 0)],
                ["data.V"] = [.. Enumerable.Repeat(-60.0, 300)],
                ["data.spike"] = new double[300],
                ["weight"] = [.. Enumerable.Repeat(1 / 300.0, 300)],
            },
            new Dictionary<string, double>(),
            Precision.Double);
        double[] start = [.. program.Functions.Parameters.Select(n => model.FindParameter(n)!.Default.InEngineUnits)];
        Assert.Equal(names.Order(), program.Functions.Parameters.Order());

        (double Loss, double[] Gradient) Run(double[] at)
        {
            using var run = new BackpropagationThroughTime(program, trace, lanes: 1, long.MaxValue);
            double[][] gradient = [.. at.Select(static _ => new double[1])];
            var total = new double[1];
            run.Run([.. at.Select(static p => new[] { p })], total, gradient);
            return (total[0], [.. gradient.Select(static g => g[0])]);
        }

        double Difference(int p, double h) =>
            (Run([.. start.Select((v, i) => i == p ? v + h : v)]).Loss - Run([.. start.Select((v, i) => i == p ? v - h : v)]).Loss) / (2 * h);

        var adjoint = Run(start).Gradient;
        for (var p = 0; p < start.Length; p++)
        {
            var h = 1e-4 * Math.Max(Math.Abs(start[p]), 1);
            var numeric = ((4 * Difference(p, h)) - Difference(p, 2 * h)) / 3;
            Assert.True(Math.Abs(adjoint[p]) > 1e-9, $"{program.Functions.Parameters[p]} moves nothing");
            Assert.True(Math.Abs(adjoint[p] - numeric) <= 1e-6 * Math.Max(Math.Abs(numeric), 1e-3), $"{program.Functions.Parameters[p]}: {adjoint[p]} against {numeric}");
        }
    }

    private static ModelDefinition Trace(string name)
    {
        var neurons = RecordingCatalog.Of(new NeuronsPlugin());
        NamedSynapse[] synapse = [new("syn", Create(name))];
        return ModelTracer.Trace(
            "cell", neurons.Create<INeuronModel>("leaky-integrate-and-fire"), neurons.Create<ISurrogate>("relu"), null, synapse,
            name == "tsodyks-markram" ? synapse : null);
    }

    private static Dictionary<string, double[]> Run(ModelDefinition model, string[] record, params (string Port, double[] Values)[] signals)
    {
        var step = StepFunction.Build(model, new(Dt, Integrator.All.First(static i => i.Name == "exponential-euler"), SharedInputs: true));
        var all = signals.ToDictionary(static s => s.Port, static s => s.Values);
        all.TryAdd("I", new double[Steps]);
        using var trace = new Trace(Steps, all, new Dictionary<string, double>(), Precision.Double);
        return new Simulator(step, Dt, Precision.Double, CompileOptions.Default, record)
            .Run(trace, new Dictionary<string, double[]>(), lanes: 1).ToDictionary(static r => r.Key, static r => r.Value[0]);
    }
}
