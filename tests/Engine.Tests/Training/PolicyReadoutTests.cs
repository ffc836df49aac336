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

/// <summary>Choices of a softmax and their rewards, enumerated: on the average they give the gradient of the expected reward.</summary>
public sealed class PolicyReadoutTests
{
    private const double Expected = 0.3;

    /// <summary>In the smooth network, where derivatives can be taken by differences, and by the method that leaves nothing out.</summary>
    [Fact]
    public void All_choices_weighted_by_their_probability_give_the_derivative_of_the_expected_reward()
    {
        var trials = new TwoQuestions(steps: 30, seed: 3);
        var network = WrittenNetwork.Everything(new(1));
        var (program, plain) = (Program(network, new(OnlineRule.RealTimeRecurrent), smooth: true), Program(network, null, smooth: true));
        var coordinates = program.InitialCoordinates();
        var mean = Enumerated(program, coordinates, trials);
        OnlineGradientTests.Equal(Gradient(plain, coordinates, trials), mean, 1e-9);
        for (var i = 0; i < coordinates.Length; i += 5)
        {
            double Reward(double by)
            {
                double[] moved = [.. coordinates];
                moved[i] += by;
                return ExpectedReward(plain, moved, trials);
            }

            var h = 3e-4 * Math.Max(Math.Abs(coordinates[i]), 1e-3);
            var difference = -((8 * (Reward(h) - Reward(-h))) - (Reward(2 * h) - Reward(-2 * h))) / (12 * h);
            Assert.True(Math.Abs(mean[i] - difference) <= 1e-6 * Math.Max(Math.Abs(difference), 1e-2 * mean.Max(Math.Abs)), $"coordinate {i}: {mean[i]} instead of {difference}");
        }
    }

    /// <summary>Cells that spike, without recurrent connections, where these traces leave nothing out.</summary>
    [Theory]
    [InlineData(OnlineRule.Diagonal, 0)]
    [InlineData(OnlineRule.Diagonal, 2)]
    [InlineData(OnlineRule.EligibilityPropagation, 2)]
    public void Traces_give_the_surrogate_gradient_of_the_expected_reward(OnlineRule rule, int readoutDelay)
    {
        var network = WrittenNetwork.Recurrent(new(2), readoutDelay);
        network = network with { Projections = [.. network.Projections.Where(static p => p.Name is not ("E.E" or "E.I" or "I.E"))] };
        var trials = new TwoQuestions(steps: 60, seed: 4);
        var program = Program(network, new(rule));
        var coordinates = program.InitialCoordinates();
        OnlineGradientTests.Equal(Gradient(Program(network, null), coordinates, trials), Enumerated(program, coordinates, trials), 1e-9);
    }

    [Fact]
    public void Choices_come_when_the_mask_says_and_as_often_as_the_policy_says()
    {
        const int Lanes = 4000;
        var shape = new TaskShape(4, 1, Models.PortKind.Event, [], 3, TargetKind.Class, ["a", "b", "c"], [new("first", 0, 3)]);
        var batch = new TrialBatch(Lanes, shape);
        float[] mask = [0, 1, 3, 0];
        for (var lane = 0; lane < Lanes; lane++)
        {
            for (var step = 0; step < 4; step++)
            {
                (batch.Mask[(step * Lanes) + lane], batch.Targets[(step * Lanes) + lane]) = (mask[step], 2);
            }
        }

        var plan = Plan(Program(WrittenNetwork.Recurrent(new(2)), null), shape);
        var score = new TrialScore(plan, batch);
        var policy = new PolicyReadout(score, batch, shape);
        score.Begin(Lanes - 1, 1);
        policy.Begin(Lanes - 1, new PhiloxStream(5));
        var steps = policy.Choices[..(Lanes - 1)].GroupBy(static c => c.Step).ToDictionary(static g => g.Key, static g => g.Count() / (double)Lanes);
        Assert.Equal([1, 2], steps.Keys.Order());
        Assert.InRange(steps[1], 0.25 - 0.03, 0.25 + 0.03);
        Assert.All(policy.Choices[(Lanes - 1)..], static c => Assert.Equal(-1, c.Step));

        double[] values = [.. Enumerable.Repeat(Math.Log(0.1), Lanes), .. Enumerable.Repeat(Math.Log(0.3), Lanes), .. Enumerable.Repeat(Math.Log(0.6), Lanes)];
        policy.Observe(1, values);
        policy.Observe(2, values);
        var rewards = Enumerable.Range(0, Lanes).Select(policy.Reward).ToList();
        Assert.All(rewards, static r => Assert.True(r is 0 or 1));
        Assert.InRange(rewards.Average(), 0.6 - 0.03, 0.6 + 0.03);

        // The same numbers make the same choices, whoever draws them.
        var again = new PolicyReadout(score, batch, shape);
        again.Begin(Lanes - 1, new PhiloxStream(5));
        Assert.Equal(policy.Choices, again.Choices);
    }

    /// <summary>The mean over all choices, each with its probability, of what the reward is above a number times the gradient of -ln p.</summary>
    private static double[] Enumerated(NetworkProgram program, double[] coordinates, TwoQuestions trials)
    {
        using var batch = OnlineBatch.Open(program, new(1, 1, 1, default));
        var (sum, gradient, total) = (new double[coordinates.Length], new double[coordinates.Length], 0.0);
        foreach (var choice in trials.All(Policies(program, coordinates, trials)))
        {
            var readout = trials.Choose(Plan(program, trials.Shape), choice, Expected);
            batch.Begin(coordinates);
            batch.Advance(coordinates, [readout], 0, trials.Shape.Steps, isEnd: true, gradient);
            Assert.True(batch.SpikeCounts("E")[0][0] > 0);
            Assert.Equal(choice.Reward, readout.Policy.Reward(0));
            total += choice.Probability;
            sum = [.. sum.Zip(gradient, (s, g) => s + (choice.Probability * g))];
        }

        Assert.Equal(1, total, 1e-12);
        return sum;
    }

    /// <summary>Minus the gradient of the expected reward by backpropagation through time.</summary>
    private static double[] Gradient(NetworkProgram program, double[] coordinates, TwoQuestions trials)
    {
        using var batch = NetworkBatch.Open(program, new(trials.Shape.Steps, 1, 1));
        var gradient = new double[coordinates.Length];
        batch.Run(coordinates, [trials.Watch()], gradient);
        return gradient;
    }

    private static double ExpectedReward(NetworkProgram program, double[] coordinates, TwoQuestions trials)
    {
        using var batch = NetworkBatch.Open(program, new(trials.Shape.Steps, 1, 1));
        var watch = trials.Watch();
        batch.Run(coordinates, [watch], null);
        return watch.Reward;
    }

    private static double[][] Policies(NetworkProgram program, double[] coordinates, TwoQuestions trials)
    {
        using var batch = NetworkBatch.Open(program, new(trials.Shape.Steps, 1, 1));
        var watch = trials.Watch();
        batch.Run(coordinates, [watch], null);
        return watch.Policies;
    }

    private static TaskTrainingPlan Plan(NetworkProgram program, TaskShape shape) => new(program, new WhichChannel(), shape, "out", TaskLoss.CrossEntropy, Batch: 1) { Lanes = 1 };

    private static NetworkProgram Program(NetworkDefinition network, OnlineMethod? method, bool smooth = false) =>
        new(network, Precision.Double, new() { Training = true, Smooth = smooth, Online = method, Observed = ["out"] });
}
