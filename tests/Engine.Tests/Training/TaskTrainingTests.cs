using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Tests.Networks;
using BrainModular.Engine.Training;
using BrainModular.Optimizers;
using BrainModular.Random;
using BrainModular.Symbolics;
using BrainModular.Tasks;
using Xunit;

namespace BrainModular.Engine.Tests.Training;

/// <summary>Training on a task: its loss's derivative, what it learns, and that it goes on to the same bits.</summary>
public sealed class TaskTrainingTests
{
    [Theory]
    [InlineData(TaskLoss.CrossEntropy, 0, 0)]
    [InlineData(TaskLoss.MeanSquaredError, 0, 0)]
    [InlineData(TaskLoss.CrossEntropy, 1e-3, 0)]
    [InlineData(TaskLoss.CrossEntropy, 0, 1e-2)]
    public void What_the_optimiser_is_told_is_the_derivative_of_the_mean_loss(TaskLoss loss, double rateWeight, double voltageWeight)
    {
        var told = new Listener();
        using var training = Training(told, loss, smooth: true, rates: rateWeight > 0 ? new(rateWeight, 20) : null, voltages: voltageWeight > 0 ? new(voltageWeight, -61, -58) : null);
        var start = training.Start;
        foreach (var i in (int[])[0, 7, 21, 33, start.Length - 1])
        {
            double LossAt(double by)
            {
                double[] moved = [.. start];
                moved[i] += by;
                training.Of.Begin(moved);
                return training.Of.Step(default).Loss;
            }

            var h = 1e-5;
            var expected = (LossAt(h) - LossAt(-h)) / (2 * h);
            LossAt(0);
            Assert.True(Math.Abs(told.Gradient[i] - expected) <= 1e-6 * Math.Max(Math.Abs(expected), 1e-2 * told.Gradient.Max(Math.Abs)), $"{i}: {told.Gradient[i]} instead of {expected}");
        }
    }

    [Fact]
    public void It_learns_which_channel_fired_and_an_interruption_changes_no_bit()
    {
        using var whole = Training(new Descent(0.05), TaskLoss.CrossEntropy);
        whole.Of.Begin(whole.Start);
        Assert.InRange(whole.Of.Evaluate(TrialUse.Evaluation, whole.Start, 100, new PhiloxStream(9), default).Accuracy, 0.2, 0.8);
        using var first = Training(new Descent(0.05), TaskLoss.CrossEntropy);
        first.Of.Begin(first.Start);
        var saved = new MemoryStream();
        for (var batch = 0; batch < 60; batch++)
        {
            whole.Of.Step(default);
            if (batch < 25)
            {
                first.Of.Step(default);
            }
        }

        using (var writer = new BinaryWriter(saved, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            first.Of.Save(writer);
        }

        saved.Position = 0;
        using var resumed = Training(new Descent(0.05), TaskLoss.CrossEntropy, threads: 2);
        resumed.Of.Restore(new(saved));
        Assert.Equal(25, resumed.Of.Batches);
        while (resumed.Of.Batches < 60)
        {
            resumed.Of.Step(default);
        }

        Assert.Equal(whole.Of.Coordinates, resumed.Of.Coordinates);
        var result = whole.Of.Evaluate(TrialUse.Evaluation, whole.Of.Coordinates, 100, new PhiloxStream(9), default);
        Assert.InRange(result.Accuracy, 0.9, 1);
        Assert.All(result.Rates.Values, static r => Assert.InRange(r, 0.1, 1000));
    }

    /// <summary>Weights learn from trials of training alone; others choose between them, and others judge them.</summary>
    [Fact]
    public void Each_use_has_the_trials_that_the_task_keeps_for_it()
    {
        var shown = new List<TrialUse>();
        using var training = Training(new Descent(0.05), TaskLoss.CrossEntropy, task: new KeptApart(shown));
        training.Of.Begin(training.Start);
        TrialUse[] Shown(Action act)
        {
            shown.Clear();
            act();
            return [.. shown.Distinct()];
        }

        Assert.Equal([TrialUse.Training], Shown(() => training.Of.Step(default)));
        Assert.Equal([TrialUse.Validation], Shown(() => training.Of.Evaluate(TrialUse.Validation, training.Start, 30, new PhiloxStream(9), default)));
        Assert.Equal([TrialUse.Evaluation], Shown(() => training.Of.Evaluate(TrialUse.Evaluation, training.Start, 30, new PhiloxStream(9), default)));
        Assert.Equal([TrialUse.Evaluation], Shown(() => TaskTraining.Accuracy(training.Plan, 30, new PhiloxStream(9), static batch => new float[30 * 2 * batch.Trials])));
        Assert.Equal([TrialUse.Evaluation], Shown(() => SampleTrial.Record(training.Plan, training.Start, 1, new PhiloxStream(9), default)));
    }

    private static Fixture Training(
        IOptimizer optimizer, TaskLoss loss, bool smooth = false, int threads = 1, RateRegularizer? rates = null, VoltageRegularizer? voltages = null, ITask? task = null)
    {
        var network = WrittenNetwork.Everything(new(3));
        var program = new NetworkProgram(network, Precision.Double, new() { Training = true, Smooth = smooth, Observed = ["out"], Rates = rates, Voltages = voltages });
        task ??= new WhichChannel();
        var plan = new TaskTrainingPlan(program, task, task.Shape(new Quantity(1, Units.ms)), "out", loss, Batch: 12) { Lanes = 8, Threads = threads };
        return new(plan, new(plan, optimizer, new PhiloxStream(4)), program.InitialCoordinates());
    }

    private sealed record Fixture(TaskTrainingPlan Plan, TaskTraining Of, double[] Start) : IDisposable
    {
        public void Dispose() => Of.Dispose();
    }

    /// <summary>A task that takes down what its trials are for.</summary>
    private sealed class KeptApart(List<TrialUse> shown, TrialUse? use = null) : ITask
    {
        private readonly WhichChannel task = new();

        public TaskShape Shape(Quantity timeStep) => task.Shape(timeStep);

        public void Generate(TrialBatch batch, IRandomStream random)
        {
            shown.Add(use ?? throw new InvalidOperationException("trials of no use were made"));
            task.Generate(batch, random);
        }

        public ITask For(TrialUse wanted) => new KeptApart(shown, wanted);
    }
}
