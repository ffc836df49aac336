using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Optimizers;

public sealed class BayesianTests
{
    /// <summary>Branin's function has three minima of 0.397887 (Dixon and Szego 1978, table 1).</summary>
    [Fact]
    public void Branin_is_solved_in_few_evaluations()
    {
        static double Branin(double[] x)
        {
            var bend = x[1] - (5.1 / (4 * Math.PI * Math.PI) * x[0] * x[0]) + (5 / Math.PI * x[0]) - 6;
            return (bend * bend) + (10 * (1 - (1 / (8 * Math.PI))) * Math.Cos(x[0])) + 10;
        }

        for (ulong seed = 1; seed <= 2; seed++)
        {
            var optimizer = Drive.Create("bayesian", ("maxEvaluations", 60), ("initial", 10), ("batch", 2));
            var problem = new OptimizationProblem([0, 7], [-5, 0], [10, 15], new Testing.Fakes.CountingStream(seed));
            Assert.Equal(60, Drive.Search(optimizer, Branin, problem));
            Assert.Equal(0.397887, optimizer.BestLoss, 1e-3);
            Assert.Equal(OptimizerStatus.Exhausted, optimizer.Status);
        }
    }

    [Fact]
    public void Candidates_of_one_batch_lie_apart()
    {
        var optimizer = Drive.Create("bayesian", ("initial", 12), ("batch", 6));
        optimizer.Begin(Drive.Drawn(2, -1, 1, 4));
        for (var round = 0; round < 3; round++)
        {
            var asked = optimizer.Ask();
            Assert.Equal(round == 0 ? 12 : 6, asked.Count);
            Assert.All(asked.Index(), a => Assert.All(asked.Take(a.Index), b => Assert.True(Distance(a.Item, b) > 1e-3)));
            optimizer.Tell([.. asked.Select(static x => new Evaluation(TestFunction.Rosenbrock.Value(x)))]);
        }

        static double Distance(double[] a, double[] b) => a.Zip(b, static (u, v) => Math.Abs(u - v)).Max();
    }
}
