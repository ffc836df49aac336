using BrainModular.Models;
using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Abstractions.Tests.Contracts;

public sealed class TaskContractTests
{
    /// <summary>A cue in one of two channels, a delay, then a response window in which the cue's channel is the class.</summary>
    private sealed class DelayedResponse(Quantity cue, Quantity delay, Quantity response) : ITask
    {
        public TaskShape Shape(Quantity timeStep)
        {
            int Steps(Quantity duration) => (int)Math.Round(duration.InEngineUnits / timeStep.InEngineUnits);
            var (c, d, r) = (Steps(cue), Steps(delay), Steps(response));
            return new(
                c + d + r, 2, PortKind.Event, [new("left", 0, 1), new("right", 1, 1)], 2, TargetKind.Class, ["left", "right"],
                [new("cue", 0, c), new("delay", c, d), new("response", c + d, r)]);
        }

        public void Generate(TrialBatch batch, IRandomStream random)
        {
            Array.Clear(batch.Inputs);
            for (var trial = 0; trial < batch.Trials; trial++)
            {
                var side = random.Integer(2);
                for (var step = 0; step < batch.Shape.Steps; step++)
                {
                    var period = batch.Shape.Periods.Last(p => p.Start <= step).Name;
                    var cued = period == "cue" && random.Uniform() < 0.3;
                    batch.Inputs[(((step * 2) + side) * batch.Trials) + trial] = cued ? 1 : 0;
                    batch.Targets[(step * batch.Trials) + trial] = side;
                    batch.Mask[(step * batch.Trials) + trial] = period == "response" ? 1 : 0;
                }
            }
        }
    }

    private static readonly DelayedResponse Task = new(100 * ms, 0.5 * s, 50 * ms);

    [Theory]
    [InlineData(1, 650)]
    [InlineData(0.5, 1300)]
    public void Shape_follows_the_time_step_and_periods_tile_the_trial(double timeStep, int steps)
    {
        var shape = Task.Shape(timeStep * ms);
        Assert.Equal(steps, shape.Steps);
        Assert.Equal(steps, shape.Periods.Sum(static p => p.Steps));
        Assert.All(shape.Periods.Zip(shape.Periods.Skip(1)), static pair => Assert.Equal(pair.First.Start + pair.First.Steps, pair.Second.Start));
    }

    [Fact]
    public void Trials_cue_only_their_own_side_and_count_only_in_the_response()
    {
        var batch = new TrialBatch(16, Task.Shape(1 * ms));
        Task.Generate(batch, new CountingStream(7));
        Assert.Equal(650 * 2 * 16, batch.Inputs.Length);
        Assert.Equal(650 * 16, batch.Targets.Length);
        Assert.Equal(50 * 16, batch.Mask.Sum());
        for (var trial = 0; trial < 16; trial++)
        {
            double Cues(int side) => Enumerable.Range(0, 650).Sum(step => batch.Inputs[(((step * 2) + side) * 16) + trial]);
            var side = (int)batch.Targets[trial];
            Assert.InRange(Cues(side), 10, 60);
            Assert.Equal(0, Cues(1 - side));
        }

        Assert.InRange(batch.Targets.Take(16).Sum(), 1, 15);
    }

    [Fact]
    public void Same_random_stream_gives_the_same_trials()
    {
        static TrialBatch Batch(ulong seed)
        {
            var batch = new TrialBatch(4, Task.Shape(1 * ms));
            Task.Generate(batch, new CountingStream(seed));
            return batch;
        }

        Assert.Equal(Batch(1).Inputs, Batch(1).Inputs);
        Assert.NotEqual(Batch(1).Inputs, Batch(2).Inputs);
    }

    [Fact]
    public void A_batch_used_again_keeps_no_trace_of_its_former_trials()
    {
        var (used, fresh) = (new TrialBatch(4, Task.Shape(1 * ms)), new TrialBatch(4, Task.Shape(1 * ms)));
        Task.Generate(used, new CountingStream(1));
        Task.Generate(used, new CountingStream(2));
        Task.Generate(fresh, new CountingStream(2));
        Assert.Equal(fresh.Inputs, used.Inputs);
        Assert.Equal(fresh.Targets, used.Targets);
        Assert.Equal(fresh.Mask, used.Mask);
    }

    [Fact]
    public void Value_targets_have_a_channel_each()
    {
        var shape = Task.Shape(1 * ms) with { Targets = 3, TargetKind = TargetKind.Value, TargetNames = ["x", "y", "z"] };
        Assert.Equal(650 * 3 * 2, new TrialBatch(2, shape).Targets.Length);
    }
}
