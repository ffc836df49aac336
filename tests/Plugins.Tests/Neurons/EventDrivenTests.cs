namespace BrainModular.Plugins.Tests.Neurons;

/// <summary>Models whose input is events: the artificial cell and the read-out.</summary>
public sealed class EventDrivenTests
{
    [Fact]
    public void Readout_decays_between_events_by_the_closed_form()
    {
        var readout = Models.Simulate("leaky-readout", 0.5, ("tauOut", 8));
        double[] weights = [0.3, -1.2, 0.7];
        int[] steps = [0, 11, 40];
        for (var k = 0; k < 200; k++)
        {
            var at = Array.IndexOf(steps, k);
            Assert.False(readout.Step(("in", at < 0 ? 0 : weights[at])));
            var expected = Enumerable.Range(0, 3).Where(i => steps[i] <= k).Sum(i => weights[i] * Math.Exp(-0.5 * (k - steps[i]) / 8));
            Assert.Equal(expected, readout["y"], 1e-13);
        }
    }

    [Fact]
    public void Cell_decays_adds_up_and_spikes_at_one()
    {
        // With w every T = 2 ms the sum before the n-th decay is w (1 - q^n) / (1 - q), q = exp(-T / tau): above 1 for the first time at n = 4.
        var cell = Models.Simulate("intfire1", 0.1, ("tau", 24), ("tref", 3));
        const double Weight = 0.29;
        var q = Math.Exp(-2.0 / 24);
        for (var n = 1; n <= 4; n++)
        {
            var sum = Weight * (1 - Math.Pow(q, n)) / (1 - q);
            Assert.Equal(n == 4 && sum >= 1, cell.Step(("in", Weight)));
            Assert.Equal(sum >= 1 ? 0 : sum, cell["m"], 1e-12);
            for (var k = 0; k < 19 && n < 4; k++)
            {
                Assert.False(cell.Step(("in", 0)));
            }
        }
    }

    [Fact]
    public void Events_in_the_refractory_period_are_lost()
    {
        var cell = Models.Simulate("intfire1", 0.1, ("tref", 3));
        Assert.True(cell.Step(("in", 5)));
        for (var k = 0; k < 30; k++)
        {
            Assert.False(cell.Step(("in", 5)));
            Assert.Equal(0, cell["m"]);
        }

        Assert.False(cell.Step(("in", 0.4)));
        Assert.Equal(0.4, cell["m"], 1e-14);
        Assert.True(cell.Step(("in", 0.61)));
    }

    [Fact]
    public void Sum_of_exactly_one_spikes_and_inhibition_postpones()
    {
        var cell = Models.Simulate("intfire1", 0.1);
        Assert.True(cell.Step(("in", 1)));
        var inhibited = Models.Simulate("intfire1", 0.1, ("tau", 10));
        Assert.False(inhibited.Step(("in", -0.5)));
        Assert.False(inhibited.Step(("in", 1)));
        Assert.Equal(1 - (0.5 * Math.Exp(-0.01)), inhibited["m"], 1e-14);
    }
}
