using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Synapses;

/// <summary>Jumps of the potential, against the closed form of the leaky membrane and the steps of NEST's iaf_psc_delta written out by hand.</summary>
public sealed class DeltaTests
{
    private const int Steps = 2000;
    private const double Dt = 0.1;
    private const double Rest = -65;
    private const double TauM = 20;

    [Theory]
    [InlineData("exponential-euler")]
    [InlineData("exponential-euler-staggered")]
    public void Jumps_below_threshold_add_up_and_decay_by_the_closed_form(string integrator)
    {
        (int Step, double Weight)[] events = [(7, 3), (30, -2.5), (31, 4), (400, 5), (401, 2)];
        var recorded = Run(Trace("leaky-integrate-and-fire"), integrator, events);
        for (var k = 0; k < Steps; k++)
        {
            // A sample is that at the start of its step; an event of a step counts at its end.
            var expected = Rest + events.Where(e => e.Step < k).Sum(e => e.Weight * Math.Exp(-(k - 1 - e.Step) * Dt / TauM));
            Assert.Equal(expected, recorded["V"][k], 1e-11);
        }

        Assert.DoesNotContain(recorded["spike"], static s => s == 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(2)]
    public void Spikes_and_what_is_lost_while_refractory_are_those_of_iaf_psc_delta(double refractory)
    {
        var random = new System.Random(3);
        (int Step, double Weight)[] events = [.. Enumerable.Range(0, Steps).Where(_ => random.NextDouble() < 0.15).Select(k => (k, (random.NextDouble() * 6) - 1.5))];
        var recorded = Run(Trace("leaky-integrate-and-fire", "delta"), "exponential-euler", events, ("tref", refractory));
        var arriving = events.ToDictionary(static e => e.Step, static e => e.Weight);
        var (v, left, lost, spikes) = (0.0, 0, 0, 0);
        for (var k = 0; k < Steps; k++)
        {
            Assert.Equal(Rest + v, recorded["V"][k], 1e-10);
            if (left > 0)
            {
                (left, lost) = (left - 1, lost + (arriving.ContainsKey(k) ? 1 : 0));
            }
            else
            {
                v = (v * Math.Exp(-Dt / TauM)) + arriving.GetValueOrDefault(k);
            }

            var fires = v >= 15;
            Assert.Equal(fires ? 1 : 0, recorded["spike"][k]);
            if (fires)
            {
                (v, left, spikes) = (0, (int)Math.Round(refractory / Dt), spikes + 1);
            }
        }

        Assert.InRange(spikes, 10, 100);
        Assert.True(refractory < 1 ? lost < 10 : lost > 10);
    }

    [Fact]
    public void Several_delta_synapses_and_a_current_act_together()
    {
        // 0.05 nA through 100 MOhm is 5 mV at last.
        var model = Trace("leaky-integrate-and-fire", "delta", "delta", "exponential-current");
        var recorded = Simulate(
            model, "exponential-euler", [], ("syn0.in", At((1000, 2))), ("syn1.in", At((1000, 3))), ("syn2.in", new double[Steps]), ("I", [.. Enumerable.Repeat(0.05, Steps)]));
        double Charged(int k) => 5 * (1 - Math.Exp(-k * Dt / TauM));
        Assert.Equal(Rest + Charged(1000), recorded["V"][1000], 1e-11);
        Assert.Equal(Rest + Charged(1001) + 5, recorded["V"][1001], 1e-11);
    }

    [Fact]
    public void A_release_sends_what_jumps()
    {
        var synapse = DefinedSynapse.Define("tsodyks-markram", ("receptor", "delta"));
        Assert.NotNull(synapse.Sent);
        var port = synapse.ReceptorPart.Ports["in"];
        Assert.Equal(2.5, Evaluator.Value(synapse.Displacement, (port.Sum, 2.5)));
    }

    private static double[] At(params (int Step, double Weight)[] events)
    {
        var arriving = new double[Steps];
        foreach (var (step, weight) in events)
        {
            arriving[step] += weight;
        }

        return arriving;
    }

    private static ModelDefinition Trace(string neuron, params string[] synapses)
    {
        var neurons = RecordingCatalog.Of(new NeuronsPlugin());
        NamedSynapse[] receptors = [.. (synapses is [] ? ["delta"] : synapses).Select(static (s, i) => new NamedSynapse($"syn{i}", DefinedSynapse.Create(s)))];
        return ModelTracer.Trace("cell", neurons.Create<INeuronModel>(neuron), neurons.Create<ISurrogate>("relu"), null, receptors);
    }

    private static Dictionary<string, double[]> Run(ModelDefinition model, string integrator, (int, double)[] events, params (string Name, double Value)[] parameters) =>
        Simulate(model, integrator, parameters, ("syn0.in", At(events)), ("I", new double[Steps]));

    private static Dictionary<string, double[]> Simulate(ModelDefinition model, string integrator, (string Name, double Value)[] parameters, params (string Port, double[] Values)[] signals)
    {
        var step = StepFunction.Build(
            model, new(Dt, Integrator.All.First(i => i.Name == integrator), parameters.ToDictionary(static p => p.Name, static p => p.Value), SharedInputs: true));
        using var trace = new Trace(Steps, signals.ToDictionary(static s => s.Port, static s => s.Values), new Dictionary<string, double>(), Precision.Double);
        return new Simulator(step, Dt, Precision.Double, CompileOptions.Default, ["V", "spike"])
            .Run(trace, new Dictionary<string, double[]>(), lanes: 1).ToDictionary(static r => r.Key, static r => r.Value[0]);
    }
}
