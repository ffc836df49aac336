using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Optimizers;

/// <summary>A sum of squares with known residuals and their Jacobian.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Residuals">r.</param>
/// <param name="Jacobian">The rows of J.</param>
internal sealed record SquareProblem(string Name, Func<double[], double[]> Residuals, Func<double[], double[][]> Jacobian)
{
    private static readonly double[] Bards = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39];

    /// <summary>
    /// Problems of More, Garbow and Hillstrom 1981, 10.1145/355934.355936, numbers 1, 4, 13, 8 and 12, each with its start, its minimum, and how many evaluations it may take.
    /// </summary>
    public static IReadOnlyList<(SquareProblem Problem, double[] Start, double Minimum, int Most)> Classical { get; } =
    [
        (new("Rosenbrock", static x => [10 * (x[1] - (x[0] * x[0])), 1 - x[0]], static x => [[-20 * x[0], 10], [-1, 0]]), [-1.2, 1], 0, 40),
        (new(
            "Brown, badly scaled", static x => [x[0] - 1e6, x[1] - 2e-6, (x[0] * x[1]) - 2], static x => [[1, 0], [0, 1], [x[1], x[0]]]), [1, 1], 0, 40),
        (new(
            "Powell, singular",
            static x => [x[0] + (10 * x[1]), Math.Sqrt(5) * (x[2] - x[3]), Square(x[1] - (2 * x[2])), Math.Sqrt(10) * Square(x[0] - x[3])],
            static x =>
            [
                [1, 10, 0, 0], [0, 0, Math.Sqrt(5), -Math.Sqrt(5)], [0, 2 * (x[1] - (2 * x[2])), -4 * (x[1] - (2 * x[2])), 0],
                [2 * Math.Sqrt(10) * (x[0] - x[3]), 0, 0, -2 * Math.Sqrt(10) * (x[0] - x[3])],
            ]), [3, -1, 0, 1], 0, 60),
        (new(
            "Bard",
            static x => [.. Bards.Select((y, i) => y - (x[0] + (U(i) / ((V(i) * x[1]) + (W(i) * x[2])))))],
            static x => [.. Bards.Select((_, i) => new[] { -1, U(i) * V(i) / Square((V(i) * x[1]) + (W(i) * x[2])), U(i) * W(i) / Square((V(i) * x[1]) + (W(i) * x[2])) })]),
            [1, 1, 1], 8.21487e-3, 40),
        (new(
            "Box, three-dimensional",
            static x => [.. Enumerable.Range(1, 10).Select(static i => 0.1 * i).Select(t => Math.Exp(-t * x[0]) - Math.Exp(-t * x[1]) - (x[2] * (Math.Exp(-t) - Math.Exp(-10 * t))))],
            static x => [.. Enumerable.Range(1, 10).Select(static i => 0.1 * i).Select(t => new[] { -t * Math.Exp(-t * x[0]), t * Math.Exp(-t * x[1]), -(Math.Exp(-t) - Math.Exp(-10 * t)) })]),
            [0, 10, 20], 0, 60),
    ];

    /// <summary>|A x - b|^2.</summary>
    public static SquareProblem Linear(double[][] rows, double[] b) => new("linear", x => [.. rows.Zip(b, (row, value) => Dot(row, x) - value)], _ => rows);

    public Evaluation Evaluate(double[] x)
    {
        var (r, rows, n) = (Residuals(x), Jacobian(x), x.Length);
        var products = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                products[i, j] = 2 * rows.Sum(row => row[i] * row[j]);
            }
        }

        return new(Dot(r, r), [.. x.Select((_, i) => 2 * rows.Zip(r, (row, value) => row[i] * value).Sum())], products);
    }

    /// <summary>Runs an optimiser to its end, checks that candidates stay in bounds, and gives how many there were.</summary>
    public int Minimize(IOptimizer optimizer, OptimizationProblem problem)
    {
        optimizer.Begin(problem);
        var count = 0;
        for (; optimizer.Status == OptimizerStatus.Running; count++)
        {
            var candidate = Assert.Single(optimizer.Ask());
            Assert.All(candidate.Zip(problem.Lower, problem.Upper), static v => Assert.InRange(v.First, v.Second, v.Third));
            optimizer.Tell([Evaluate(candidate)]);
        }

        Assert.NotEmpty(optimizer.Reason);
        return count;
    }

    private static double U(int i) => i + 1;

    private static double V(int i) => 15 - i;

    private static double W(int i) => Math.Min(U(i), V(i));

    private static double Dot(double[] a, double[] b) => a.Zip(b, static (x, y) => x * y).Sum();

    private static double Square(double x) => x * x;
}
