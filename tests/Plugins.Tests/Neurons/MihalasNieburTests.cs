namespace BrainModular.Plugins.Tests.Neurons;

public sealed class MihalasNieburTests
{
    /// <summary>The five currents of Wang et al. (2024, table S2) in nA: ends of their pieces in ms, and what flows until then.</summary>
    private static readonly (double Until, double Current)[][] Stimuli =
    [
        [(200, 2), (1000, 0)],
        [(500, 1.5), (1000, 0)],
        [(100, 1.5), (600, 0), (700, 0.5), (800, 1), (900, 1.5), (1000, 0)],
        [(20, 1.5), (200, 0), (220, -1.5), (240, 0), (260, 1.5), (1000, 0)],
        [(50, 0), (800, -3.5), (1000, 0)],
    ];

    /// <summary>The traces that they fit have 10, 5, 3, 0 and 0 spikes: adaptation, phasic firing, accommodation; their threshold has a floor at all times.</summary>
    [Fact]
    public void Target_traces_of_the_published_fit_have_their_spikes_and_follow_the_equations_written_out_by_hand()
    {
        int[] published = [10, 5, 3, 0, 0];
        foreach (var (stimulus, count) in Stimuli.Zip(published))
        {
            var run = EngineRun.Of(EngineRun.Model("mihalas-niebur", ("thresholdFloor", "always")), "exponential-euler", 0.1, 1000, t => At(stimulus, t));
            var (v, theta, spikes) = (-70.0, -50.0, 0);
            for (var k = 0; k < 10_000; k++)
            {
                Assert.Equal(v, run["V"][k], 1e-9);
                Assert.Equal(theta, run["Theta"][k], 1e-9);
                var target = -50 + (0.005 / 0.01 * (v + 70));
                theta = Math.Max(-60, target + ((theta - target) * Math.Exp(-0.01 * 0.1)));
                var rest = -70 + (20 * At(stimulus, k * 0.1));
                v = rest + ((v - rest) * Math.Exp(-0.1 / 20));
                if (v >= theta)
                {
                    (v, spikes) = (-70, spikes + 1);
                }
            }

            Assert.Equal((count, count), (spikes, run.Spikes.Length));
        }
    }

    /// <summary>Figure 1 of Mihalas and Niebur (2009), where the threshold has a floor after spikes only: how each pattern is told.</summary>
    [Fact]
    public void Patterns_of_figure_one_are_told_by_their_spikes()
    {
        var tonic = Spikes(0, 0, 0, [(200, 1.5)]);
        Assert.All(Intervals(tonic), i => Assert.Equal(Intervals(tonic)[0], i, 0.2));

        var adapting = Intervals(Spikes(0.005, 0, 0, [(200, 2)]));
        Assert.True(adapting.Length > 4 && adapting.Zip(adapting.Skip(1)).All(static p => p.Second > p.First) && adapting[^1] > 1.3 * adapting[0], "the intervals do not grow");

        var phasic = Spikes(0.005, 0, 0, [(500, 1.5)]);
        Assert.InRange(phasic.Length, 1, 8);
        Assert.True(phasic[^1] < 300, "firing goes on");

        // Released from hyperpolarisation, the threshold lies below the resting potential.
        var rebound = Spikes(0.005, 0, 0, [(50, 0), (800, -3.5), (1000, 0)]);
        Assert.All(rebound, static t => Assert.InRange(t, 800, 900));
        Assert.NotEmpty(rebound);

        // Each spike brings a fast inward and a slow outward current: bursts with pauses between them.
        var bursting = Intervals(Spikes(0.005, 10, -0.6, [(500, 2)]));
        Assert.True(bursting.Count(static i => i < 8) > 12, "no bursts");
        Assert.Equal(3, bursting.Count(static i => i > 50));
    }

    [Fact]
    public void Spikes_reset_currents_and_threshold_by_their_rules()
    {
        var neuron = Models.Simulate("mihalas-niebur", 0.1, ("R1", 0.5), ("A1", 0.3), ("A2", -0.05), ("Vreset", -66), ("b", 0), ("a", 0));
        (neuron["I1"], neuron["I2"], neuron["V"], neuron["Theta"]) = (0.4, -0.02, -60.0001, -62);
        Assert.True(neuron.Step(("I", 2)));
        Assert.Equal((0.5 * 0.4 * Math.Exp(-0.02)) + 0.3, neuron["I1"], 1e-12);
        Assert.Equal((-0.02 * Math.Exp(-0.002)) - 0.05, neuron["I2"], 1e-12);
        Assert.Equal(-66, neuron["V"], 1e-12);
        Assert.Equal(-60, neuron["Theta"], 1e-12);
        neuron["Theta"] = -65;
        Assert.False(neuron.Step(("I", 0)));
        Assert.Equal(-65, neuron["Theta"], 1e-12);
    }

    /// <summary>Spikes with a in 1/ms, and with A1 and A2 in mV/ms as the publication gives them for I / C; R / tauM is 1/nF.</summary>
    private static double[] Spikes(double a, double a1, double a2, (double Until, double Current)[] stimulus) => EngineRun.Of(
        EngineRun.Model("mihalas-niebur"), "exponential-euler", 0.05, stimulus[^1].Until, t => At(stimulus, t), ("a", a), ("A1", a1), ("A2", a2)).Spikes;

    private static double[] Intervals(double[] times) => [.. times.Zip(times.Skip(1), static (a, b) => b - a)];

    private static double At((double Until, double Current)[] stimulus, double t) => stimulus.First(piece => t < piece.Until - 1e-9).Current;
}
