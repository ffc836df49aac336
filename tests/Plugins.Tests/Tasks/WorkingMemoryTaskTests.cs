using BrainModular.Diagnostics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Tasks;

/// <summary>Tasks that are answered after a delay.</summary>
public sealed class WorkingMemoryTaskTests
{
    [Theory]
    [InlineData("poisson")]
    [InlineData("graded")]
    public void A_match_is_seen_by_comparing_sample_and_test(string inputs)
    {
        var trials = Trials.Generate("delayed-match-to-sample", 200, 1, 1, ("inputs", inputs));
        Assert.Equal((2500, 24), (trials.Shape.Steps, trials.Shape.Inputs));
        Assert.Equal([new("fixation", 0, 500), new("sample", 500, 500), new("delay", 1000, 1000), new Period("test", 2000, 500)], trials.Shape.Periods);
        int Shown(int trial, string period) => trials.Direction(trial, trials.Period(period), trials.Group("direction"), 8);
        Assert.Equal(1, trials.Accuracy("test", trial => Shown(trial, "sample") == Shown(trial, "test") ? 1 : 0));
        NormalDistribution.AssertNear(0.5, Enumerable.Range(0, 200).Average(trial => trials.Answer(trial, "test")), 200);
        for (var direction = 0; direction < 8; direction++)
        {
            NormalDistribution.AssertNear(1 / 8.0, Enumerable.Range(0, 200).Average(trial => Shown(trial, "sample") == direction ? 1.0 : 0), 200);
            NormalDistribution.AssertNear(1 / 8.0, Enumerable.Range(0, 200).Average(trial => Shown(trial, "test") == direction ? 1.0 : 0), 200);
        }
    }

    /// <summary>40 Hz exp(2 (cos 90 deg - 1)) = 5.41 Hz a quarter of the circle away from the preferred direction.</summary>
    [Fact]
    public void Channels_are_tuned_as_von_mises_says()
    {
        var trials = Trials.Generate("delayed-match-to-sample", 400, 1, 1, ("fixation", 0 * ms), ("delay", 0 * ms), ("test", 1 * ms), ("stimuli", 2), ("channels", 4), ("kappa", 2.0));
        var sample = trials.Period("sample");
        var east = Enumerable.Range(0, 400).Where(trial => trials.Direction(trial, sample, trials.Group("direction"), 2) == 0).ToArray();
        double[] rates = [40, 40 * Math.Exp(-2), 40 * Math.Exp(-4), 40 * Math.Exp(-2)];
        for (var channel = 0; channel < 4; channel++)
        {
            NormalDistribution.AssertNear(rates[channel] / 1000, east.Average(trial => trials.Sum(trial, new("", channel, 1), sample) / 500), east.Length * 500);
        }
    }

    [Theory]
    [InlineData("poisson")]
    [InlineData("graded")]
    public void The_cued_location_is_asked_for_after_the_delay(string inputs)
    {
        var trials = Trials.Generate("delayed-response", 100, 1, 1, ("inputs", inputs), ("delay", 1500 * ms));
        Assert.Equal([new("fixation", 0, 750), new("cue", 750, 500), new("delay", 1250, 1500), new Period("response", 2750, 500)], trials.Shape.Periods);
        Assert.Equal(["0 deg", "45 deg", "90 deg", "135 deg", "180 deg", "225 deg", "270 deg", "315 deg"], trials.Shape.TargetNames);
        Assert.Equal(1, trials.Accuracy("response", trial => trials.Direction(trial, trials.Period("cue"), trials.Group("location"), 8)));
        Assert.Equal(8, Enumerable.Range(0, 100).Select(trial => trials.Answer(trial, "response")).Distinct().Count());
        var (before, during) = (new Period("", 0, 2750), trials.Period("response"));
        var go = Enumerable.Range(0, 100).Sum(trial => trials.Sum(trial, trials.Group("go"), during));
        Assert.Equal(inputs == "graded" ? 8 * 500 * 100 : 0.04 * 8 * 500 * 100, go, 0.05 * go);
        if (inputs == "poisson")
        {
            Assert.All(Enumerable.Range(0, 100), trial => Assert.Equal(0, trials.Sum(trial, trials.Group("go"), before)));
            Assert.All(Enumerable.Range(0, 100), trial => Assert.Equal(0, trials.Sum(trial, trials.Group("location"), trials.Period("delay"))));
        }
    }

