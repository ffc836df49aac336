using System.Numerics;

namespace BrainModular.Engine.Statistics;

/// <summary>The discrete Fourier transform of a power of two of numbers (Cooley and Tukey 1965, 10.1090/S0025-5718-1965-0178586-1).</summary>
public static class FourierTransform
{
    /// <summary>The sums over t of x(t) x(t + k), for all lags k from 0 on.</summary>
    /// <param name="values">x, at least one number.</param>
    /// <returns>[lag], as many as there are values.</returns>
    public static double[] Autocorrelation(ReadOnlySpan<double> values)
    {
        // Padded to twice the length, so that nothing wraps around.
        var padded = new Complex[(int)BitOperations.RoundUpToPowerOf2((uint)(2 * values.Length))];
        for (var i = 0; i < values.Length; i++)
        {
            padded[i] = values[i];
        }

        Transform(padded);
        for (var i = 0; i < padded.Length; i++)
        {
            padded[i] = padded[i].Magnitude * padded[i].Magnitude;
        }

        // A power spectrum is even: its transform is its inverse transform but for the factor.
        Transform(padded);
        var sums = new double[values.Length];
        for (var lag = 0; lag < sums.Length; lag++)
        {
            sums[lag] = padded[lag].Real / padded.Length;
        }

        return sums;
    }

    /// <summary>Transforms in place: X(k) = sum over t of x(t) exp(-2 pi i k t / n).</summary>
    /// <param name="values">x; a power of two of numbers.</param>
    /// <exception cref="ArgumentException">Their number is no power of two.</exception>
    public static void Transform(Span<Complex> values)
    {
        if (!BitOperations.IsPow2(values.Length))
        {
            throw new ArgumentException($"{values.Length} is no power of two", nameof(values));
        }

        for (int i = 1, reversed = 0; i < values.Length; i++)
        {
            var bit = values.Length >> 1;
            for (; (reversed & bit) != 0; bit >>= 1)
            {
                reversed ^= bit;
            }

            reversed ^= bit;
            if (i < reversed)
            {
                (values[i], values[reversed]) = (values[reversed], values[i]);
            }
        }

        for (var half = 1; half < values.Length; half *= 2)
        {
            var turns = new Complex[half];
            for (var k = 0; k < half; k++)
            {
                turns[k] = Complex.FromPolarCoordinates(1, -Math.PI * k / half);
            }

            for (var first = 0; first < values.Length; first += 2 * half)
            {
                for (var k = 0; k < half; k++)
                {
                    var (even, odd) = (values[first + k], values[first + k + half] * turns[k]);
                    (values[first + k], values[first + k + half]) = (even + odd, even - odd);
                }
            }
        }
    }
}
