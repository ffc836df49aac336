using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tests.Ir;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Steps;

/// <summary>What the scopes of a definition do: names, faults, channels.</summary>
public sealed class TracingTests
{
    [Fact]
    public void Nested_scopes_put_their_names_before_those_of_their_members()
    {
        var model = WrittenModel.Trace(static scope =>
        {
            var dendrite = scope.Nested("dendrite");
            var spine = dendrite.Nested("spine");
            var v = spine.State("V", -65 * mV, mV, "potential");
            var g = spine.Parameter("g", 1 * nS, (0 * nS, 2 * nS), "conductance");
            scope.State("V", -65 * mV, mV, "potential");
            dendrite.Input("I", nA, "current");
            spine.Output("IL", g * v, nA, "leak");
            dendrite.Spike("spike", v / (1 * mV));
        });
        Assert.Equal(["dendrite.spine.V", "V"], model.States.Select(static s => s.Name));
        Assert.Equal(["dendrite.spine.g"], model.Parameters.Select(static p => p.Name));
        Assert.Equal(["dendrite.I"], model.Ports.Select(static p => p.Name));
        Assert.Equal(["dendrite.spine.IL"], model.Outputs.Select(static o => o.Name));
        Assert.Equal(["dendrite.spike"], model.Spikes.Select(static s => s.Name));
        Assert.Equal(1e-3, model.FindParameter("dendrite.spine.g")!.Default.InEngineUnits, 1e-18);
    }

