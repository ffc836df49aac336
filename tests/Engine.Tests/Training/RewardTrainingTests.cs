using System.Text;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;
using BrainModular.Engine.Tests.Networks;
using BrainModular.Engine.Training;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using Xunit;

namespace BrainModular.Engine.Tests.Training;

/// <summary>Learning from rewards: against its definition in plain loops, what it learns, and that it goes on to the same bits.</summary>
public sealed class RewardTrainingTests
{
    private const int Batch = 5;

    /// <summary>Two batches, so that the expected reward has moved in between.</summary>
    [Fact]
    public void What_the_optimiser_is_told_is_eligibility_times_surprise()
    {
        var (network, told) = (OnlineDefinitionTests.Layers(new(2)), new Listener());
        var method = new OnlineMethod(OnlineRule.EligibilityPropagation) { Feedback = Feedback.Random };
        using var training = Training(network, method, told, new(4));
        training.Of.Begin(training.Start);
        var expected = 0.5;
        for (var number = 0; number < 2; number++)
        {
            training.Of.Step(default);
            var (gradient, reward) = Slow(network, training, number, expected);
            OnlineGradientTests.Equal(gradient, told.Gradient, 1e-9);
            Assert.Equal(1 - reward, told.Loss, 1e-12);
            Assert.InRange(reward, 0.1, 0.9);
            expected += (1 - Math.Pow(0.99, Batch)) * (reward - expected);
        }

        Assert.NotEqual(0.5, expected);
    }

    [Theory]
    [InlineData(OnlineRule.Diagonal, Feedback.Symmetric, false)]
    [InlineData(OnlineRule.EligibilityPropagation, Feedback.Random, false)]
    [InlineData(OnlineRule.Diagonal, Feedback.Symmetric, true)]
    public void It_learns_which_channel_fired_and_an_interruption_changes_no_bit(OnlineRule rule, Feedback feedback, bool isStream)
    {
        const int Cut = 33, Batches = 100;
        Fixture Fresh(int threads) => Training(WrittenNetwork.Recurrent(new(3)), new(rule) { Feedback = feedback }, new Descent(0.05), new(7), threads, isStream, batch: 16);
        using var whole = Fresh(threads: 1);
        whole.Of.Begin(whole.Start);
        Assert.InRange(whole.Of.Evaluate(TrialUse.Evaluation, whole.Start, 100, new PhiloxStream(9), default).Accuracy, 0.2, 0.8);
        var saved = new MemoryStream();
        for (var batch = 0; batch < Batches; batch++)
        {
            if (batch == Cut)
            {
                using var writer = new BinaryWriter(saved, Encoding.UTF8, leaveOpen: true);
                whole.Of.Save(writer);
            }

            whole.Of.Step(default);
        }

        saved.Position = 0;
        using var resumed = Fresh(threads: 2);
        resumed.Of.Restore(new(saved));
        while (resumed.Of.Batches < Batches)
        {
            resumed.Of.Step(default);
        }

        Assert.Equal(whole.Of.Coordinates, resumed.Of.Coordinates);
        var result = whole.Of.Evaluate(TrialUse.Evaluation, whole.Of.Coordinates, 200, new PhiloxStream(9), default);
        Assert.InRange(result.Accuracy, 0.9, 1);
        Assert.All(result.Rates.Values, static r => Assert.InRange(r, 0.1, 1000));
    }

    /// <summary>The same without any of the engine: each trial alone, with its own choice, spike by spike and synapse by synapse.</summary>
    private static (double[] Gradient, double Reward) Slow(NetworkDefinition network, Fixture training, int number, double expected)
    {
        var (task, shape) = (new WhichChannel(), training.Plan.Shape);
        var (sum, rewards) = (new double[training.Start.Length], 0.0);
        for (var trial = 0; trial < Batch; trial++)
        {
            var random = training.Random.Split($"batch.{number}").Split($"chunk.{trial}");
            var batch = new TrialBatch(1, shape);
            task.Generate(batch, random);

            // The answer period is the first of two, the other is that of steps in none; its mask is 1 in steps 20 to 29.
            var draws = random.Split("choices");
            var (moment, choice) = (20 + (int)(10 * draws.Uniform()), draws.Uniform());
            var run = new SlowNetwork(network);
            var error = new double[shape.Steps][];
            var isRight = false;
            for (var t = 0; t < shape.Steps; t++)
            {
                run.Step(training.Start, [.. Enumerable.Range(0, 4).Select(channel => (double)batch.Inputs[(t * 4) + channel])]);
                error[t] = new double[2];
                if (t == moment)
                {
                    var p = 1 / (1 + Math.Exp(run.Readout[t][1] - run.Readout[t][0]));
                    var chosen = choice < p ? 0 : 1;
                    error[t] = [p - (chosen == 0 ? 1 : 0), 1 - p - chosen];
                    isRight = chosen == (int)batch.Targets[t];
                }
            }

            var feedback = OnlineDefinitionTests.Drawn(network, training.Plan.Noise);
            var eligibility = new SlowGradient(run, error) { Weights = training.Start }.Propagated((cells, _) => feedback[cells]);
            sum = [.. sum.Zip(eligibility, (s, e) => s + (((isRight ? 1 : 0) - expected) * e / Batch))];
            rewards += isRight ? 1 : 0;
        }

        return (sum, rewards / Batch);
    }

    private static Fixture Training(NetworkDefinition network, OnlineMethod method, Listener optimizer, PhiloxStream random, int threads = 1, bool isStream = false, int batch = Batch)
    {
        var program = new NetworkProgram(network, Precision.Double, new() { Training = true, Online = method, Observed = ["out"] });
        var task = new WhichChannel();
        var plan = new TaskTrainingPlan(program, task, task.Shape(new Quantity(1, Units.ms)), "out", TaskLoss.CrossEntropy, batch)
        {
            Lanes = 8, Threads = threads, LearnsFromReward = true, IsStream = isStream, Noise = new(11),
        };
        return new(plan, new(plan, optimizer, random), program.InitialCoordinates(), random);
    }

    private sealed record Fixture(TaskTrainingPlan Plan, TaskTraining Of, double[] Start, PhiloxStream Random) : IDisposable
    {
        public void Dispose() => Of.Dispose();
    }
}
