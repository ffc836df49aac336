using BrainModular.Diagnostics;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Tasks;

/// <summary>Tasks with noisy evidence.</summary>
public sealed class DecisionTaskTests
{
    private const int Count = 1500;

    /// <summary>
    /// One channel a direction, T = 1000 ms, step dt: the difference of the counts has the mean r c T and the variance r T (1 - r dt (1 + c^2) / 2) with r = 80 Hz.
    /// </summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(6.4, 1)]
    [InlineData(12.8, 1)]
    [InlineData(12.8, 0.5)]
    [InlineData(25.6, 1)]
    public void An_observer_of_dots_is_right_as_often_as_spikes_allow(double percent, double timeStep)
    {
        var trials = Decide(timeStep, ("coherences", $"{percent}"));
        var c = percent / 100;
        var deviation = Math.Sqrt(80 * (1 - (0.08 * timeStep * (1 + (c * c)) / 2)));
        NormalDistribution.AssertNear(NormalDistribution.Below(80 * c / deviation), RightByDifference(trials), Count);
    }

    /// <summary>Graded: the mean difference in a step is c, its noise sqrt(2) s in a step of 1 ms.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    public void An_observer_of_graded_dots_is_right_as_often_as_noise_allows(double noise, double timeStep)
    {
        var trials = Decide(timeStep, ("coherences", "3.2"), ("inputs", "graded"), ("noise", noise));
        NormalDistribution.AssertNear(NormalDistribution.Below(0.032 * Math.Sqrt(1000 / 2.0) / noise), RightByDifference(trials), Count);
    }

    [Fact]
    public void Coherences_are_equally_likely_and_directions_too()
    {
        var trials = Trials.Generate(
            "perceptual-decision", Count, 1, 1, ("inputs", "graded"), ("noise", 0.0), ("channels", 1), ("goChannels", 1), ("stimulus", 1 * ms), ("delay", 0 * ms), ("response", 1 * ms));
        var differences = Enumerable.Range(0, Count).Select(trial => Math.Round(100 * (trials.Input(0, 1, trial) - trials.Input(0, 0, trial)), 4)).ToArray();
        double[] coherences = [0, 3.2, 6.4, 12.8, 25.6, 51.2];
        Assert.All(coherences, c => NormalDistribution.AssertNear(1 / 6.0, differences.Average(d => Math.Abs(d) == c ? 1.0 : 0), Count));
        Assert.All(Enumerable.Range(0, Count), trial => Assert.True(differences[trial] == 0 || differences[trial] > 0 == (trials.Answer(trial, "response") == 1)));
        NormalDistribution.AssertNear(0.5, Enumerable.Range(0, Count).Average(trial => trials.Answer(trial, "response")), Count);
    }

    [Fact]
    public void Periods_are_the_published_ones()
    {
        Assert.Equal([new("stimulus", 0, 1000), new("delay", 1000, 500), new Period("response", 1500, 250)], Trials.Task("perceptual-decision").Shape(1 * ms).Periods);
        Assert.Equal(
            [new("context", 0, 350), new("stimulus", 350, 750), new("delay", 1100, 300), new Period("response", 1400, 250)],
            Trials.Task("context-dependent-decision").Shape(1 * ms).Periods);
    }

    [Theory]
    [InlineData("poisson")]
    [InlineData("graded")]
    public void The_context_says_which_quality_counts(string inputs)
    {
        const int Trials = 400;
        var trials = Tasks.Trials.Generate("context-dependent-decision", Trials, 1, 1, ("inputs", inputs), ("motionCoherences", "50"), ("colourCoherences", "50"), ("channels", 8));
        var stimulus = trials.Period("stimulus");
        var groups = trials.Shape.InputGroups;
        int Context(int trial) => trials.Strongest(trial, new("", 0, trials.Shape.Steps), groups.Skip(4).Take(2));
        int Shown(int trial, int quality) => trials.Strongest(trial, stimulus, groups.Skip(2 * quality).Take(2));
        Assert.Equal(1, trials.Accuracy("response", trial => Shown(trial, Context(trial))));

        // Without the context half of the trials are right for certain, the other half by chance.
        NormalDistribution.AssertNear(0.75, trials.Accuracy("response", trial => Shown(trial, 0)), Trials);
        NormalDistribution.AssertNear(0.75, trials.Accuracy("response", trial => Shown(trial, 1)), Trials);
        NormalDistribution.AssertNear(0.5, Enumerable.Range(0, Trials).Average(trial => Shown(trial, 0) == Shown(trial, 1) ? 1.0 : 0), Trials);
        NormalDistribution.AssertNear(0.5, Enumerable.Range(0, Trials).Average(trial => trials.Answer(trial, "response")), Trials);
    }

    [Theory]
    [InlineData("3.2, x")]
    [InlineData("")]
    [InlineData("101")]
    [InlineData("-1")]
    public void Coherences_that_are_none_are_refused(string coherences)
    {
        var refused = Assert.Throws<DiagnosticException>(() => Trials.Task("perceptual-decision", ("coherences", coherences)));
        Assert.Equal(("BM2401", $"'coherences' is '{coherences}'"), (Assert.Single(refused.Diagnostics).Id, refused.Diagnostics[0].Problem));
    }

    private static Trials Decide(double timeStep, params (string Key, object Value)[] settings) =>
        Trials.Generate("perceptual-decision", Count, timeStep, 1, [.. settings, ("channels", 1), ("goChannels", 1), ("delay", 0 * ms), ("response", 1 * ms)]);

    private static double RightByDifference(Trials trials)
    {
        var stimulus = trials.Period("stimulus");
        return Enumerable.Range(0, Count).Average(trial =>
        {
            var difference = trials.Sum(trial, trials.Group("right"), stimulus) - trials.Sum(trial, trials.Group("left"), stimulus);
            return difference == 0 ? 0.5 : difference > 0 == (trials.Answer(trial, "response") == 1) ? 1.0 : 0;
        });
    }
}