    private static readonly Dictionary<string, Action<IModelScope, string>> Declarations = new()
    {
        ["parameter"] = static (s, n) => s.Parameter(n, 1, (0, 2), "p"),
        ["state"] = static (s, n) => s.State(n, 0, one, "s"),
        ["input"] = static (s, n) => s.Input(n, nA, "i"),
        ["port"] = static (s, n) => s.Port(n, PortKind.Event, one, nS, "p"),
        ["spike"] = static (s, n) => s.Spike(n, 1.0),
        ["crossing"] = static (s, n) => s.Crossing(n, 1.0, 2.0),
        ["output"] = static (s, n) => s.Output(n, 1.0, one, "o"),
    };

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var first in Declarations.Keys)
            {
                data.Add(first, "parameter");
                data.Add("state", first);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Name_that_is_taken_is_refused_whatever_it_names(string first, string second)
    {
        var fault = Fault(scope =>
        {
            var nested = scope.Nested("soma");
            Declarations[first](nested, "x");
            Declarations[second](scope, "x");
            Declarations[second](nested, "x");
        });
        Assert.Equal("BM4304", fault.Id);
        Assert.Contains("soma.x", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("written", fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Exception_in_a_definition_is_named_after_the_component_and_keeps_its_cause(bool inTypeInitializer)
    {
        var format = new FormatException("no such table");
        Exception cause = inTypeInitializer ? new TypeInitializationException("Tables", format) : format;
        var thrown = Assert.Throws<DiagnosticException>(() => WrittenModel.Trace(_ => throw cause));
        var fault = Assert.Single(thrown.Diagnostics);
        Assert.Equal("BM4300", fault.Id);
        Assert.StartsWith("written threw FormatException", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("no such table", fault.Problem, StringComparison.Ordinal);
        Assert.Equal(4, fault.ExitCode);
        Assert.Same(cause, thrown.InnerException);
    }

    [Fact]
    public void Faults_of_a_definition_have_their_numbers()
    {
        Assert.Equal("BM4306", Fault(static scope => scope.Input("I", nA, "current")).Id);
        Assert.Equal("BM4305", Fault(static scope => scope.Parameter("g", 3 * nS, (0 * nS, 2 * nS), "above its bounds")).Id);
        Assert.Equal("BM4305", Fault(static scope => scope.Parameter("g", 1 * nS, (0 * mV, 2 * mV), "other dimension")).Id);
        Assert.Equal("BM4305", Fault(static scope => scope.Parameter("g", 1 * nS, (0 * nS, 2 * nS), "log of 0", ParameterScale.Logarithmic)).Id);
        Assert.Equal("BM4301", Fault(static scope => scope.Output("V", 1 * nA, mV, "other dimension")).Id);
        Assert.Equal("BM4301", Fault(static scope => scope.State("V", 0 * mV, mV, "potential").Rate = 1 * mV).Id);
        Assert.Equal("BM4303", Fault(static scope => scope.State("V", scope.Time > 1 * ms ? 1 * mV : 2 * mV, mV, "potential")).Id);
        Assert.Equal("BM4301", Fault(static scope => scope.State("V", 1 * nA, mV, "potential")).Id);
    }

    [Fact]
    public void Loss_that_adds_nothing_or_reads_what_is_not_there_is_refused()
    {
        var model = WrittenModel.Trace(static scope => scope.State("V", -65 * mV, mV, "potential"));
        Assert.Equal("BM4307", LossFault(static _ => { }).Id);
        var unknown = LossFault(static scope => scope.Add(scope.Model("U"), mV));
        Assert.Equal("BM4308", unknown.Id);
        Assert.Contains("V", unknown.Expected, StringComparison.Ordinal);

        Diagnostic LossFault(Action<ILossScope> define) =>
            Assert.Throws<DiagnosticException>(() => ModelTracer.Trace("loss", new WrittenLoss(define), model, new LogisticSurrogate())).Diagnostics[0];
    }

    /// <summary>A state that is driven by noise has a distance from threshold; where chance decides on the spike itself there is none. Resets are held in both.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_spike_by_chance_has_no_excess_that_a_loss_can_read(bool byChance)
    {
        var model = WrittenModel.Trace(scope =>
        {
            var v = scope.State("V", -65 * mV, mV, "potential");
            v.Rate = scope.Normal("drive") * (1 * mV) / (1 * ms);
            var spike = scope.Spike("spike", ((v.Stepped + 50 * mV) / (10 * mV)) - (byChance ? Exp(scope.Uniform("escape")) : 0.0));
            v.Next = OnSpike(spike, -65 * mV, v.Stepped);
        });
        Assert.Equal(byChance, model.Spikes[0].Excess is null);
        var loss = new WrittenLoss(static scope => scope.Add(scope.Model("spike.excess"), one));
        if (byChance)
        {
            Assert.Equal("BM4308", Assert.Throws<DiagnosticException>(() => ModelTracer.Trace("loss", loss, model, new LogisticSurrogate())).Diagnostics[0].Id);
        }
        else
        {
            Assert.Single(ModelTracer.Trace("loss", loss, model, new LogisticSurrogate()).ModelValues);
        }

        var held = StepFunction.Build(model, new(0.1, WrittenModel.Integrator("exponential-euler"), HeldResets: true)).Step;
        Assert.DoesNotContain(IrFunction.Reachable([held.Output("V.next")]), static n => n.Op == IrOp.Heaviside);
    }

    [Fact]
    public void Inserted_channel_gives_the_trace_of_its_equations_written_out()
    {
        var inserted = WrittenModel.Trace(
            static scope => Cell(scope, v => scope.Channels(new Membrane(v, 36 * degC, new Dictionary<string, Ion> { ["K"] = new(-90 * mV) }))),
            new InsertedChannel("K", new PotassiumChannel()));
        Assert.Equal(["V", "K.n"], inserted.States.Select(static s => s.Name));
        Assert.Equal(["C", "K.gmax"], inserted.Parameters.Select(static p => p.Name));
        var own = WrittenModel.Trace(static scope => Cell(scope, v => scope.Channel("Kslow", new PotassiumChannel(), new Membrane(v, 36 * degC, new Dictionary<string, Ion> { ["K"] = new(-90 * mV) }))));
        Assert.Equal(["V", "Kslow.n"], own.States.Select(static s => s.Name));
        var written = WrittenModel.Trace(static scope => Cell(scope, v =>
        {
            var n = scope.State("n", 0.1, one, "activation");
            n.Rate = (Sigmoid((v + 50 * mV) / (5 * mV)) - n) / (4 * ms);
            return 0.05 * uS * Power(n, 4) * (v - -90 * mV);
        }));
        foreach (var integrator in Engine.Steps.Integrator.All)
        {
            var expected = Potential(written, integrator.Name);
            Assert.InRange(expected.Max() - expected.Min(), 2, 100);
            Assert.Equal(expected, Potential(inserted, integrator.Name));
            Assert.Equal(expected, Potential(own, integrator.Name));
        }

        var without = WrittenModel.Trace(static scope => Cell(scope, v => scope.Channels(new Membrane(v, 36 * degC, new Dictionary<string, Ion>()))));
        Assert.NotEqual(Potential(written, "rk4"), Potential(without, "rk4"));
        Assert.Equal("BM4304", Assert.Throws<DiagnosticException>(static () => WrittenModel.Trace(
            static scope => Cell(scope, v => scope.Channels(new Membrane(v, 36 * degC, new Dictionary<string, Ion> { ["K"] = new(-90 * mV) }))),
            new InsertedChannel("K", new PotassiumChannel()),
            new InsertedChannel("K", new PotassiumChannel()))).Diagnostics[0].Id);
    }

    private static double[] Potential(ModelDefinition model, string integrator) => WrittenModel.Simulate(
        model, integrator, 0.1, 400, ["V"], new Dictionary<string, double[]> { ["I"] = [.. Enumerable.Repeat(0.4, 400)] })["V"][0];

    private static void Cell(INeuronScope scope, Func<Symbolics.Expr, Symbolics.Expr> channels)
    {
        var c = scope.Parameter("C", 0.2 * nF, (0.01 * nF, 1 * nF), "capacitance");
        var input = scope.Input("I", nA, "current");
        var v = scope.State("V", -65 * mV, mV, "potential");
        v.Rate = (input - (0.01 * uS * (v - -65 * mV)) - channels(v)) / c;
    }

    private static Diagnostic Fault(Action<INeuronScope> define) => Assert.Throws<DiagnosticException>(() => WrittenModel.Trace(define)).Diagnostics[0];

    private sealed class PotassiumChannel : IIonChannel
    {
        public void Define(IChannelScope scope)
        {
            var (v, gmax) = (scope.Membrane.V, scope.Parameter("gmax", 0.05 * uS, (0 * uS, 1 * uS), "largest conductance"));
            var n = scope.State("n", 0.1, one, "activation");
            n.Rate = (Sigmoid((v + 50 * mV) / (5 * mV)) - n) / (4 * ms);
            scope.Current(gmax * Power(n, 4) * (v - scope.Membrane.Ions["K"].Reversal), "K");
        }
    }

    private sealed class WrittenLoss(Action<ILossScope> define) : ILoss
    {
        public void Define(ILossScope scope) => define(scope);
    }
}
