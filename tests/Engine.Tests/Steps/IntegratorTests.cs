using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Steps;

/// <summary>Integrators against closed forms: how fast errors fall, what is exact, and in which order variables advance.</summary>
public sealed class IntegratorTests
{
    /// <summary>x' = -x^2, y' = -x y^2 from 1: x = 1 / (1 + t), y = 1 / (1 + ln(1 + t)).</summary>
    [Theory]
    [InlineData("euler", 1)]
    [InlineData("heun", 2)]
    [InlineData("rk4", 4)]
    [InlineData("exponential-euler", 1)]
    [InlineData("exponential-euler-staggered", 1)]
    public void Error_falls_with_the_order_of_the_method(string integrator, int order)
    {
        double[] errors = [.. new[] { 32, 64, 128 }.Select(n => ErrorAtTwo(integrator, n))];
        Assert.True(errors[0] > 1e-9, $"an error of {errors[0]} says nothing about the order");
        Assert.All(errors.Zip(errors.Skip(1)), pair => Assert.InRange(Math.Log2(pair.First / pair.Second), order - 0.15, order + 0.35));
    }

    /// <summary>x' = -(x - 2) / 3 + I with I held in each step.</summary>
    [Theory]
    [InlineData("exponential-euler")]
    [InlineData("exponential-euler-staggered")]
    public void Linear_equation_is_solved_exactly_by_exponential_euler_at_any_step(string integrator)
    {
        var model = WrittenModel.Trace(static scope =>
        {
            var input = scope.Input("I", one, "drive");
            var x = scope.State("x", 5, one, "relaxes");
            x.Rate = (-(x - 2) / (3 * ms)) + (input / (1 * ms));
        });
        foreach (var dt in new[] { 0.01, 1, 40 })
        {
            double[] drive = [.. Enumerable.Range(0, 20).Select(static k => Math.Sin(k))];
            var x = WrittenModel.Simulate(model, integrator, dt, 20, ["x"], new Dictionary<string, double[]> { ["I"] = drive })["x"][0];
            var exact = 5.0;
            for (var k = 0; k < 20; k++)
            {
                Assert.Equal(exact, x[k], 1e-13);
                var target = 2 + (3 * drive[k]);
                exact = target + ((exact - target) * Math.Exp(-dt / 3));
            }
        }
    }

    [Fact]
    public void Equation_that_grows_and_one_without_leak_are_exact_too()
    {
        var model = WrittenModel.Trace(static scope =>
        {
            var x = scope.State("x", 1, one, "grows");
            var y = scope.State("y", 0, one, "integrates");
            x.Rate = x / (4 * ms);
            y.Rate = 3 / ms;
        });
        var simulated = WrittenModel.Simulate(model, "exponential-euler", 0.5, 20, ["x", "y"]);
        for (var k = 0; k < 20; k++)
        {
            Assert.Equal(Math.Exp(k * 0.5 / 4), simulated["x"][0][k], 1e-12);
            Assert.Equal(3 * 0.5 * k, simulated["y"][0][k], 1e-12);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Staggered_variables_advance_in_the_order_in_which_their_rates_were_given(bool sourceFirst)
    {
        var model = WrittenModel.Trace(scope =>
        {
            var (x, y) = (scope.State("x", 1, one, "source"), scope.State("y", 0, one, "follower"));
            Action source = () => x.Rate = -x / (1 * ms);
            Action follower = () => y.Rate = (x - y) / (1 * ms);
            foreach (var give in sourceFirst ? new[] { source, follower } : [follower, source])
            {
                give();
            }
        });
        var decay = Math.Exp(-0.5);
        var seen = sourceFirst ? decay : 1;
        var staggered = WrittenModel.Simulate(model, "exponential-euler-staggered", 0.5, 2, ["x", "y"]);
        Assert.Equal(decay, staggered["x"][0][1], 1e-15);
        Assert.Equal(seen * (1 - decay), staggered["y"][0][1], 1e-15);
        var together = WrittenModel.Simulate(model, "exponential-euler", 0.5, 2, ["y"]);
        Assert.Equal(1 - decay, together["y"][0][1], 1e-15);
    }

    /// <summary>One variable alone: the slope of its own rate makes exponential Euler a method of order 2.</summary>
    [Fact]
    public void Single_nonlinear_equation_converges_with_order_2_under_exponential_euler()
    {
        double[] errors = [.. new[] { 16, 32 }.Select(static n => ErrorAtTwo("exponential-euler", n, xOnly: true))];
        Assert.InRange(Math.Log2(errors[0] / errors[1]), 1.85, 2.15);
    }

    private static double ErrorAtTwo(string integrator, int steps, bool xOnly = false)
    {
        var model = WrittenModel.Trace(static scope =>
        {
            var (x, y) = (scope.State("x", 1, one, "first"), scope.State("y", 1, one, "second"));
            x.Rate = -x * x / (1 * ms);
            y.Rate = -x * y * y / (1 * ms);
        });
        var simulated = WrittenModel.Simulate(model, integrator, 2.0 / steps, steps + 1, ["x", "y"]);
        var (ofX, ofY) = (Math.Abs(simulated["x"][0][steps] - (1.0 / 3)), Math.Abs(simulated["y"][0][steps] - (1 / (1 + Math.Log(3)))));
        return xOnly ? ofX : Math.Max(ofX, ofY);
    }
}
