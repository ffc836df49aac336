using BrainModular.Optimizers;
using BrainModular.Plugins.Optimizers;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Optimizers;

/// <summary>Runs optimisers on test functions.</summary>
internal static class Drive
{
    public static IOptimizer Create(string name, params (string Key, object Value)[] settings) =>
        RecordingCatalog.Of(new OptimizersPlugin()).Create<IOptimizer>(name, settings);

    public static OptimizationProblem Problem(double[] start, double[]? lower = null, double[]? upper = null) => new(
        start,
        lower ?? [.. start.Select(static _ => double.NegativeInfinity)],
        upper ?? [.. start.Select(static _ => double.PositiveInfinity)],
        new CountingStream(1));

    /// <summary>A problem in a box that begins anywhere in it.</summary>
    public static OptimizationProblem Drawn(int n, double lower, double upper, ulong seed)
    {
        var random = new CountingStream(seed);
        double[] start = [.. Enumerable.Range(0, n).Select(_ => lower + (random.Uniform() * (upper - lower)))];
        return new(start, [.. start.Select(_ => lower)], [.. start.Select(_ => upper)], random.Split("optimizer"));
    }

    public static OptimizationProblem Box(double[] start, double lower, double upper) =>
        Problem(start, [.. start.Select(_ => lower)], [.. start.Select(_ => upper)]);

    /// <summary>The classical start of Rosenbrock's function, (-1.2, 1) repeated.</summary>
    public static double[] RosenbrockStart(int n) => [.. Enumerable.Range(0, n).Select(static i => i % 2 == 0 ? -1.2 : 1)];

    /// <summary>Runs to the end, checks that candidates stay in bounds, and gives how many there were.</summary>
    public static int ToTheEnd(IOptimizer optimizer, TestFunction function, OptimizationProblem problem)
    {
        optimizer.Begin(problem);
        var count = 0;
        for (; optimizer.Status == OptimizerStatus.Running; count++)
        {
            var candidate = Assert.Single(optimizer.Ask());
            for (var i = 0; i < candidate.Length; i++)
            {
                Assert.InRange(candidate[i], problem.Lower[i], problem.Upper[i]);
            }

            optimizer.Tell([new(function.Value(candidate), function.Gradient(candidate))]);
        }

        Assert.NotEmpty(optimizer.Reason);
        return count;
    }

    /// <summary>Runs an optimiser that needs no gradient, to its end or a loss, checks that candidates stay in bounds, and gives how many there were.</summary>
    public static int Search(IOptimizer optimizer, Func<double[], double> function, OptimizationProblem problem, double target = double.NegativeInfinity)
    {
        optimizer.Begin(problem);
        var count = 0;
        while (optimizer.Status == OptimizerStatus.Running && optimizer.BestLoss > target)
        {
            var asked = optimizer.Ask();
            Assert.NotEmpty(asked);
            foreach (var candidate in asked)
            {
                for (var i = 0; i < candidate.Length; i++)
                {
                    Assert.True(candidate[i] >= problem.Lower[i] && candidate[i] <= problem.Upper[i]);
                }
            }

            count += asked.Count;
            optimizer.Tell([.. asked.Select(x => new Evaluation(function(x)))]);
        }

        Assert.True(optimizer.Status == OptimizerStatus.Running || optimizer.Reason.Length > 0);
        return count;
    }

    public static byte[] Saved(IOptimizer optimizer)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        optimizer.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }

    public static void Restore(IOptimizer optimizer, byte[] state)
    {
        using var reader = new BinaryReader(new MemoryStream(state));
        optimizer.Restore(reader, new CountingStream(1));
        Assert.Equal(state.Length, reader.BaseStream.Position);
    }
}
