using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Steps;

/// <summary>Random numbers in a model's equations.</summary>
public sealed class NoiseTests
{
    private const double TimeStep = 0.5;
    private const double TimeConstant = 5;

    /// <summary>dx = -x / tau dt + sqrt(2 / tau) dW: in steps, the noise is sqrt(2 / (tau dt)) times a normal number.</summary>
    private static readonly ModelDefinition OrnsteinUhlenbeck = WrittenModel.Trace(static scope =>
    {
        var x = scope.State("x", 0, one, "Ornstein-Uhlenbeck process");
        var y = scope.State("y", 0, one, "last uniform number");
        x.Rate = (-x / (TimeConstant * ms)) + (Sqrt(2 / (TimeConstant * ms * scope.TimeStep)) * scope.Normal("current"));
        y.Next = scope.Uniform("choice");
    });

    /// <summary>
    /// Held over a step, the noise gives x the stationary variance (2 tau / dt) (1 - r) / (1 + r) with r = exp(-dt / tau), which tends to 1. Its
    /// estimate from N samples has the relative deviation sqrt(2 (1 + r^2) / (1 - r^2) / N); five of them are allowed.
    /// </summary>
    [Fact]
    public void Ornstein_Uhlenbeck_process_has_its_variance_and_correlation()
    {
        const int steps = 200_000;
        var simulated = WrittenModel.Simulate(OrnsteinUhlenbeck, "exponential-euler", TimeStep, steps, ["x"])["x"][0];
        double[] x = simulated[200..];
        var r = Math.Exp(-TimeStep / TimeConstant);
        var variance = 2 * TimeConstant / TimeStep * (1 - r) / (1 + r);
        Assert.Equal(1, variance, 1e-3);
        var deviation = Math.Sqrt(2 * (1 + (r * r)) / (1 - (r * r)) / x.Length);
        Assert.InRange(x.Average(static v => v * v) / variance, 1 - (5 * deviation), 1 + (5 * deviation));
        Assert.Equal(Math.Exp(-1), x.Zip(x.Skip(10)).Average(static p => p.First * p.Second) / variance, 5 * deviation);
        Assert.InRange(x.Average(), -0.1, 0.1);
    }

    [Fact]
    public void Uniform_numbers_have_mean_one_half_and_variance_one_twelfth()
    {
        const int steps = 50_000;
        var y = WrittenModel.Simulate(OrnsteinUhlenbeck, "euler", TimeStep, steps, ["y"])["y"][0][1..];
        var deviation = 5 / Math.Sqrt(12.0 * steps);
        Assert.All(y, static v => Assert.InRange(v, 0, 1));
        Assert.Equal(0.5, y.Average(), deviation);
        Assert.Equal(1.0 / 12, y.Average(static v => (v - 0.5) * (v - 0.5)), deviation);
    }

    [Fact]
    public void All_lanes_get_the_same_numbers_and_another_seed_gives_others()
    {
        var lanes = WrittenModel.Simulate(OrnsteinUhlenbeck, "heun", TimeStep, 300, ["x", "y"], lanes: 11);
        Assert.All(lanes["x"], lane => Assert.Equal(lanes["x"][0], lane));
        Assert.All(lanes["y"], lane => Assert.Equal(lanes["y"][0], lane));
        Assert.Equal(lanes["x"][0], WrittenModel.Simulate(OrnsteinUhlenbeck, "heun", TimeStep, 300, ["x"])["x"][0]);
        Assert.NotEqual(lanes["x"][0], WrittenModel.Simulate(OrnsteinUhlenbeck, "heun", TimeStep, 300, ["x"], seed: 2)["x"][0]);
    }

    [Fact]
    public void Numbers_are_drawn_by_name_beside_the_other_signals()
    {
        var step = StepFunction.Build(OrnsteinUhlenbeck, new(TimeStep, WrittenModel.Integrator("euler"), SharedInputs: true));
        double[] current = [1, 2, 3];
        var signals = new Dictionary<string, double[]> { ["I"] = current };
        var (first, second) = (NoiseSignals.Beside(signals, step.Step, 500, new PhiloxStream(7)), NoiseSignals.Beside(signals, step.Step, 500, new PhiloxStream(7)));
        Assert.Equal(["I", "normal.current", "uniform.choice"], first.Keys.Order());
        Assert.Same(current, first["I"]);
        Assert.Equal(first["normal.current"], second["normal.current"]);
        Assert.Equal(first["uniform.choice"], second["uniform.choice"]);

        // A longer trace begins with the shorter one's numbers, whatever else is drawn, and one stream does not tell of the other.
        var longer = NoiseSignals.Beside(signals, step.Step, 900, new PhiloxStream(7));
        Assert.Equal(first["normal.current"], longer["normal.current"][..500]);
        Assert.Equal(first["uniform.choice"], longer["uniform.choice"][..500]);
        var correlation = first["normal.current"].Zip(first["uniform.choice"]).Average(static p => p.First * (p.Second - 0.5) * Math.Sqrt(12));
        Assert.InRange(correlation, -5 / Math.Sqrt(500), 5 / Math.Sqrt(500));
    }

    [Fact]
    public void Stream_in_a_nested_scope_has_the_scope_s_name()
    {
        var model = WrittenModel.Trace(static scope =>
        {
            var x = scope.State("x", 0, one, "sum");
            x.Next = scope.Normal("a") + scope.Nested("soma").Normal("a") + scope.Normal("a");
        });
        var step = StepFunction.Build(model, new(TimeStep, WrittenModel.Integrator("euler"), SharedInputs: true));
        Assert.Equal(["normal.a", "normal.soma.a"], NoiseSignals.Beside(new Dictionary<string, double[]>(), step.Step, 1, new PhiloxStream(1)).Keys.Order());
    }
}
