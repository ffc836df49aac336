namespace BrainModular.Symbolics;

/// <summary>The units of the field, for <c>using static</c>: <c>0.2 * nF</c>, <c>-65 * mV</c>, <c>1 / ms</c>.</summary>
#pragma warning disable IDE1006, CA1707 // unit symbols keep the case that the SI gives them
public static class Units
{
    /// <summary>Millivolt.</summary>
    public static readonly Unit mV = Of("mV");

    /// <summary>Volt.</summary>
    public static readonly Unit V = Of("V");

    /// <summary>Millisecond.</summary>
    public static readonly Unit ms = Of("ms");

    /// <summary>Second.</summary>
    public static readonly Unit s = Of("s");

    /// <summary>Nanoampere.</summary>
    public static readonly Unit nA = Of("nA");

    /// <summary>Picoampere.</summary>
    public static readonly Unit pA = Of("pA");

    /// <summary>Microsiemens.</summary>
    public static readonly Unit uS = Of("uS");

    /// <summary>Nanosiemens.</summary>
    public static readonly Unit nS = Of("nS");

    /// <summary>Nanofarad.</summary>
    public static readonly Unit nF = Of("nF");

    /// <summary>Picofarad.</summary>
    public static readonly Unit pF = Of("pF");

    /// <summary>Megaohm.</summary>
    public static readonly Unit MOhm = Of("MOhm");

    /// <summary>Hertz.</summary>
    public static readonly Unit Hz = Of("Hz");

    /// <summary>Micrometre.</summary>
    public static readonly Unit um = Of("um");

    /// <summary>Millimolar.</summary>
    public static readonly Unit mM = Of("mM");

    /// <summary>Kelvin.</summary>
    public static readonly Unit K = Of("K");

    /// <summary>Degree Celsius (an absolute temperature).</summary>
    public static readonly Unit degC = Of("degC");

    /// <summary>Millisiemens per square centimetre.</summary>
    public static readonly Unit mS_per_cm2 = Of("mS/cm^2");

    /// <summary>Microfarad per square centimetre.</summary>
    public static readonly Unit uF_per_cm2 = Of("uF/cm^2");

    /// <summary>Microampere per square centimetre.</summary>
    public static readonly Unit uA_per_cm2 = Of("uA/cm^2");

    /// <summary>A pure number.</summary>
    public static readonly Unit one = Unit.One;

    private static Unit Of(string symbol) =>
        Unit.TryParse(symbol, out var unit) ? unit : throw new ArgumentException($"'{symbol}' is no unit", nameof(symbol));
}
