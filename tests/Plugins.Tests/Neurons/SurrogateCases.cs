using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Neurons;

/// <summary>A surrogate with settings, and what is published of it, in plain numbers.</summary>
/// <param name="Name">Its name in configurations.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Derivative">The published derivative.</param>
/// <param name="AtThreshold">S(0).</param>
/// <param name="Support">Where the derivative ends; null where it does not.</param>
internal sealed record SurrogateCase(
    string Name, (string, object)[] Settings, Func<double, double> Derivative, double AtThreshold, double? Support = null)
{
    public static readonly IReadOnlyList<SurrogateCase> All =
    [
        new("sigmoid", [], static x => 4 * Logistic(4 * x) * Logistic(-4 * x), 0.5),
        new("sigmoid", [("slope", 0.7)], static x => 0.7 * Logistic(0.7 * x) * Logistic(-0.7 * x), 0.5),
        new("arctan", [], static x => 1 / (1 + Square(Math.PI * x)), 0.5),
        new("arctan", [("slope", 0.3)], static x => 0.15 / (1 + Square(Math.PI * 0.15 * x)), 0.5),
        new("gaussian", [], static x => Normal(x, 0, 0.5), 0.5),
        new("gaussian", [("deviation", 2.0), ("scale", 0.5)], static x => Normal(x, 0, 2) / 2, 0.25),
        new("relu", [], static x => 0.3 * Math.Max(0, 1 - Math.Abs(x)), 0.15, 1),
        new("relu", [("slope", 1.5), ("width", 2.5)], static x => 1.5 * Math.Max(0, 2.5 - Math.Abs(x)), 1.5 * 2.5 * 2.5 / 2, 2.5),
        new("none", [], static _ => 0, 0, 0),
        new("piecewise-quadratic", [], static x => Math.Max(0, 1 - Math.Abs(x)), 0.5, 1),
        new("piecewise-quadratic", [("slope", 0.4)], static x => Math.Max(0, 0.4 - (0.16 * Math.Abs(x))), 0.5, 2.5),
        new("piecewise-exp", [], static x => Math.Exp(-Math.Abs(x)) / 2, 0.5),
        new("piecewise-exp", [("slope", 2.0)], static x => Math.Exp(-2 * Math.Abs(x)), 0.5),
        new("soft-sign", [], static x => 0.5 / Square(1 + Math.Abs(x)), 0.5),
        new("soft-sign", [("slope", 3.0)], static x => 1.5 / Square(1 + (3 * Math.Abs(x))), 0.5),
        new("nonzero-sign-log", [], static x => 1 / (1 + Math.Abs(x)), 0),
        new("nonzero-sign-log", [("slope", 2.0)], static x => 1 / (0.5 + Math.Abs(x)), 0),
        new("erf", [], static x => Math.Exp(-x * x) / Math.Sqrt(Math.PI), 0.5),
        new("erf", [("slope", 1.7)], static x => 1.7 / Math.Sqrt(Math.PI) * Math.Exp(-Square(1.7 * x)), 0.5),
        new("piecewise-leaky-relu", [], static x => Math.Abs(x) <= 1 ? 1 : 0.01, 1),
        new("piecewise-leaky-relu", [("width", 2.5), ("tail", 0.0)], static x => Math.Abs(x) <= 2.5 ? 0.4 : 0, 1, 2.5),
        new("squarewave-fourier-series", [], static x => (Math.Cos(Math.PI / 4 * x) + Math.Cos(3 * Math.PI / 4 * x)) / 2, 0.5, 32768),
        new("squarewave-fourier-series", [("terms", 5), ("period", 3.0)], static x => Enumerable.Range(0, 5).Sum(i => 4 / 3.0 * Math.Cos(((2 * i) + 1) * 2 * Math.PI / 3 * x)), 0.5, 12288),
        new("s2nn", [], static x => x < 0 ? 4 * Logistic(4 * x) * Logistic(-4 * x) : 1 / (x + 1), 0.5),
        new("s2nn", [("slope", 8.0), ("above", 2.0)], static x => x < 0 ? 8 * Logistic(8 * x) * Logistic(-8 * x) : 2 / (x + 1), 0.5),
        new("q-pseudo-spike", [], static x => 1 / Square(1 + (2 * Math.Abs(x))), 0.5),
        new("q-pseudo-spike", [("exponent", 3.5)], static x => Math.Pow(1 + (0.8 * Math.Abs(x)), -3.5), 0.5),
        new("leaky-relu", [], static x => x < 0 ? 0.1 : 1, 0),
        new("leaky-relu", [("below", 0.0), ("above", 0.5)], static x => x < 0 ? 0 : 0.5, 0),
        new("log-tailed-relu", [], static x => x <= 0 ? 0 : x <= 1 ? 1 : 1 / x, 0),
        new("log-tailed-relu", [("below", 0.2)], static x => x <= 0 ? 0.2 : x <= 1 ? 1 : 1 / x, 0),
        new("multi-gaussian-grad", [], static x => 0.5 * ((1.15 * Normal(x, 0, 0.5)) - (0.15 * Normal(x, 0.5, 3)) - (0.15 * Normal(x, -0.5, 3))), 0.2125),
        new("multi-gaussian-grad", [("deviation", 1.0), ("trough", 0.3), ("spread", 2.0), ("scale", 1.0)], static x => (1.3 * Normal(x, 0, 1)) - (0.3 * Normal(x, 1, 2)) - (0.3 * Normal(x, -1, 2)), 0.35),
        new("inv-square-grad", [], static x => 1 / Square(1 + (100 * Math.Abs(x))), 0.01),
        new("inv-square-grad", [("slope", 2.0)], static x => 1 / Square(1 + (2 * Math.Abs(x))), 0.5),
        new("slayer-grad", [], static x => Math.Exp(-Math.Abs(x)), 1),
        new("slayer-grad", [("slope", 4.0)], static x => Math.Exp(-4 * Math.Abs(x)), 0.25),
    ];

    public ISurrogate Create() => RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>(Name, Settings);

    public override string ToString() => $"{Name} {string.Join(", ", Settings.Select(static s => $"{s.Item1} = {s.Item2}"))}";

    private static double Logistic(double x) => 1 / (1 + Math.Exp(-x));

    private static double Normal(double x, double mean, double deviation) =>
        Math.Exp(-Square((x - mean) / deviation) / 2) / (deviation * Math.Sqrt(2 * Math.PI));

    private static double Square(double x) => x * x;
}
