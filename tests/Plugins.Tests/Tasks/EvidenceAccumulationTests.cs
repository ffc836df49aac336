using BrainModular.Diagnostics;
using BrainModular.Models;
using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Tasks;

public sealed class EvidenceAccumulationTests
{
    private const string Name = "evidence-accumulation";
    private const int Count = 200;

    private static readonly Trials Many = Trials.Generate(Name, Count);

    [Fact]
    public void Shape_is_that_of_the_published_task()
    {
        var shape = Many.Shape;
        Assert.Equal((2200, 100, PortKind.Event, 2, TargetKind.Class), (shape.Steps, shape.Inputs, shape.InputKind, shape.Targets, shape.TargetKind));
        Assert.Equal([new("left", 0, 25), new("right", 25, 25), new("recall", 50, 25), new("noise", 75, 25)], shape.InputGroups);
        Assert.Equal(["left", "right"], shape.TargetNames);
        Assert.Equal(
            [.. Enumerable.Range(1, 7).Select(i => new Period($"cue {i}", (150 * i) - 100, 100)), new("delay", 1050, 1000), new("recall", 2050, 150)],
            shape.Periods);
    }

    [Fact]
    public void The_mask_is_the_recall_period()
    {
        for (var step = 0; step < 2200; step++)
        {
            Assert.Equal(step >= 2050 ? 1 : 0, Many.Mask(step, step % Count));
        }
    }

    [Fact]
    public void Each_group_fires_at_its_rate_in_its_periods_and_nowhere_else()
    {
        var trials = Enumerable.Range(0, Count).ToArray();
        double Spikes(string group, Period period) => trials.Sum(trial => Many.Sum(trial, Many.Group(group), period));
        var whole = new Period("", 0, 2200);

        // A count of p = rate x step in n channel steps has the standard deviation sqrt(n p (1 - p)).
        void IsNear(double p, double n, double count) => Assert.InRange(count, (p * n) - (4.5 * Math.Sqrt(n * p * (1 - p))), (p * n) + (4.5 * Math.Sqrt(n * p * (1 - p))));

        var cues = Many.Shape.Periods.Where(p => p.Name.StartsWith("cue", StringComparison.Ordinal)).ToArray();
        var sides = cues.Sum(cue => Spikes("left", cue) + Spikes("right", cue));
        IsNear(0.04, Count * 7 * 25 * 100.0, sides);
        Assert.Equal(sides, Spikes("left", whole) + Spikes("right", whole));
        IsNear(0.04, Count * 25 * 150.0, Spikes("recall", Many.Period("recall")));
        Assert.Equal(Spikes("recall", whole), Spikes("recall", Many.Period("recall")));
        IsNear(0.01, Count * 25 * 2200.0, Spikes("noise", whole));
        IsNear(0.01, Count * 25 * 1000.0, Spikes("noise", Many.Period("delay")));
        Assert.All(trials, trial => Assert.All(cues, cue => Assert.True(Many.Sum(trial, Many.Group("left"), cue) == 0 || Many.Sum(trial, Many.Group("right"), cue) == 0)));
    }

    [Fact]
    public void Gaps_between_spikes_are_geometric()
    {
        var noise = Many.Group("noise");
        var histogram = new double[50];
        double gaps = 0;
        for (var trial = 0; trial < Count; trial++)
        {
            for (var channel = noise.First; channel < noise.First + noise.Count; channel++)
            {
                var last = -1;
                for (var step = 0; step < 2200; step++)
                {
                    if (Many.Input(step, channel, trial) == 0)
                    {
                        continue;
                    }

                    // A gap that begins in the first 1000 steps and is shorter than 50 is never cut off by the trial's end.
                    if (last is >= 0 and < 1000)
                    {
                        gaps++;
                        histogram[Math.Min(step - last - 1, 49)]++;
                    }

                    last = step;
                }
            }
        }

        var chiSquared = 0.0;
        for (var gap = 0; gap < 49; gap++)
        {
            var expected = gaps * 0.01 * Math.Pow(0.99, gap);
            chiSquared += Math.Pow(histogram[gap] - expected, 2) / expected;
        }

        // 49 cells: mean 49, standard deviation sqrt(98).
        Assert.InRange(chiSquared, 49 - (4 * Math.Sqrt(98)), 49 + (4.5 * Math.Sqrt(98)));
    }

