using BrainModular.Engine.Fitting;
using BrainModular.Optimizers;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Losses that are means over values of a parameter.</summary>
public sealed class JitterTests
{
    private const double HalfWidth = 3;
    private const int Points = 5;

    /// <summary>In the middle of the bounds, and where values beyond the jittered parameter's own are among those that count.</summary>
    [Theory]
    [InlineData(0.4)]
    [InlineData(0)]
    [InlineData(1)]
    public void The_loss_is_the_mean_over_values_to_both_sides(double at)
    {
        var plan = TinyFit.Plan();
        var index = Index(plan);
        var jittered = plan.Free[index];
        var wide = jittered with { Lower = jittered.Lower - (2 * HalfWidth), Upper = jittered.Upper + (2 * HalfWidth) };
        double[][] shifted = [.. Enumerable.Range(0, Points).Select(k =>
        {
            double[] point = [.. plan.Free.Select(static _ => 0.3)];
            point[index] = wide.Coordinate(jittered.Value(at) + (HalfWidth * ((2.0 * k / (Points - 1)) - 1)));
            return point;
        })];
        var each = ProbeOptimizer.Evaluate(plan with { Free = [.. plan.Free.Select((f, i) => i == index ? wide : f)] }, shifted, EvaluationNeeds.Loss);
        double[] candidate = [.. plan.Free.Select((_, i) => i == index ? at : 0.3)];
        var mean = ProbeOptimizer.Evaluate(Jittered(plan), [candidate], EvaluationNeeds.Loss)[0].Loss;
        Assert.True(each.Max(static e => e.Loss) > 1.1 * each.Min(static e => e.Loss));
        Assert.Equal(each.Average(static e => e.Loss), mean, 1e-9 * mean);
    }

    [Fact]
    public void Gradients_are_exact_and_those_of_squares_the_same()
    {
        const double Step = 1e-6;
        var plan = Jittered(TinyFit.Plan());
        var point = Silent(plan);
        double[][] around = [.. Enumerable.Range(0, 3).SelectMany(p => new[] { -Step, Step }.Select(d => point.Select((x, i) => i == p ? x + d : x).ToArray()))];
        var found = ProbeOptimizer.Evaluate(plan, [point, .. around]);
        var squares = ProbeOptimizer.Evaluate(plan, [point], EvaluationNeeds.GaussNewton)[0];
        Assert.Equal(found[0].Loss, squares.Loss, 1e-9 * squares.Loss);
        for (var p = 0; p < 3; p++)
        {
            var difference = (found[2 + (2 * p)].Loss - found[1 + (2 * p)].Loss) / (2 * Step);
            Assert.Equal(difference, found[0].Gradient![p], 1e-6 * Math.Abs(difference));
            Assert.Equal(found[0].Gradient![p], squares.Gradient![p], 1e-9 * Math.Abs(difference));
            Assert.True(squares.GaussNewton![p, p] > 0);
        }
    }

    /// <summary>Of a loss that is a square of one parameter, Gauss and Newton's matrix is the Hessian, with jitter and without.</summary>
    [Fact]
    public void The_matrix_of_squares_is_scaled_as_the_gradient_is()
    {
        const double Step = 1e-4;
        var plan = Jittered(TinyFit.Plan());
        var index = Index(plan);
        var point = Silent(plan);
        var found = ProbeOptimizer.Evaluate(plan, [.. new[] { -Step, Step }.Select(d => point.Select((x, i) => i == index ? x + d : x).ToArray())]);
        var curvature = (found[1].Gradient![index] - found[0].Gradient![index]) / (2 * Step);
        var matrix = ProbeOptimizer.Evaluate(plan, [point], EvaluationNeeds.GaussNewton)[0].GaussNewton!;
        Assert.Equal(curvature, matrix[index, index], 1e-6 * curvature);
    }

    /// <summary>With the membrane's time constant given, what the jitter adds is the same everywhere.</summary>
    [Fact]
    public void A_fit_finds_the_parameters_as_without_where_the_loss_is_a_square()
    {
        var plan = TinyFit.Plan();
        using var fit = new RecordingFit(Jittered(plan) with
        {
            Optimizer = static () => Optimizers.Drive.Create("l-bfgs-b"), Free = [.. plan.Free.Where(static f => f.Name != "tauM")], Fixed = new Dictionary<string, double> { ["tauM"] = 13 },
        });
        var best = fit.Run(static _ => { }).Best;
        Assert.Equal(70, best.Values["R"], 1e-2);
        Assert.Equal(-68, best.Values["EL"], 1e-3);
        Assert.True(best.Loss > 0.1);
    }

    /// <summary>Where the model does not spike.</summary>
    private static double[] Silent(FitPlan plan) => [.. plan.Free.Select(static f => f.Coordinate(f.Name switch { "R" => 60, "tauM" => 15, _ => -67 }))];

    /// <summary>Resets, of which there are none, have no slope.</summary>
    private static FitPlan Jittered(FitPlan plan) => plan with { Jitter = new("EL", HalfWidth, Points), HeldResets = true };

    private static int Index(FitPlan plan) => plan.Free.ToList().FindIndex(static f => f.Name == "EL");
}
