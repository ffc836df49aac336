using BrainModular.Tasks;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Tasks;

public sealed class ReachingTests
{
    private static readonly Trials Many = Trials.Generate("reaching", 64);

    [Fact]
    public void The_target_is_shown_and_reached()
    {
        Assert.Equal(TargetKind.Value, Many.Shape.TargetKind);
        Assert.Equal([new("target", 0, 500), new("movement", 500, 500), new Period("hold", 1000, 250)], Many.Shape.Periods);
        HashSet<int> seen = [];
        for (var trial = 0; trial < 64; trial++)
        {
            var target = Many.Direction(trial, Many.Period("target"), Many.Group("target"), 8);
            seen.Add(target);
            var (y, x) = Math.SinCos(target * Math.PI / 4);
            Assert.Equal((0f, 0f), (Many.Target(499, trial), Many.Target(499, trial, 1)));
            Assert.All([999, 1249], step => Assert.Equal((8 * x, 8 * y), (Many.Target(step, trial), Many.Target(step, trial, 1)), Close));
            Assert.Equal(0, Many.Sum(trial, Many.Group("go"), Many.Period("target")));
        }

        Assert.Equal(8, seen.Count);
        Assert.All(Many.Batch.Mask, static m => Assert.Equal(1, m));
    }

    /// <summary>Half way in half the time, fastest there at 15/8 of the mean speed, with no speed and acceleration at both ends.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void The_path_is_straight_and_of_minimum_jerk(double timeStep)
    {
        var trials = Trials.Generate(Trials.Task("reaching", ("distance", 100.0), ("movement", 800 * ms)), 8, timeStep);
        var movement = trials.Period("movement");
        for (var trial = 0; trial < 8; trial++)
        {
            double At(double fraction)
            {
                var step = movement.Start - 1 + (int)Math.Round(fraction * movement.Steps);
                return Math.Sqrt(Math.Pow(trials.Target(step, trial), 2) + Math.Pow(trials.Target(step, trial, 1), 2));
            }

            Assert.Equal(50, At(0.5), 1e-4);
            Assert.Equal(100, At(0.25) + At(0.75), 1e-4);
            Assert.Equal(100 * 15 / 8.0, (At(0.55) - At(0.45)) / 0.1, 1.5);
            Assert.InRange(At(0.05), 0, 0.13);
            Assert.Equal(100 * 0.103515625, At(0.25), 1e-3);
            var end = movement.Start + movement.Steps - 1;
            Assert.All(
                Enumerable.Range(movement.Start, movement.Steps),
                step => Assert.Equal(trials.Target(step, trial) * trials.Target(end, trial, 1), trials.Target(step, trial, 1) * trials.Target(end, trial), 1e-2));
        }
    }

    private static bool Close((double X, double Y) a, (double X, double Y) b) => Math.Abs(a.X - b.X) < 1e-5 && Math.Abs(a.Y - b.Y) < 1e-5;
}
