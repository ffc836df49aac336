namespace BrainModular.Engine.Ir.Passes;

/// <summary>What lowering must know of a floating-point format: where its bits are, where its exponential ends, which polynomials suffice.</summary>
/// <remarks>
/// The polynomials are minimax fits (Remez exchange in 160-bit arithmetic, relative error of the function they serve, with twice the weight
/// where exp(x) - 1 cancels), rounded to the format.
/// Intervals: |r| at most 0.3468 for the exponential, |s| at most 0.1716 for the logarithm, |x| at most the slope's own limit.
/// </remarks>
internal sealed record LoweringFormat
{
    public required int MantissaBits { get; init; }

    public required int ExponentBias { get; init; }

    public required ulong SignMask { get; init; }

    public required ulong MantissaMask { get; init; }

    /// <summary>The pattern of 1.</summary>
    public required ulong One { get; init; }

    /// <summary>The pattern of sqrt(1/2), where the logarithm's mantissa interval starts.</summary>
    public required ulong SqrtHalf { get; init; }

    /// <summary>The distance from 1 to the next number.</summary>
    public double Epsilon => Math.ScaleB(1, -MantissaBits);

    /// <summary>Adding it rounds a small number to an integer, which then stands in the low bits: 1.5 * 2^MantissaBits.</summary>
    public required double Rounder { get; init; }

    /// <summary>
    /// ln 2 in two parts, and whether the second is so small that only the first power of r needs it. Where all need it, the first has so few bits that its
    /// product with an exponent is exact.
    /// </summary>
    public required (double High, double Low, bool LowIsLinear) Ln2 { get; init; }

    /// <summary>Beyond these exp keeps its value: the logarithms of the smallest normal and of the largest number.</summary>
    public required (double Low, double High) ExpLimits { get; init; }

    /// <summary>The same for exp(x) - 1, whose scale 2^n must be a finite number by itself.</summary>
    public required (double Low, double High) Expm1Limits { get; init; }

    /// <summary>Where tanh(y/2) is 1 in this format.</summary>
    public required double TanhLimit { get; init; }

    public required double SmallestNormal { get; init; }

    /// <summary>P in exp(r) = 1 + r + r^2 P(r).</summary>
    public required double[] Exponential { get; init; }

    /// <summary>Q in log((1 + s) / (1 - s)) = 2 s + s^3 Q(s^2).</summary>
    public required double[] Logarithm { get; init; }

    /// <summary>S in d/dx linoid(x) = 1/2 + x S(x^2), for |x| below the limit.</summary>
    public required (double Limit, double[] Coefficients) LinoidSlope { get; init; }

    /// <summary>d/dx exprel(x) for |x| below the limit.</summary>
    public required (double Limit, double[] Coefficients) ExprelSlope { get; init; }

    /// <summary>R in sin(2 pi t) = t R(t^2), for |t| at most 1/4.</summary>
    public required double[] SineOfTurns { get; init; }

    public static LoweringFormat Of(Precision precision) => precision == Precision.Single ? Single : Double;

    private static readonly LoweringFormat Single = new()
    {
        MantissaBits = 23,
        ExponentBias = 127,
        SignMask = 0x8000_0000,
        MantissaMask = 0x007f_ffff,
        One = 0x3f80_0000,
        SqrtHalf = 0x3f35_04f3,
        Rounder = 12582912,
        Ln2 = (0.693147182464599609375, -1.90465429995776804525e-9, true),
        ExpLimits = (-87.33654, 88.72283),
        Expm1Limits = (-80, 88.37626),
        TanhLimit = 20,
        SmallestNormal = 1.17549435e-38,
        Exponential = [0.499999911, 0.166665465, 0.0416696481, 0.00836628117, 0.00137240347],
        Logarithm = [0.666666627, 0.400009722, 0.284988016, 0.24279058],
        LinoidSlope = (2, [0.166666672, -0.00555556966, 0.000198419773, -6.60865226e-06, 2.03345607e-07, -4.69359218e-09]),
        ExprelSlope = (2,
        [
            0.5, 0.333333343, 0.125, 0.0333332904, 0.00694447802, 0.00119055854, 0.000173573368, 2.19838403e-05,
            2.49184268e-06, 2.69360186e-07, 2.24754348e-08,
        ]),
        SineOfTurns = [6.28318548, -41.3416786, 81.6022339, -76.5749893, 39.7109222],
    };

    private static readonly LoweringFormat Double = new()
    {
        MantissaBits = 52,
        ExponentBias = 1023,
        SignMask = 0x8000_0000_0000_0000,
        MantissaMask = 0x000f_ffff_ffff_ffff,
        One = 0x3ff0_0000_0000_0000,
        SqrtHalf = 0x3fe6_a09e_667f_3bcd,
        Rounder = 6755399441055744,
        Ln2 = (6.93147180369123816490e-01, 1.90821492927058770002e-10, false),
        ExpLimits = (-708.39641853226408, 709.78271289338397),
        Expm1Limits = (-700, 709.4361393),
        TanhLimit = 40,
        SmallestNormal = 2.2250738585072014e-308,
        Exponential =
        [
            0.5000000000000006, 0.16666666666666588, 0.041666666666576355, 0.008333333333389805, 0.0013888888931706924,
            0.00019841269718583906, 2.480150509161226e-05, 2.7557407756424105e-06, 2.762611422264298e-07, 2.5053770717418023e-08,
        ],
        Logarithm =
        [
            0.6666666666666734, 0.3999999999941655, 0.28571428742062965, 0.22222198600115647, 0.18183563272995923, 0.15314067074959306, 0.14795903821702067,
        ],
        LinoidSlope = (1,
        [
            0.16666666666666663, -0.005555555555553625, 0.00019841269838648452, -6.613756452479851e-06,
            2.0876704014632456e-07, -6.340035103609673e-09, 1.8628730514172708e-10, -4.805248726322043e-12,
        ]),
        ExprelSlope = (1,
        [
            0.5, 0.33333333333333337, 0.12499999999999985, 0.03333333333333199, 0.0069444444444468605,
            0.0011904761904913065, 0.00017361111109685608, 2.204585530502134e-05, 2.4801587694613206e-06, 2.505212695112935e-07,
            2.2964379092101037e-08, 1.9268375762034014e-09, 1.4915232120784514e-10, 1.0873548810021581e-11, 7.132353328473499e-13,
        ]),
        SineOfTurns =
        [
            6.2831853071795862, -41.341702240399755, 81.605249276073408, -76.705859752798503, 42.058693923785718,
            -15.094641620521024, 3.8199270506086589, -0.71772358078042331, 0.10085633102180219,
        ],
    };
}
