using BrainModular.Diagnostics;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Abstractions.Tests.Symbolics;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("20 ms", 20)]
    [InlineData("-65mV", -65)]
    [InlineData("0.01 uS", 0.01)]
    [InlineData("250 pA", 0.25)]
    [InlineData("0.2 s", 200)]
    [InlineData("1.5e-1nF", 0.15)]
    [InlineData("+3 mV", 3)]
    [InlineData("5 /ms", 5)]
    [InlineData("1/ms", 1)]
    [InlineData("40 Hz", 0.04)]
    [InlineData("10 mS/cm^2", 1e-4)]
    [InlineData("7", 7)]
    public void Quantity_is_read_and_comes_in_engine_units(string text, double engineValue)
    {
        Assert.True(Quantity.TryParse(text, out var quantity));
        Assert.Equal(engineValue, quantity.InEngineUnits, 1e-12 * Math.Abs(engineValue));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ms")]
    [InlineData("20 mss")]
    [InlineData("1e999 mV")]
    [InlineData("nan mV")]
    [InlineData("1,5 mV")]
    [InlineData("--1 mV")]
    [InlineData("1 2 mV")]
    [InlineData("0x10 mV")]
    [InlineData("1 100 ms")]
    [InlineData("2 10 ms")]
    [InlineData("1/(10 Hz)")]
    [InlineData("1/(100 MOhm)")]
    public void Text_that_is_no_quantity_is_refused(string text) => Assert.False(Quantity.TryParse(text, out _));

    [Fact]
    public void Written_quantities_are_read_back_to_the_same_bits()
    {
        var random = new BrainModular.Testing.Fakes.CountingStream(5);
        foreach (var unit in (Unit[])[mV, ms, nA, pA, uS, nF, mS_per_cm2, degC, one / ms, one])
        {
            for (var k = 0; k < 200; k++)
            {
                var quantity = random.Normal() * Math.Pow(10, random.Integer(20) - 10) * unit;
                Assert.True(Quantity.TryParse(quantity.ToString(), out var read), quantity.ToString());
                Assert.Equal(quantity.Value, read.Value);
                Assert.Equal(quantity.InEngineUnits, read.InEngineUnits);
            }
        }
    }

    [Fact]
    public void Conversion_to_another_dimension_is_a_fault_with_a_cure()
    {
        Assert.Equal(0.25, (250 * pA).In(nA), 1e-15);
        var fault = Assert.Throws<DiagnosticException>(() => (20 * ms).In(mV));
        Assert.Equal("BM4301", fault.Diagnostics[0].Id);
        Assert.NotNull(fault.Diagnostics[0].Cure);
    }
}
