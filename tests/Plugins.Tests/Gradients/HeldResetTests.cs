using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>Gradients that take resets as they fall: the surrogate stands only where the loss itself sees a spike.</summary>
public sealed class HeldResetTests
{
    private const double TimeStep = 0.1;
    private const double Current = 0.25;
    private static readonly string[] Leaky = ["R", "EL", "Vth", "tauM"];

    [Fact]
    public void A_loss_of_the_potential_has_the_gradient_without_a_surrogate()
    {
        var held = Gradient("voltage-mean-squared-error", "sigmoid", held: true, 3000);
        var none = Gradient("voltage-mean-squared-error", "none", held: false, 3000);
        Assert.True(held.Gradient.Count(static g => Math.Abs(g) > 1e-6) >= 3);
        Assert.All(held.Gradient.Zip(none.Gradient), static g => Assert.Equal(g.Second, g.First, 1e-12 * Math.Abs(g.Second)));
        Assert.Equal(none.Loss, held.Loss);
    }

    [Fact]
    public void A_loss_of_spikes_has_the_surrogate_times_the_change_of_the_distance_from_threshold_between_resets()
    {
        const int steps = 3000;
        double[] values = [100, -65, -50, 20];
        var (distances, spikes) = Run(values, null, steps);
        Assert.InRange(spikes.Count(static s => s), 5, 50);

        // The filtered train's decay is the integrator's; of a spike at t the loss at u sees exp(-(u - t) / tau).
        var (decay, f, slope) = (Math.Exp(-TimeStep / 10), 0.0, new double[steps]);
        var differences = new double[steps];
        for (var t = 0; t < steps; t++)
        {
            f = (f * decay) + (spikes[t] ? 1 : 0);
            differences[t] = f;
        }

        for (var (t, sum) = (steps - 1, 0.0); t >= 0; t--)
        {
            sum = (sum * decay) + (2 * differences[t] / 10 / steps);
            var s = 1 / (1 + Math.Exp(-4 * distances[t]));
            slope[t] = sum * 4 * s * (1 - s);
        }

        var gradient = Gradient("van-rossum", "sigmoid", held: true, steps).Gradient;
        for (var p = 0; p < values.Length; p++)
        {
            var h = 1e-5 * Math.Abs(values[p]);
            var (up, down) = (Moved(h), Moved(-h));
            var expected = slope.Select((w, t) => w * (up[t] - down[t]) / (2 * h)).Sum();
            Assert.Equal(expected, gradient[p], 1e-6 * Math.Abs(expected));

            double[] Moved(double by) => Run([.. values.Select((v, i) => i == p ? v + by : v)], spikes, steps).Distances;
        }
    }

    [Fact]
    public void It_does_not_grow_from_spike_to_spike()
    {
        // Each step near threshold multiplies the derivative of V by 1 - (V - Vreset) S'(x) / 10 mV, which is -3 at threshold where a neuron falls by 40 mV, and this one comes to it slowly.
        var through = Gradient("van-rossum", "sigmoid", held: false, 10_000, reset: -90, current: 0.16);
        var held = Gradient("van-rossum", "sigmoid", held: true, 10_000, reset: -90, current: 0.16);
        Assert.Equal(through.Loss, held.Loss);
        Assert.True(held.Loss > 0.004, "it hardly spikes");
        Assert.False(through.Gradient.Max(Math.Abs) < 1e9, "it does not grow through resets either");
        Assert.InRange(held.Gradient.Max(Math.Abs), 1e-3, 10);
    }

    /// <summary>The leaky neuron: its distances from threshold, in widths of the surrogate, and its spikes.</summary>
    /// <param name="values">R, EL, Vth and tauM.</param>
    /// <param name="given">Spikes that reset it; null: its own.</param>
    /// <param name="steps">How many steps.</param>
    private static (double[] Distances, bool[] Spikes) Run(double[] values, bool[]? given, int steps)
    {
        var (distances, spikes, v, left) = (new double[steps], new bool[steps], values[1], 0);
        for (var t = 0; t < steps; t++)
        {
            var target = values[1] + (values[0] * Current);
            v = left > 0 ? v : target + ((v - target) * Math.Exp(-TimeStep / values[3]));
            distances[t] = (v - values[2]) / 10;
            spikes[t] = given is null ? distances[t] >= 0 : given[t];
            (v, left) = spikes[t] ? (-65, 20) : (v, Math.Max(0, left - 1));
        }

        return (distances, spikes);
    }

    /// <summary>Loss and gradient under a constant current, beside a recording of rest without spikes.</summary>
    private static (double Loss, double[] Gradient) Gradient(string lossName, string surrogateName, bool held, int steps, double reset = -65, double current = Current)
    {
        var catalog = RecordingCatalog.Of(new NeuronsPlugin());
        var surrogate = catalog.Create<ISurrogate>(surrogateName);
        var model = ModelTracer.Trace("leaky-integrate-and-fire", catalog.Create<INeuronModel>("leaky-integrate-and-fire"), surrogate);
        var loss = ModelTracer.Trace(lossName, RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>(lossName), model, surrogate);
        var step = StepFunction.Build(model, loss, null, new(
            TimeStep, Integrator.All.First(static i => i.Name == "exponential-euler"), new Dictionary<string, double> { ["Vreset"] = reset }, SharedInputs: true, HeldResets: held,
            Bindings: Leaky.ToDictionary(static n => n, static _ => ParameterBinding.PerElement)));
        var program = new TrainingProgram(TrainingFunctions.Derive(step), TimeStep, Precision.Double, CompileOptions.Default);
        using var trace = new Trace(
            steps,
            new Dictionary<string, double[]>
            {
                ["I"] = [.. Enumerable.Repeat(current, steps)], ["data.V"] = [.. Enumerable.Repeat(-65.0, steps)], ["data.spike"] = new double[steps],
                ["weight"] = [.. Enumerable.Repeat(1.0 / steps, steps)],
            },
            new Dictionary<string, double>(), Precision.Double);
        using var run = new BackpropagationThroughTime(program, trace, lanes: 1, long.MaxValue);
        var names = program.Functions.Parameters;
        var (value, gradient) = (new double[1], names.Select(static _ => new double[1]).ToArray());
        run.Run([.. names.Select(n => new[] { model.FindParameter(n)!.Default.InEngineUnits })], value, gradient);
        return (value[0], [.. Leaky.Select(n => gradient[names.ToList().IndexOf(n)][0])]);
    }
}