    [Fact]
    public void The_class_is_the_side_with_more_cues_and_both_come_as_often()
    {
        var cues = Many.Shape.Periods.Take(7).ToArray();
        int MoreCues(int trial) => cues.Count(cue => Many.Sum(trial, Many.Group("right"), cue) > 0) > 3 ? 1 : 0;
        Assert.Equal(1, Many.Accuracy("recall", MoreCues));
        NormalDistribution.AssertNear(0.5, Enumerable.Range(0, Count).Average(trial => Many.Answer(trial, "recall")), Count);

        // Spikes alone, cues unknown: about 100 a cue, so that the side with more spikes is nearly always the side with more cues.
        var all = new Period("", 0, 1050);
        Assert.InRange(Many.Accuracy("recall", trial => Many.Sum(trial, Many.Group("right"), all) > Many.Sum(trial, Many.Group("left"), all) ? 1 : 0), 0.97, 1);
    }

    /// <summary>With cue probability 0.7, 7 choose 3 x (0.7^4 0.3^3 + 0.7^3 0.3^4) = 0.324 of the trials are 4 : 3.</summary>
    [Fact]
    public void Cues_are_drawn_with_the_likelier_sides_probability()
    {
        var shorter = Trials.Generate(Name, 4000, 1, 3, ("cue", 10 * ms), ("gap", 0 * ms), ("delay", 0 * ms), ("recall", 1 * ms), ("cueRate", 1000 * Hz), ("channels", 1));
        var cues = shorter.Shape.Periods.Take(7).ToArray();
        var onRight = Enumerable.Range(0, 4000).Select(trial => cues.Count(cue => shorter.Sum(trial, shorter.Group("right"), cue) == 10)).ToArray();
        for (var count = 0; count <= 7; count++)
        {
            var ways = new[] { 1, 7, 21, 35, 35, 21, 7, 1 }[count];
            var p = 0.5 * ways * ((Math.Pow(0.7, count) * Math.Pow(0.3, 7 - count)) + (Math.Pow(0.3, count) * Math.Pow(0.7, 7 - count)));
            var deviation = Math.Sqrt(4000 * p * (1 - p));
            Assert.InRange(onRight.Count(n => n == count), (4000 * p) - (4 * deviation), (4000 * p) + (4 * deviation));
        }
    }

    [Fact]
    public void Settings_change_the_shape()
    {
        var shape = Trials.Task(Name, ("cues", 3), ("gap", 0 * ms), ("delay", 0 * ms), ("channels", 2)).Shape(1 * ms);
        Assert.Equal((450, 8), (shape.Steps, shape.Inputs));
        Assert.Equal(["cue 1", "cue 2", "cue 3", "recall"], shape.Periods.Select(static p => p.Name));
    }

    [Fact]
    public void Settings_out_of_bounds_are_named_together()
    {
        var refused = Assert.Throws<DiagnosticException>(() => Trials.Task(Name, ("cues", 4), ("cue", 0 * ms), ("gap", -1 * ms), ("noiseRate", -5 * Hz)));
        Assert.All(refused.Diagnostics, static fault => Assert.Equal("BM2401", fault.Id));
        Assert.Equal(["'gap' is -1 ms", "'cue' is 0 ms", "'noiseRate' is -5 Hz", "'cues' is 4"], refused.Diagnostics.Select(static fault => fault.Problem));
    }

    [Fact]
    public void More_than_a_spike_a_step_is_refused()
    {
        var refused = Assert.Throws<DiagnosticException>(() => Trials.Task(Name, ("cueRate", 2000 * Hz)).Shape(1 * ms));
        Assert.Equal("BM2403", Assert.Single(refused.Diagnostics).Id);
        Assert.Contains("2000 Hz", refused.Message, StringComparison.Ordinal);
        Assert.Equal(4400, Trials.Task(Name, ("cueRate", 2000 * Hz)).Shape(0.5 * ms).Steps);
    }
}
