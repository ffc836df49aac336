using BrainModular.Diagnostics;
using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Optimizers;

public sealed class SavedStateTests
{
    [Theory]
    [InlineData("l-bfgs-b", false)]
    [InlineData("l-bfgs-b", true)]
    [InlineData("adam", true)]
    [InlineData("adamw", true)]
    [InlineData("sgd", true)]
    public void Optimiser_restored_before_every_evaluation_ends_with_the_same_bits(string name, bool walled)
    {
        // With the wall, states inside of a line search that was begun anew are saved, too.
        Evaluation Evaluate(double[] x) => walled && x[0] > 0.3 && x[1] > 0.9
            ? new(double.PositiveInfinity, [double.NaN, double.NaN, double.NaN, double.NaN])
            : new(TestFunction.Rosenbrock.Value(x), TestFunction.Rosenbrock.Gradient(x));
        (string, object)[] settings = name switch
        {
            "l-bfgs-b" => [],
            "sgd" => [("maxIterations", 300), ("learningRate", 0.02), ("clip", 2.0), ("schedule", "cosine"), ("nesterov", true)],
            _ => [("maxIterations", 300), ("learningRate", 0.05), ("schedule", "exponential"), ("warmUpSteps", 5)],
        };
        var straight = Drive.Create(name, settings);
        var broken = Drive.Create(name, settings);
        var problem = Drive.Box(Drive.RosenbrockStart(4), -1.5, 2);
        straight.Begin(problem);
        broken.Begin(problem);
        var steps = 0;
        for (; straight.Status == OptimizerStatus.Running; steps++)
        {
            var asked = straight.Ask()[0];
            var afterAsk = Drive.Create(name, settings);
            Drive.Restore(afterAsk, Drive.Saved(broken));
            Assert.Equal(Bits(asked), Bits(afterAsk.Ask()[0]));
            var found = Evaluate(asked);
            straight.Tell([found]);
            afterAsk.Tell([found]);
            broken = Drive.Create(name, settings);
            Drive.Restore(broken, Drive.Saved(afterAsk));
        }

        Assert.True(steps > 20);
        Assert.Equal(straight.Status, broken.Status);
        Assert.Equal(straight.Reason, broken.Reason);
        Assert.Equal(Bits(straight.Best), Bits(broken.Best));
        Assert.Equal(Drive.Saved(straight), Drive.Saved(broken));
    }

    [Theory]
    [InlineData("differential-evolution")]
    [InlineData("differential-evolution", "crossover", "two-point")]
    [InlineData("particle-swarm")]
    [InlineData("cma-es")]
    [InlineData("cma-es", "xtol", 0.01)]
    [InlineData("nelder-mead")]
    [InlineData("random-search")]
    [InlineData("bayesian", "initial", 8)]
    [InlineData("grid-search", "neighbours", "1")]
    public void Search_restored_before_and_after_every_question_ends_with_the_same_bits(string name, string? key = null, object? value = null)
    {
        static double Walled(double[] x) => x[0] > 0.3 && x[1] > 0.9 ? double.NaN : TestFunction.Rosenbrock.Value(x);
        (string, object)[] settings =
        [
            .. name == "grid-search" ? [("population", (object)50)] : name is "differential-evolution" or "particle-swarm" ? [("population", (object)8), ("maxGenerations", 30)] : new (string, object)[] { ("maxEvaluations", name == "bayesian" ? 30 : 400) },
            .. key is null ? [] : new[] { (key, value!) },
        ];
        var (straight, broken) = (Drive.Create(name, settings), Drive.Create(name, settings));
        var problem = Drive.Box(Drive.RosenbrockStart(3), -1.5, 2);
        Drive.Search(straight, Walled, problem);
        broken.Begin(Drive.Box(Drive.RosenbrockStart(3), -1.5, 2));
        while (broken.Status == OptimizerStatus.Running)
        {
            broken = Again(broken);
            Evaluation[] found = [.. broken.Ask().Select(static x => new Evaluation(Walled(x)))];
            broken = Again(broken);
            broken.Tell(found);
        }

        Assert.Equal(Drive.Saved(straight), Drive.Saved(broken));
        Assert.True(double.IsFinite(straight.BestLoss));

        IOptimizer Again(IOptimizer optimizer)
        {
            var again = Drive.Create(name, settings);
            Drive.Restore(again, Drive.Saved(optimizer));
            return again;
        }
    }

    [Theory]
    [InlineData("differential-evolution")]
    [InlineData("particle-swarm")]
    [InlineData("cma-es")]
    [InlineData("nelder-mead")]
    [InlineData("random-search")]
    [InlineData("grid-search")]
    [InlineData("bayesian")]
    [InlineData("l-bfgs-b")]
    [InlineData("levenberg-marquardt")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("sgd")]
    public void State_of_another_version_is_refused_with_a_cure(string name)
    {
        var fault = Assert.Throws<DiagnosticException>(() => Drive.Restore(Drive.Create(name), BitConverter.GetBytes(99)));
        Assert.Equal("BM3901", fault.Diagnostics[0].Id);
        Assert.NotNull(fault.Diagnostics[0].Cure);
    }

    private static IEnumerable<long> Bits(double[] values) => values.Select(BitConverter.DoubleToInt64Bits);
}
