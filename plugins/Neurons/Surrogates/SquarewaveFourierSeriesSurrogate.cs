using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons.Surrogates;

/// <summary>
/// S'(x) = (4 / T) sum over i = 1 .. n of cos((2 i - 1) w x), w = 2 pi / T: the Fourier series of a square wave of period T that steps at
/// threshold, broken off after n terms (one of the functions of Wang et al. 2024, 10.48550/arXiv.2406.19708, table S1).
/// S(x) = 1/2 + (2 / pi) sum of sin((2 i - 1) w x) / (2 i - 1). It goes on for 4096 periods on either side.
/// </summary>
internal sealed class SquarewaveFourierSeriesSurrogate(ISettings settings) : ISurrogate
{
    private const int Doublings = 12;

    private readonly int terms = settings.Integer("terms", 2, 1, 64, "how many terms of the series are taken");
    private readonly double period = settings.Number("period", 8, 1e-3, 1e6, "the period of the square wave");

    public double? Support => Math.ScaleB(period, Doublings);

    public Expr Derivative(Expr x)
    {
        var (cosine, _) = Sums(Abs(x));
        return Where(Abs(x) < Support!.Value, 4 / period * cosine, 0);
    }

    public Expr Smooth(Expr x)
    {
        var (_, sine) = Sums(Min(Abs(x), Support!.Value));
        return 0.5 + (2 / Math.PI * Where(x < 0, -sine, sine));
    }

    /// <summary>The two sums at a distance that is not negative: multiple angles follow from the first by rotating through twice of it.</summary>
    private (Expr Cosine, Expr Sine) Sums(Expr x)
    {
        // Taking off ever smaller numbers of periods is exact, as each is at least half of what it is taken from.
        for (var k = Doublings; k >= 0; k--)
        {
            var periods = Math.ScaleB(period, k);
            x = Where(x >= periods, x - periods, x);
        }

        var half = Math.PI / period * (x - (period / 2));
        var (s, c) = (Sine(half), Cosine(half));
        Expr cosine = (2 * s * s) - 1, sine = -2 * s * c;
        var (turnCosine, turnSine) = ((2 * cosine * cosine) - 1, 2 * sine * cosine);
        var (cosines, sines) = (cosine, sine);
        for (var i = 2; i <= terms; i++)
        {
            (cosine, sine) = ((cosine * turnCosine) - (sine * turnSine), (sine * turnCosine) + (cosine * turnSine));
            (cosines, sines) = (cosines + cosine, sines + (sine / ((2 * i) - 1)));
        }

        return (cosines, sines);
    }

    private static Expr Sine(Expr z) => z * Series(z * z, 2);

    private static Expr Cosine(Expr z) => Series(z * z, 1);

    /// <summary>1 - q / (n (n + 1)) (1 - q / ((n + 2) (n + 3)) (1 - ...)): twelve terms reach double precision for q up to (pi / 2)^2.</summary>
    private static Expr Series(Expr q, int n)
    {
        Expr sum = 1;
        for (var k = n + 22; k >= n; k -= 2)
        {
            sum = 1 - (q / (k * (k + 1.0)) * sum);
        }

        return sum;
    }
}
