using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Neurons;

public sealed class SurrogateTests
{
    public static TheoryData<int> Cases => [.. Enumerable.Range(0, SurrogateCase.All.Count)];

    [Fact]
    public void Every_surrogate_has_its_case() =>
        Assert.Equal(RecordingCatalog.Of(new NeuronsPlugin()).Names<ISurrogate>().Order(), SurrogateCase.All.Select(static c => c.Name).Distinct().Order());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivative_is_the_published_one(int index)
    {
        var derivative = Function(SurrogateCase.All[index].Create().Derivative);
        foreach (var x in Places())
        {
            var published = SurrogateCase.All[index].Derivative(x);
            Assert.Equal(published, derivative(x), 2e-14 * Math.Max(1, Math.Abs(published)) * Math.Max(1, Math.Abs(x)));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivative_is_that_of_the_smooth_function(int index)
    {
        // No corner of any case lies within two steps of a place.
        var surrogate = SurrogateCase.All[index].Create();
        var (derivative, smooth) = (Function(surrogate.Derivative), Function(surrogate.Smooth));
        var largest = Places().Max(x => Math.Abs(derivative(x)));
        foreach (var x in Places())
        {
            var h = 2e-5;
            var difference = (8 * (smooth(x + h) - smooth(x - h)) - (smooth(x + (2 * h)) - smooth(x - (2 * h)))) / (12 * h);
            Assert.Equal(difference, derivative(x), 1e-10 * largest);
        }

        Assert.Equal(SurrogateCase.All[index].AtThreshold, smooth(0), 1e-14);
        Assert.Equal(smooth(-1e-9), smooth(1e-9), 2e-8);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Support_is_where_the_derivative_ends(int index)
    {
        var surrogate = SurrogateCase.All[index].Create();
        var derivative = Function(surrogate.Derivative);
        Assert.Equal(SurrogateCase.All[index].Support, surrogate.Support);
        if (surrogate.Support is { } support)
        {
            Assert.All([support + 1e-6, -support - 1e-6, support + 3, -1e9], x => Assert.Equal(0, derivative(x)));
            Assert.All(support == 0 ? [] : new[] { support - 1e-6, 1e-6 - support }, x => Assert.NotEqual(0, derivative(x)));
        }
        else
        {
            Assert.NotEqual(0, derivative(4));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Machine_code_and_interpreter_give_the_same_bits(int index)
    {
        var surrogate = SurrogateCase.All[index].Create();
        double[] places = [.. Places(), -40, -3.5, -1, 0, 1, 2.5, 40, 700, 1e6];
        foreach (var precision in Enum.GetValues<Precision>())
        {
            var compiled = Run(surrogate, places, precision, KernelBackend.Il);
            Assert.Equal(Run(surrogate, places, precision, KernelBackend.Interpreter), compiled);
            var (derivative, smooth) = (Function(surrogate.Derivative), Function(surrogate.Smooth));
            Assert.All(places.Select((x, k) => (x, k)).Where(p => Math.Abs(p.x) < 100 && p.x % 0.5 != 0), p =>
            {
                var tolerance = (precision == Precision.Single ? 3e-5 : 1e-12) * Math.Max(1, Math.Abs(smooth(p.x)));
                Assert.Equal(derivative(p.x), compiled[0][p.k], tolerance);
                Assert.Equal(smooth(p.x), compiled[1][p.k], tolerance);
            });
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
    [InlineData("erf", 1, 0.92135039647485743)]
    [InlineData("multi-gaussian-grad", 60, 0.425)]
    [InlineData("squarewave-fourier-series", 2, 0.92441318157838756)]
    [InlineData("squarewave-fourier-series", 8003, 1.1002108774380708)]
    [InlineData("squarewave-fourier-series", 1e9, 0.5)]
    public void Smooth_function_has_its_closed_form_value(string name, double x, double expected) =>
        Assert.Equal(expected, Function(RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>(name).Smooth)(x), 2e-15);

    private static IEnumerable<double> Places() => Enumerable.Range(0, 122).Select(static k => -6.05 + (0.1 * k)).Concat([-0.0123, 0.0077, 31.3]);

    private static double[][] Run(ISurrogate surrogate, double[] places, Precision precision, KernelBackend backend)
    {
        var step = StepFunction.Build(
            ModelTracer.Trace("probe", new Probe(surrogate), surrogate), new(1, Integrator.All[0], SharedInputs: true));
        using var trace = new Trace(places.Length, new Dictionary<string, double[]> { ["x"] = places }, new Dictionary<string, double>(), precision);
        var recorded = new Simulator(step, 1, precision, new() { Backend = backend, Contract = false }, ["derivative", "smooth"])
            .Run(trace, new Dictionary<string, double[]>(), lanes: 1);
        return [recorded["derivative"][0], recorded["smooth"][0]];
    }

    private static Func<double, double> Function(Func<Expr, Expr> expression)
    {
        var x = new Symbol("x", SymbolKind.Input, Dimension.None);
        var evaluator = new Evaluator(expression(x));
        return value => evaluator.Evaluate(_ => value);
    }

    /// <summary>Puts a surrogate's two functions of an input out; the state is there because a model has one.</summary>
    private sealed class Probe(ISurrogate surrogate) : INeuronModel
    {
        public void Define(INeuronScope scope)
        {
            var x = scope.Input("x", Unit.One, "distance from threshold");
            scope.State("last", 0, Unit.One, "the distance before").Next = x;
            scope.Output("derivative", surrogate.Derivative(x), Unit.One, "derivative");
            scope.Output("smooth", surrogate.Smooth(x), Unit.One, "smooth function");
        }
    }
}
