namespace BrainModular.Symbolics;

/// <summary>A unit of measurement: a symbol, a dimension, and its size (and, for temperatures, its zero) in SI units.</summary>
/// <param name="Symbol">As it is written, such as <c>mV</c> or <c>uS/cm^2</c>.</param>
/// <param name="Dimension">What it measures.</param>
/// <param name="Scale">How many SI units make one of this unit.</param>
/// <param name="Zero">Where this unit's zero lies, in SI units; other than 0 only for degC.</param>
public readonly record struct Unit(string Symbol, Dimension Dimension, double Scale, double Zero = 0)
{
    /// <summary>The unit of a pure number.</summary>
    public static Unit One => new("1", Dimension.None, 1);

    /// <summary>How many engine units make one of this unit.</summary>
    public double ToEngine => Scale * Dimension.EngineUnitsPerSi;

    /// <summary>A value given in this unit, in engine units (mV, ms, nA, MOhm, uS, nF, um, mM, K).</summary>
    public double Import(double value) => (value * ToEngine) + (Zero * Dimension.EngineUnitsPerSi);

    /// <summary>A value in engine units, in this unit.</summary>
    public double Export(double engineValue) => (engineValue - (Zero * Dimension.EngineUnitsPerSi)) / ToEngine;

    /// <summary>The unit of a product; <c>mV * mV</c> is written <c>mV^2</c>.</summary>
    public static Unit operator *(Unit a, Unit b) => new(
        a.Symbol == b.Symbol && a.Symbol.All(char.IsLetter) ? $"{a.Symbol}^2" : $"{a.Symbol}*{b.Symbol}",
        a.Dimension * b.Dimension,
        a.Scale * b.Scale);

    /// <summary>The unit of a quotient.</summary>
    public static Unit operator /(Unit a, Unit b) =>
        new(b.Symbol.AsSpan().IndexOfAny('*', '/') >= 0 ? $"{a.Symbol}/({b.Symbol})" : $"{a.Symbol}/{b.Symbol}",
            a.Dimension / b.Dimension, a.Scale / b.Scale);

    /// <summary>A quantity: a number of this unit.</summary>
    public static Quantity operator *(double value, Unit unit) => new(value, unit);

    /// <summary>A quantity: a number per this unit.</summary>
    public static Quantity operator /(double value, Unit unit) => new(value, One / unit);

    /// <summary>Reads a unit such as <c>mV</c>, <c>1/ms</c>, <c>uS/cm^2</c>, <c>nA*ms</c> or <c>degC</c>.</summary>
    /// <param name="text">The text; spaces and <c>*</c> multiply, <c>/</c> divides what follows it, <c>^</c> raises to an integer power.</param>
    /// <param name="unit">The unit, where the text is one.</param>
    /// <returns>Whether the text is a unit.</returns>
    public static bool TryParse(string text, out Unit unit) => UnitParser.TryParse(text, out unit);

    /// <inheritdoc/>
    public override string ToString() => Symbol;
}
