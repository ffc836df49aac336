using BrainModular.Symbolics;

namespace BrainModular.Export.Onnx;

/// <summary>The names of the engine's own coherent units, in which all numbers in a file are.</summary>
internal static class EngineUnit
{
    private static readonly string[] Usual = ["1", "mV", "ms", "nA", "uS", "nF", "MOhm", "1/ms", "um", "mM", "K", "nA*ms"];

    private static readonly Dictionary<Dimension, string> Symbols = Usual
        .Select(static symbol => (Symbol: symbol, Unit: Unit.TryParse(symbol, out var unit) ? unit : throw new ArgumentException($"'{symbol}' is no unit")))
        .ToDictionary(static pair => pair.Unit.Dimension, static pair => pair.Symbol);

    /// <summary>A usual name such as mV, or a product of powers of the engine's base units.</summary>
    public static string Of(Dimension dimension) => Symbols.TryGetValue(dimension, out var symbol) ? symbol : Product(dimension);

    private static string Product(Dimension d)
    {
        (string Unit, int Exponent)[] factors = [("um", d.Length), ("ug", d.Mass), ("ms", d.Time), ("nA", d.Current), ("K", d.Temperature), ("amol", d.Amount), ("cd", d.Luminosity)];
        return string.Join(' ', factors.Where(static factor => factor.Exponent != 0)
            .Select(static factor => factor.Exponent == 1 ? factor.Unit : $"{factor.Unit}^{factor.Exponent}"));
    }
}
