using BrainModular.Optimizers;
using BrainModular.Random;
using BrainModular.Testing.Fakes;

namespace BrainModular.Abstractions.Tests.Contracts;

/// <summary>Optimisers unlike the built-in ones, to see that ask and tell holds them.</summary>
public sealed class OptimizerContractTests
{
    /// <summary>An evolution strategy: many candidates per Ask, no gradient, random numbers whose position is part of the state.</summary>
    private sealed class Evolution(int children) : Custom
    {
        private IRandomStream random = new CountingStream(0);
        private double[][] asked = [];

        public override EvaluationNeeds Needs => EvaluationNeeds.Loss;

        public override void Begin(OptimizationProblem problem)
        {
            (Best, BestLoss, random) = (problem.Start, double.PositiveInfinity, problem.Random);
            Draw();
        }

        public override IReadOnlyList<double[]> Ask() => asked;

        public override void Tell(IReadOnlyList<Evaluation> evaluations)
        {
            for (var i = 0; i < evaluations.Count; i++)
            {
                (Best, BestLoss) = evaluations[i].Loss < BestLoss ? (asked[i], evaluations[i].Loss) : (Best, BestLoss);
            }

            Draw();
        }

        public override void Save(BinaryWriter writer)
        {
            writer.Write(BestLoss);
            writer.Write(random.Position);
            foreach (var value in asked.SelectMany(static a => a).Concat(Best))
            {
                writer.Write(value);
            }
        }

        public override void Restore(BinaryReader reader, IRandomStream random)
        {
            (BestLoss, this.random) = (reader.ReadDouble(), random);
            random.Position = reader.ReadUInt64();
            double[] Two() => [reader.ReadDouble(), reader.ReadDouble()];
            asked = [.. Enumerable.Range(0, children).Select(_ => Two())];
            Best = Two();
        }

        private void Draw() => asked = [.. Enumerable.Range(0, children).Select(_ => Best.Select(v => v + (0.3 * random.Normal())).ToArray())];
    }

    /// <summary>Gauss and Newton's step: needs 2 J'J beside the gradient 2 J'r.</summary>
    private sealed class GaussNewton : Custom
    {
        public override EvaluationNeeds Needs => EvaluationNeeds.Loss | EvaluationNeeds.GaussNewton;

        public override void Begin(OptimizationProblem problem) => Best = problem.Start;

        public override IReadOnlyList<double[]> Ask() => [Best];

        public override void Tell(IReadOnlyList<Evaluation> evaluations)
        {
            var (g, h) = (evaluations[0].Gradient!, evaluations[0].GaussNewton!);
            var determinant = (h[0, 0] * h[1, 1]) - (h[0, 1] * h[1, 0]);
            BestLoss = evaluations[0].Loss;
            Best = [Best[0] - (((h[1, 1] * g[0]) - (h[0, 1] * g[1])) / determinant), Best[1] - (((h[0, 0] * g[1]) - (h[1, 0] * g[0])) / determinant)];
        }
    }

    [Fact]
    public void Evolution_asks_for_many_candidates_and_resumes_to_the_same_bits()
    {
        static Evaluation Bowl(double[] x) => new(((x[0] - 1) * (x[0] - 1)) + ((x[1] + 2) * (x[1] + 2)));
        var straight = new Evolution(8);
        straight.Begin(new([0, 0], [-9, -9], [9, 9], new CountingStream(11)));
        IOptimizer resumed = straight;
        for (var generation = 0; generation < 60; generation++)
        {
            if (generation == 20)
            {
                using var stream = new MemoryStream();
                using var writer = new BinaryWriter(stream);
                straight.Save(writer);
                stream.Position = 0;
                resumed = new Evolution(8);
                resumed.Restore(new BinaryReader(stream), new CountingStream(11));
            }

            Assert.Equal(straight.Ask(), resumed.Ask());
            Evaluation[] found = [.. straight.Ask().Select(Bowl)];
            straight.Tell(found);
            if (resumed != straight)
            {
                resumed.Tell(found);
            }
        }

        Assert.Equal(straight.Best, resumed.Best);
        Assert.InRange(straight.BestLoss, 0, 0.1);
    }

    [Fact]
    public void Products_of_a_Jacobian_reach_an_optimiser_that_asks_for_them()
    {
        // r = (10 (x1 - x0^2), 1 - x0), Rosenbrock's function: two steps from anywhere.
        var optimizer = new GaussNewton();
        optimizer.Begin(new([-1.2, 1], [-9, -9], [9, 9], new CountingStream(1)));
        for (var k = 0; k < 3; k++)
        {
            var x = optimizer.Ask()[0];
            double[] r = [10 * (x[1] - (x[0] * x[0])), 1 - x[0]];
            optimizer.Tell(
            [
                new(
                    (r[0] * r[0]) + (r[1] * r[1]),
                    [2 * ((-20 * x[0] * r[0]) - r[1]), 20 * r[0]],
                    new[,] { { 2 * ((400 * x[0] * x[0]) + 1), -400 * x[0] }, { -400 * x[0], 200 } }),
            ]);
        }

        Assert.Equal(0, optimizer.BestLoss, 1e-20);
    }

    private abstract class Custom : IOptimizer
    {
        public abstract EvaluationNeeds Needs { get; }

        public OptimizerStatus Status => OptimizerStatus.Running;

        public string Reason => "";

        public double[] Best { get; protected set; } = [];

        public double BestLoss { get; protected set; } = double.PositiveInfinity;

        public abstract void Begin(OptimizationProblem problem);

        public abstract IReadOnlyList<double[]> Ask();

        public abstract void Tell(IReadOnlyList<Evaluation> evaluations);

        public virtual void Save(BinaryWriter writer) => writer.Write(BestLoss);

        public virtual void Restore(BinaryReader reader, IRandomStream random) => BestLoss = reader.ReadDouble();
    }
}
