using BrainModular.Symbolics;

namespace BrainModular.Abstractions.Tests.Symbolics;

public sealed class UnitTests
{
    [Theory]
    [InlineData("mV", 1e-3, "kg m^2 s^-3 A^-1")]
    [InlineData("ms", 1e-3, "s")]
    [InlineData("pA", 1e-12, "A")]
    [InlineData("MOhm", 1e6, "kg m^2 s^-3 A^-2")]
    [InlineData("M\u03a9", 1e6, "kg m^2 s^-3 A^-2")]
    [InlineData("uS", 1e-6, "A^2 s^3 kg^-1 m^-2")]
    [InlineData("\u00b5S", 1e-6, "A^2 s^3 kg^-1 m^-2")]
    [InlineData("\u03bcS", 1e-6, "A^2 s^3 kg^-1 m^-2")]
    [InlineData("nF", 1e-9, "A^2 s^4 kg^-1 m^-2")]
    [InlineData("uS/cm^2", 1e-2, "A^2 s^3 kg^-1 m^-4")]
    [InlineData("uS/cm2", 1e-2, "A^2 s^3 kg^-1 m^-4")]
    [InlineData("1/ms", 1e3, "s^-1")]
    [InlineData("ms^-1", 1e3, "s^-1")]
    [InlineData("Hz", 1, "s^-1")]
    [InlineData("kHz", 1e3, "s^-1")]
    [InlineData("min", 60, "s")]
    [InlineData("m", 1, "m")]
    [InlineData("mm", 1e-3, "m")]
    [InlineData("mmol/L", 1, "mol m^-3")]
    [InlineData("mM", 1, "mol m^-3")]
    [InlineData("nA*ms", 1e-12, "A s")]
    [InlineData("nA ms", 1e-12, "A s")]
    [InlineData("mV/(nA*ms)", 1e9, "kg m^2 s^-4 A^-2")]
    [InlineData("%", 0.01, "1")]
    [InlineData("1", 1, "1")]
    [InlineData("volts", 1, "kg m^2 s^-3 A^-1")]
    [InlineData("amperes", 1, "A")]
    [InlineData(" mV ", 1e-3, "kg m^2 s^-3 A^-1")]
    public void Unit_is_read_with_its_size_and_dimension(string text, double size, string dimension)
    {
        Assert.True(Unit.TryParse(text, out var unit));
        Assert.Equal(size, unit.Scale, 1e-12 * size);
        Assert.Equal(dimension.Split(' ').Order(), unit.Dimension.ToString().Split(' ').Order());
        Assert.Equal(text.Trim(), unit.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("mVV")]
    [InlineData("xV")]
    [InlineData("mv")]
    [InlineData("V/")]
    [InlineData("/ms")]
    [InlineData("mV^")]
    [InlineData("mV^x")]
    [InlineData("mV^99")]
    [InlineData("(mV")]
    [InlineData("mV)")]
    [InlineData("mV**ms")]
    [InlineData("mV!")]
    [InlineData("degC/ms")]
    [InlineData("degC^2")]
    [InlineData("mmin")]
    [InlineData("20")]
    [InlineData("nan")]
    public void Text_that_is_no_unit_is_refused(string text) => Assert.False(Unit.TryParse(text, out _));

    [Fact]
    public void Engine_units_are_coherent()
    {
        // Each is 1 in the engine, so a product of two needs no factor.
        foreach (var unit in (Unit[])[Units.mV, Units.ms, Units.nA, Units.MOhm, Units.uS, Units.nF, Units.um, Units.mM, Units.K, Units.one])
        {
            Assert.Equal(1, unit.ToEngine);
        }

        Same(Units.mV * Units.uS, Units.nA);
        Same(Units.nA * Units.MOhm, Units.mV);
        Same(Units.nF * Units.mV / Units.ms, Units.nA);
        Same(Units.MOhm * Units.nF, Units.ms);
        Same(Units.uF_per_cm2 * Units.mV / Units.ms, Units.uA_per_cm2);
        Same(Units.mS_per_cm2 * Units.mV, Units.uA_per_cm2);

        static void Same(Unit product, Unit unit)
        {
            Assert.Equal(unit.Dimension, product.Dimension);
            Assert.Equal(unit.ToEngine, product.ToEngine, 1e-14 * unit.ToEngine);
        }
    }

    [Fact]
    public void Celsius_has_its_own_zero()
    {
        Assert.Equal(309.15, (36 * Units.degC).InEngineUnits, 1e-12);
        Assert.Equal(36, (309.15 * Units.K).In(Units.degC), 1e-12);
    }

    [Fact]
    public void Composed_units_are_written_as_they_are_read()
    {
        foreach (var unit in (Unit[])[Units.mV * Units.mV, Units.one / Units.ms, Units.mV / (Units.nA * Units.ms), Units.nA * Units.ms / Units.mV])
        {
            Assert.True(Unit.TryParse(unit.Symbol, out var read), unit.Symbol);
            Assert.Equal(unit.Dimension, read.Dimension);
            Assert.Equal(unit.Scale, read.Scale, 1e-12 * unit.Scale);
        }

        Assert.Equal("mV^2", (Units.mV * Units.mV).Symbol);
    }
}
