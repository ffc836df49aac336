using BrainModular.Diagnostics;
using BrainModular.Models;
using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Abstractions.Tests.Symbolics;

public sealed class ExpressionTests
{
    private static readonly Expr V = new Symbol("V", SymbolKind.State, Dimension.Voltage);
    private static readonly Expr I = new Symbol("I", SymbolKind.Input, Dimension.ElectricCurrent);

    public static TheoryData<string, Func<object>> Faults => new()
    {
        { "BM4301", () => V + I },
        { "BM4301", () => V - 1 },
        { "BM4301", () => V + (1 * ms) },
        { "BM4301", () => V < I },
        { "BM4301", () => V >= 1 },
        { "BM4301", () => Max(V, I) },
        { "BM4301", () => Where(V > 0, V, I) },
        { "BM4301", () => OnSpike(1, V, 1) },
        { "BM4302", () => Exp(V) },
        { "BM4302", () => Log(I) },
        { "BM4302", () => Tanh(V) },
        { "BM4302", () => Sigmoid(V) },
        { "BM4302", () => Linoid(V) },
        { "BM4302", () => Exprel(V) },
        { "BM4302", () => Sqrt(V) },
        { "BM4302", () => Power(V, (Expr)2.5) },
        { "BM4302", () => Heaviside(V, new Steep()) },
        { "BM4303", () => V > 0 ? V : -V },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_of_dimension_is_raised_where_it_is_made_and_says_how_to_mend_it(string id, Func<object> definition)
    {
        var diagnostic = Assert.Single(Assert.Throws<DiagnosticException>(definition).Diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(4, diagnostic.ExitCode);
        Assert.False(string.IsNullOrEmpty(diagnostic.Expected));
        Assert.False(string.IsNullOrEmpty(diagnostic.Cure));
    }

    [Fact]
    public void Rate_of_a_wrong_dimension_is_a_fault_that_names_the_variable()
    {
        var state = new RecordingScope(new Definition()).State("w", 0, nA, "adaptation");
        var fault = Assert.Throws<DiagnosticException>(() => state.Rate = -state);
        Assert.Equal("BM4301", fault.Diagnostics[0].Id);
        Assert.Contains(" w ", fault.Message, StringComparison.Ordinal);
        Assert.Throws<DiagnosticException>(() => state.Next = V);
    }

    [Fact]
    public void Zero_has_every_dimension()
    {
        Assert.Equal(Dimension.Voltage, Max(V, 0).Dimension);
        Assert.Equal(Dimension.Voltage, (0 + V).Dimension);
        Assert.Equal(Dimension.Voltage, Where(V > 0, 0, V).Dimension);
    }

    [Fact]
    public void Dimensions_follow_the_operations()
    {
        Assert.Equal(Dimension.Conductance, (I / V).Dimension);
        Assert.Equal(Dimension.Voltage, Sqrt(V * V).Dimension);
        Assert.Equal(Dimension.Voltage.Power(3), Power(V, 3).Dimension);
        Assert.Equal(Dimension.Voltage.Power(-2), Power(V, -2).Dimension);
        Assert.Equal(Dimension.None, (V / (5 * mV)).Dimension);
        Assert.Equal(Dimension.None, Power(V, 0).Dimension);
    }

    [Theory]
    [InlineData(-7)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(12)]
    public void Integer_power_is_repeated_multiplication(int exponent)
    {
        var x = new Symbol("x", SymbolKind.Input, Dimension.None);
        Assert.Equal(Math.Pow(1.3, exponent), Evaluator.Value(Power(x, exponent), (x, 1.3)), 1e-12);
    }

    [Theory]
    [InlineData(0, -65)]
    [InlineData(1, -70)]
    [InlineData(0.25, -66.25)]
    public void Spike_chooses_and_half_a_spike_blends(double spike, double expected)
    {
        var s = new Symbol("s", SymbolKind.Input, Dimension.None);
        Assert.Equal(expected, Evaluator.Value(OnSpike(s, -70 * mV, -65 * mV), (s, spike)), 1e-12);
    }

    [Fact]
    public void Conditions_combine()
    {
        var x = new Symbol("x", SymbolKind.Input, Dimension.None);
        var inside = Where((x > 1) & !(x >= 2) | (x <= -5), 1, 0);
        Assert.Equal([1, 0, 1, 0, 0], new[] { -5.0, 1, 1.5, 2, 0 }.Select(v => Evaluator.Value(inside, (x, v))));
    }

    private sealed class Steep : ISurrogate
    {
        public Expr Derivative(Expr x) => 1;

        public Expr Smooth(Expr x) => x;
    }
}
