namespace BrainModular.Symbolics;

/// <summary>A physical dimension: integer exponents of the seven base quantities of the SI.</summary>
/// <param name="Length">Exponent of length (m).</param>
/// <param name="Mass">Exponent of mass (kg).</param>
/// <param name="Time">Exponent of time (s).</param>
/// <param name="Current">Exponent of electric current (A).</param>
/// <param name="Temperature">Exponent of thermodynamic temperature (K).</param>
/// <param name="Amount">Exponent of amount of substance (mol).</param>
/// <param name="Luminosity">Exponent of luminous intensity (cd).</param>
public readonly record struct Dimension(
    int Length = 0, int Mass = 0, int Time = 0, int Current = 0, int Temperature = 0, int Amount = 0, int Luminosity = 0)
{
    /// <summary>No dimension: a pure number.</summary>
    public static Dimension None => default;

    /// <summary>Electric potential (V).</summary>
    public static Dimension Voltage => new(Length: 2, Mass: 1, Time: -3, Current: -1);

    /// <summary>Electric current (A).</summary>
    public static Dimension ElectricCurrent => new(Current: 1);

    /// <summary>Time (s).</summary>
    public static Dimension Duration => new(Time: 1);

    /// <summary>Electric conductance (S).</summary>
    public static Dimension Conductance => ElectricCurrent / Voltage;

    /// <summary>Electric capacitance (F).</summary>
    public static Dimension Capacitance => ElectricCurrent * Duration / Voltage;

    /// <summary>Rate or frequency (1/s).</summary>
    public static Dimension Rate => new(Time: -1);

    /// <summary>Whether this is a pure number.</summary>
    public bool IsNone => this == default;

    /// <summary>The dimension of a product.</summary>
    public static Dimension operator *(Dimension a, Dimension b) => new(
        a.Length + b.Length, a.Mass + b.Mass, a.Time + b.Time, a.Current + b.Current,
        a.Temperature + b.Temperature, a.Amount + b.Amount, a.Luminosity + b.Luminosity);

    /// <summary>The dimension of a quotient.</summary>
    public static Dimension operator /(Dimension a, Dimension b) => a * b.Power(-1);

    /// <summary>The dimension of an integer power.</summary>
    public Dimension Power(int exponent) => new(
        Length * exponent, Mass * exponent, Time * exponent, Current * exponent,
        Temperature * exponent, Amount * exponent, Luminosity * exponent);

    /// <summary>The dimension of a square root, or null where an exponent is odd.</summary>
    public Dimension? SquareRoot() =>
        Exponents.All(static e => e % 2 == 0)
            ? new(Length / 2, Mass / 2, Time / 2, Current / 2, Temperature / 2, Amount / 2, Luminosity / 2)
            : null;

    /// <summary>How many engine units (mV, ms, nA, um, K, mM) make one SI unit of this dimension.</summary>
    /// <remarks>
    /// The engine's units are coherent: with ms, nA and um chosen, 1e-9 kg makes the volt's unit 1 mV, so MOhm, uS and nF follow,
    /// and 1e-18 mol makes the unit of concentration 1 mM.
    /// </remarks>
    public double EngineUnitsPerSi => Math.Pow(10, (6 * Length) + (9 * Mass) + (3 * Time) + (9 * Current) + (18 * Amount));

    private int[] Exponents => [Length, Mass, Time, Current, Temperature, Amount, Luminosity];

    /// <summary>The dimension as a unit of the SI, such as <c>kg m^2 s^-3 A^-1</c>; <c>1</c> for a pure number.</summary>
    public override string ToString()
    {
        string[] names = ["m", "kg", "s", "A", "K", "mol", "cd"];
        var parts = names.Zip(Exponents).Where(static p => p.Second != 0)
            .Select(static p => p.Second == 1 ? p.First : $"{p.First}^{p.Second}");
        return IsNone ? "1" : string.Join(' ', parts);
    }
}
