using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Neurons;

public sealed class SurrogateTests
{
    public static TheoryData<string, (string, object)[]> Surrogates => new()
    {
        { "sigmoid", [] }, { "sigmoid", [("slope", 0.7)] },
        { "arctan", [] }, { "arctan", [("slope", 0.3)] },
        { "gaussian", [] }, { "gaussian", [("deviation", 2.0)] },
        { "relu", [] }, { "relu", [("slope", 1.5), ("width", 2.5)] },
    };

    [Theory]
    [MemberData(nameof(Surrogates))]
    public void Derivative_is_that_of_the_smooth_function(string name, (string, object)[] settings)
    {
        var surrogate = Create(name, settings);
        var (derivative, smooth) = (Function(surrogate.Derivative), Function(surrogate.Smooth));
        var largest = derivative(0);
        for (var x = -6.05; x < 6.1; x += 0.1)
        {
            var h = 1e-4;
            var difference = (8 * (smooth(x + h) - smooth(x - h)) - (smooth(x + (2 * h)) - smooth(x - (2 * h)))) / (12 * h);
            Assert.Equal(difference, derivative(x), 1e-10 * Math.Max(largest, 1));
        }
    }

    [Fact]
    public void Without_a_surrogate_nothing_passes_a_spike()
    {
        var surrogate = Create("none", []);
        Assert.Equal(0, Function(surrogate.Derivative)(0.1));
        Assert.Equal(0, Function(surrogate.Smooth)(7));
        Assert.Equal(0, surrogate.Support);
    }

    [Theory]
    [MemberData(nameof(Surrogates))]
    public void Derivative_is_largest_at_threshold_and_never_negative(string name, (string, object)[] settings)
    {
        var derivative = Function(Create(name, settings).Derivative);
        Assert.True(derivative(0) > 0.1);
        for (var x = 0.1; x < 30; x += 0.1)
        {
            Assert.InRange(derivative(x), 0, derivative(0));
            Assert.Equal(derivative(x), derivative(-x), 1e-15);
        }
    }

    [Theory]
    [MemberData(nameof(Surrogates))]
    public void Support_is_where_the_derivative_ends(string name, (string, object)[] settings)
    {
        var surrogate = Create(name, settings);
        var derivative = Function(surrogate.Derivative);
        if (surrogate.Support is { } support)
        {
            Assert.Equal(0, derivative(support));
            Assert.Equal(0, derivative(-support - 3));
            Assert.True(derivative(support - 1e-6) > 0);
        }
        else
        {
            Assert.True(derivative(3) > 0);
        }
    }

    [Theory]
    [InlineData("sigmoid", 0.25, 0.73105857863000490)]
    [InlineData("arctan", 0.5, 0.8195464633859458)]
    [InlineData("arctan", -40, 0.0025329761244323734)]
    [InlineData("gaussian", 0.5, 0.84134474606854293)]
    [InlineData("gaussian", -1.5, 0.0013498980316301)]
    [InlineData("gaussian", 20, 1)]
    [InlineData("relu", -1, 0)]
    [InlineData("relu", 0, 0.15)]
    [InlineData("relu", 0.5, 0.2625)]
    [InlineData("relu", 7, 0.3)]
    public void Smooth_function_has_its_closed_form_value(string name, double x, double expected) =>
        Assert.Equal(expected, Function(Create(name).Smooth)(x), 2e-15);

    private static ISurrogate Create(string name, params (string, object)[] settings) =>
        RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>(name, settings);

    private static Func<double, double> Function(Func<Expr, Expr> expression)
    {
        var x = new Symbol("x", SymbolKind.Input, Dimension.None);
        var evaluator = new Evaluator(expression(x));
        return value => evaluator.Evaluate(_ => value);
    }
}
