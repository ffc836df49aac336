using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Tests.Networks;
using BrainModular.Engine.Training;
using BrainModular.Symbolics;
using Xunit;

namespace BrainModular.Engine.Tests.Training;

/// <summary>The trial that is shown is one of the task, and what is shown of it is what the network did.</summary>
public sealed class SampleTrialTests
{
    private readonly TaskTrainingPlan plan = Plan();

    [Fact]
    public void It_is_a_trial_of_the_task_and_the_same_stream_gives_the_same_one()
    {
        var sample = Record(plan, 3);

        Assert.Equal(["answer"], sample.Shape.Periods.Select(static p => p.Name));
        Assert.Equal(1, sample.Trial.Trials);
        var answer = (int)sample.Trial.Targets[0];
        Assert.Equal([.. Enumerable.Repeat(0f, 20), .. Enumerable.Repeat(1f, 10)], sample.Trial.Mask);
        Assert.All(Enumerable.Range(0, 30 * 4).Where(i => sample.Trial.Inputs[i] > 0), i => Assert.Equal(answer, i % 4 / 2));
        Assert.Contains(1f, sample.Trial.Inputs);

        var means = sample.Readout.Select(static y => y[20..].Average()).ToArray();
        Assert.Equal((means[answer] > means[1 - answer] ? 1 : 0, 1), sample.Answers);
        var again = Record(plan, 3);
        Assert.Equal(sample.Trial.Inputs, again.Trial.Inputs);
        Assert.Equal(sample.Readout, again.Readout);
        Assert.NotEqual(sample.Trial.Inputs, Record(plan, 4).Trial.Inputs);
    }

    [Fact]
    public void The_readout_is_what_the_populations_spikes_make_of_it()
    {
        var sample = Record(plan, 3);
        var (network, start) = (plan.Program, plan.Program.InitialCoordinates());
        Assert.Equal([("E", 5), ("I", 3)], sample.Populations.Select(static p => (p.Name, p.Units)));
        Assert.All(sample.Populations, static p => Assert.NotEmpty(p.Spikes));

        // y decays by exp(-1 ms / 10 ms) and each spike adds its weight in the step in which it is sent.
        double[] y = [0, 0];
        for (var step = 0; step < sample.Shape.Steps; step++)
        {
            for (var unit = 0; unit < 2; unit++)
            {
                y[unit] *= Math.Exp(-0.1);
                foreach (var population in (string[])["E", "I"])
                {
                    var weights = network.Weights($"{population}.out", start);
                    y[unit] += Spikes(sample, population).Where(s => s.Step == step).Sum(s => weights[(s.Unit * 2) + unit]);
                }

                Assert.Equal(y[unit], sample.Readout[unit][step], 1e-9);
            }
        }
    }

    [Fact]
    public void Potentials_are_those_of_units_far_apart_and_reset_at_spikes_beyond_the_threshold()
    {
        var sample = Record(plan, 3);

        Assert.Equal([("E", 1), ("E", 3), ("I", 0), ("I", 2)], sample.Potentials.Select(static p => (p.Population, p.Unit)));
        foreach (var trace in sample.Potentials)
        {
            Assert.Equal("mV", trace.In.Symbol);
            Assert.Equal(-50, trace.Threshold!.Value, 12);
            Assert.All(trace.Samples, v => Assert.True(v < trace.Threshold));
            Assert.All(Spikes(sample, trace.Population).Where(s => s.Unit == trace.Unit), s => Assert.Equal(-60, trace.Samples[s.Step], 12));
        }

        Assert.Contains(sample.Potentials, p => Spikes(sample, p.Population).Any(s => s.Unit == p.Unit));
    }

    private static IReadOnlyList<RecordedSpike> Spikes(SampleTrial sample, string population) => sample.Populations.Single(p => p.Name == population).Spikes;

    private static SampleTrial Record(TaskTrainingPlan plan, ulong seed) =>
        SampleTrial.Record(plan, plan.Program.InitialCoordinates(), 2, new PhiloxStream(seed), default);

    private static TaskTrainingPlan Plan()
    {
        var program = new NetworkProgram(WrittenNetwork.Everything(new(3)), Precision.Double, new() { Training = true, Observed = ["out"] });
        var task = new WhichChannel();
        return new(program, task, task.Shape(new Quantity(1, Units.ms)), "out", TaskLoss.CrossEntropy, Batch: 12) { Lanes = 8 };
    }
}
