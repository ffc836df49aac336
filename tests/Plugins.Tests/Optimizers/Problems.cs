using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Optimizers;

/// <summary>Smooth test functions with known minima, and their gradients. HS numbers: Hock and Schittkowski 1981, 10.1007/978-3-642-48320-2.</summary>
internal sealed record TestFunction(Func<double[], double> Value, Func<double[], double[]> Gradient)
{
    public static readonly TestFunction Rosenbrock = new(
        static x =>
        {
            var sum = 0.0;
            for (var i = 0; i + 1 < x.Length; i++)
            {
                sum += (100 * Square(x[i + 1] - Square(x[i]))) + Square(1 - x[i]);
            }

            return sum;
        },
        static x =>
        {
            var g = new double[x.Length];
            for (var i = 0; i + 1 < x.Length; i++)
            {
                var valley = x[i + 1] - Square(x[i]);
                g[i] += (-400 * x[i] * valley) - (2 * (1 - x[i]));
                g[i + 1] += 200 * valley;
            }

            return g;
        });

    public static readonly Func<double[], double> Sphere = static x => x.Sum(Square);

    public static readonly Func<double[], double> Rastrigin = static x => x.Sum(static v => Square(v) + (10 * (1 - Math.Cos(2 * Math.PI * v))));

    public static readonly Func<double[], double> Ellipsoid =
        static x => x.Select((v, i) => Math.Pow(1e6, x.Length == 1 ? 0 : i / (x.Length - 1.0)) * Square(v)).Sum();

    public static readonly TestFunction Hs3 = new(
        static x => x[1] + (1e-5 * Square(x[1] - x[0])),
        static x => [-2e-5 * (x[1] - x[0]), 1 + (2e-5 * (x[1] - x[0]))]);

    public static readonly TestFunction Hs4 = new(
        static x => (Math.Pow(x[0] + 1, 3) / 3) + x[1],
        static x => [Square(x[0] + 1), 1]);

    public static readonly TestFunction Hs5 = new(
        static x => Math.Sin(x[0] + x[1]) + Square(x[0] - x[1]) - (1.5 * x[0]) + (2.5 * x[1]) + 1,
        static x => [Math.Cos(x[0] + x[1]) + (2 * (x[0] - x[1])) - 1.5, Math.Cos(x[0] + x[1]) - (2 * (x[0] - x[1])) + 2.5]);

    public static readonly TestFunction Hs38 = new(
        static x => (100 * Square(x[1] - Square(x[0]))) + Square(1 - x[0]) + (90 * Square(x[3] - Square(x[2]))) + Square(1 - x[2])
            + (10.1 * (Square(x[1] - 1) + Square(x[3] - 1))) + (19.8 * (x[1] - 1) * (x[3] - 1)),
        static x =>
        [
            (-400 * x[0] * (x[1] - Square(x[0]))) - (2 * (1 - x[0])),
            (200 * (x[1] - Square(x[0]))) + (20.2 * (x[1] - 1)) + (19.8 * (x[3] - 1)),
            (-360 * x[2] * (x[3] - Square(x[2]))) - (2 * (1 - x[2])),
            (180 * (x[3] - Square(x[2]))) + (20.2 * (x[3] - 1)) + (19.8 * (x[1] - 1)),
        ]);

    public static readonly TestFunction Hs45 = new(
        static x => 2 - (x.Aggregate(1.0, static (p, v) => p * v) / 120),
        static x => [.. x.Select((_, i) => -x.Where((_, j) => j != i).Aggregate(1.0, static (p, v) => p * v) / 120)]);

    public static readonly TestFunction Hs110 = new(
        static x => x.Sum(static v => Square(Math.Log(v - 2)) + Square(Math.Log(10 - v))) - Math.Pow(x.Aggregate(1.0, static (p, v) => p * v), 0.2),
        static x =>
        {
            var product = Math.Pow(x.Aggregate(1.0, static (p, v) => p * v), 0.2);
            return [.. x.Select(v => (2 * Math.Log(v - 2) / (v - 2)) - (2 * Math.Log(10 - v) / (10 - v)) - (0.2 * product / v))];
        });

    /// <summary>A function of coordinates that were turned by a random rotation.</summary>
    public static Func<double[], double> Rotated(Func<double[], double> function, int n)
    {
        var random = new CountingStream(99);
        var axes = new List<double[]>();
        while (axes.Count < n)
        {
            double[] axis = [.. Enumerable.Range(0, n).Select(_ => random.Normal())];
            foreach (var other in axes)
            {
                var along = axis.Zip(other, static (a, b) => a * b).Sum();
                axis = [.. axis.Zip(other, (a, b) => a - (along * b))];
            }

            var length = Math.Sqrt(axis.Sum(Square));
            axes.Add([.. axis.Select(a => a / length)]);
        }

        return x => function([.. axes.Select(a => a.Zip(x, static (u, v) => u * v).Sum())]);
    }

    private static double Square(double x) => x * x;
}