    /// <summary>
    /// One channel each way, 500 ms: (rising - falling) of the first less that of the second vibration has the mean 2 x rate x 0.2 x 500 ms = 8 spikes and nearly the variance of
    /// all spikes, 40.
    /// </summary>
    [Fact]
    public void An_observer_of_both_vibrations_is_right_as_often_as_spikes_allow()
    {
        const int Count = 2000;
        var trials = Trials.Generate("parametric-working-memory", Count, 1, 1, ("delay", 0 * ms), ("response", 1 * ms), ("channels", 1), ("goChannels", 1));
        double Signal(int trial, string period) => trials.Sum(trial, trials.Group("rising"), trials.Period(period)) - trials.Sum(trial, trials.Group("falling"), trials.Period(period));
        double Score(double difference, int trial) => difference == 0 ? 0.5 : difference > 0 == (trials.Answer(trial, "response") == 1) ? 1 : 0;
        var both = Enumerable.Range(0, Count).Average(trial => Score(Signal(trial, "first") - Signal(trial, "second"), trial));
        NormalDistribution.AssertNear(NormalDistribution.Below(8 / Math.Sqrt(40 * (1 - 0.025))), both, Count);

        var first = Enumerable.Range(0, Count).Average(trial => Score(Signal(trial, "first"), trial));
        NormalDistribution.AssertNear(0.5, first, Count);
        NormalDistribution.AssertNear(0.5, Enumerable.Range(0, Count).Average(trial => trials.Answer(trial, "response")), Count);
    }

    [Fact]
    public void Vibrations_are_graded_by_their_place_in_the_range()
    {
        var trials = Trials.Generate("parametric-working-memory", 300, 1, 1, ("inputs", "graded"), ("noise", 0.0));
        Assert.Equal([new("first", 0, 500), new("delay", 500, 3000), new("second", 3500, 500), new Period("response", 4000, 250)], trials.Shape.Periods);
        double Frequency(int trial, int step) => 2 + (40 * trials.Input(step, 0, trial));
        HashSet<double> seen = [];
        for (var trial = 0; trial < 300; trial++)
        {
            var (f1, f2) = (Math.Round(Frequency(trial, 250), 3), Math.Round(Frequency(trial, 3750), 3));
            seen.Add(f1);
            Assert.Equal(8, Math.Abs(f1 - f2), 1e-3);
            Assert.Equal(trials.Answer(trial, "response"), f1 > f2 ? 1 : 0);
            Assert.Equal(1, trials.Input(250, 0, trial) + trials.Input(250, 20, trial), 1e-6);
            Assert.Equal(0, trials.Input(2000, 0, trial));
        }

        Assert.Equal([10, 14, 18, 22, 26, 30, 34], seen.Order());
    }

    [Fact]
    public void Frequencies_that_do_not_differ_are_refused()
    {
        var refused = Assert.Throws<DiagnosticException>(() => Trials.Task("parametric-working-memory", ("difference", 0 * Hz), ("rate", 0 * Hz)));
        Assert.Equal(["'rate' is 0 Hz", "'difference' is 0 Hz"], refused.Diagnostics.Select(static fault => fault.Problem));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.8)]
    public void Go_trials_come_with_their_probability_and_are_seen(double probability)
    {
        var trials = Trials.Generate("go-no-go", 500, 1, 1, ("goProbability", probability), ("channels", 4));
        var stimulus = trials.Period("stimulus");
        Assert.Equal(1, trials.Accuracy("response", trial => trials.Strongest(trial, stimulus, [trials.Group("no-go"), trials.Group("go")])));
        NormalDistribution.AssertNear(probability, Enumerable.Range(0, 500).Average(trial => trials.Answer(trial, "response")), 500);
    }
}
