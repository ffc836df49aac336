using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Neurons;

public sealed class IntegrateAndFireTests
{
    [Fact]
    public void Constant_current_charges_the_membrane_by_the_closed_form()
    {
        var neuron = Models.Simulate("leaky-integrate-and-fire", 0.1, ("R", 50), ("tauM", 12));
        for (var k = 1; k <= 500; k++)
        {
            Assert.False(neuron.Step(("I", 0.2)));
            Assert.Equal(-65 + (50 * 0.2 * (1 - Math.Exp(-0.1 * k / 12))), neuron["V"], 1e-9);
        }
    }

    [Theory]
    [InlineData(0.1, 0, 0)]
    [InlineData(0.1, 0.3, 3)]
    [InlineData(0.1, 2, 20)]
    [InlineData(0.1, 4.7, 47)]
    [InlineData(0.05, 5, 100)]
    [InlineData(0.025, 3, 120)]
    public void Refractory_period_holds_the_membrane_for_exactly_its_number_of_steps(double dt, double tref, int steps)
    {
        var neuron = Models.Simulate("leaky-integrate-and-fire", dt, ("tref", tref), ("Vreset", -70));
        var spikes = 0;
        for (var round = 0; round < 5; round++)
        {
            while (!neuron.Step(("I", 0.5)))
            {
            }

            spikes++;
            for (var k = 0; k < steps; k++)
            {
                Assert.Equal(-70, neuron["V"]);
                Assert.False(neuron.Step(("I", 0.5)));
            }

            Assert.Equal(-70, neuron["V"]);
            neuron.Step(("I", 0.5));
            Assert.True(neuron["V"] > -70, "the membrane is still held one step later");
        }

        Assert.Equal(5, spikes);
    }

    [Fact]
    public void Firing_period_is_that_of_the_closed_form()
    {
        // T = tref + tauM ln((R I - (Vreset - EL)) / (R I - (Vth - EL))) with R I = 20 mV: 2 + 20 ln 4 ms.
        var neuron = Models.Simulate("leaky-integrate-and-fire", 0.01);
        var times = Enumerable.Range(0, 30000).Where(_ => neuron.Step(("I", 0.2))).Select(static k => k * 0.01).ToList();
        Assert.InRange(times.Count, 9, 11);
        Assert.All(times.Zip(times.Skip(1)), static pair => Assert.Equal(2 + (20 * Math.Log(4)), pair.Second - pair.First, 0.02));
    }

    [Fact]
    public void Spike_sets_the_fast_current_and_adds_to_the_slow_one()
    {
        var neuron = Models.Simulate("generalized-integrate-and-fire", 0.1, ("A1", 0.3), ("A2", -0.05), ("tauI1", 5), ("tauI2", 150), ("Vreset", -63));
        neuron["I1"] = -0.2;
        neuron["I2"] = -0.01;
        neuron["V"] = -50.0001;
        Assert.True(neuron.Step(("I", 2)));
        Assert.Equal(0.3, neuron["I1"], 1e-12);
        Assert.Equal((-0.01 * Math.Exp(-0.1 / 150)) - 0.05, neuron["I2"], 1e-12);
        Assert.Equal(-63, neuron["V"], 1e-12);

        Assert.False(neuron.Step(("I", 0)));
        Assert.Equal(0.3 * Math.Exp(-0.1 / 5), neuron["I1"], 1e-12);
        Assert.Equal(((-0.01 * Math.Exp(-0.1 / 150)) - 0.05) * Math.Exp(-0.1 / 150), neuron["I2"], 1e-12);
    }

    [Fact]
    public void Spike_triggered_currents_drive_the_membrane_by_the_closed_form()
    {
        // With I1(0) = a alone, V - Vrest = R a tauI1 / (tauI1 - tauV) (exp(-t / tauI1) - exp(-t / tauV)).
        var neuron = Models.Simulate("generalized-integrate-and-fire", 0.001);
        neuron["I1"] = 0.1;
        for (var k = 0; k < 15000; k++)
        {
            Assert.False(neuron.Step(("I", 0)));
        }

        Assert.Equal(100 * 0.1 * 10 / (10.0 - 20) * (Math.Exp(-1.5) - Math.Exp(-0.75)), neuron["V"] + 65, 1e-3);
    }

    [Fact]
    public void Hyperpolarising_slow_current_makes_the_rate_adapt()
    {
        var neuron = Models.Simulate("generalized-integrate-and-fire", 0.1);
        var times = Enumerable.Range(0, 20000).Where(_ => neuron.Step(("I", 0.4))).ToList();
        Assert.True(times.Count > 10);
        Assert.True(times[^1] - times[^2] > 1.5 * (times[1] - times[0]), "the interval between spikes did not grow");
    }

    [Fact]
    public void Threshold_follows_the_potential_by_the_closed_form()
    {
        // Below threshold V and Theta are two exponentials one behind the other: with u = R I and g = 0.5, tauTheta = 50, tauV = 20,
        // Theta - Vth = g u (1 - (50 exp(-t / 50) - 20 exp(-t / 20)) / 30).
        var neuron = Models.Simulate("generalized-integrate-and-fire", 0.005, ("thetaGain", 0.5), ("tauTheta", 50));
        for (var k = 1; k <= 20000; k++)
        {
            Assert.False(neuron.Step(("I", 0.1)));
            var t = 0.005 * k;
            Assert.Equal(-50 + (0.5 * 10 * (1 - (((50 * Math.Exp(-t / 50)) - (20 * Math.Exp(-t / 20))) / 30))), neuron["Theta"], 2e-3);
        }
    }

    [Fact]
    public void Following_threshold_silences_a_sustained_current_that_a_fixed_one_fires_through()
    {
        static int[] Spikes(double gain)
        {
            var neuron = Models.Simulate("generalized-integrate-and-fire", 0.1, ("thetaGain", gain), ("A1", 0), ("A2", 0));
            return [.. Enumerable.Range(0, 10000).Where(_ => neuron.Step(("I", 0.5)))];
        }

        Assert.InRange(Spikes(1.5).Length, 1, 30);
        Assert.True(Spikes(1.5)[^1] < 2000, "it still fires after 200 ms");
        Assert.True(Spikes(0)[^1] > 9000, "it stopped firing");
    }
}
