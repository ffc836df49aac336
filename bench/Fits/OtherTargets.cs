using System.Globalization;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Kernels.Random;

namespace BrainModular.Bench.Fits;

/// <summary>
/// Targets like the generalised integrate-and-fire neuron's of Wang et al. 2024 with spike-triggered currents, of which nothing was chosen by hand: the four parameters and the currents are drawn.
/// </summary>
internal static class OtherTargets
{
    private const double TimeStep = 0.1;
    private const int Sweeps = 5;
    private const int Steps = 10_000;

    private static readonly FreeParameter[] Drawn =
    [
        new("a", 0, 0.1, Models.ParameterScale.Linear), new("b", 0, 0.1, Models.ParameterScale.Linear),
        new("k1", 0.1, 1, Models.ParameterScale.Logarithmic), new("k2", 0.01, 0.1, Models.ParameterScale.Logarithmic),
    ];

    /// <summary>Writes gif-other-1.nwb and so on, and beside each what it was made with, as NAME=VALUE in engine units.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <param name="count">How many.</param>
    public static void Write(string folder, int count)
    {
        var random = new PhiloxStream(1);
        for (var n = 1; n <= count;)
        {
            // Three currents fluctuate fast, two slowly. A neuron that hardly fires tells nothing of its threshold.
            Dictionary<string, double> truth = Drawn.ToDictionary(static f => f.Name, f => f.Value(random.Uniform()));
            var (mean, deviation) = (0.5 + (1.5 * random.Uniform()), 0.2 + (1.3 * random.Uniform()));
            double[][] currents = [.. Enumerable.Range(0, Sweeps).Select(s => Current(random, mean, deviation, s % 2 == 0 ? 3 : 100))];
            var name = Path.Combine(folder, $"gif-other-{n}");
            if (PaperTargets.Gif($"{name}.nwb", currents, new(truth) { ["A1"] = 0.4, ["A2"] = -0.1 }) is < 10 or > 500)
            {
                continue;
            }

            n++;
            File.WriteAllText($"{name}.txt", string.Join(' ', truth.Select(static p => string.Create(CultureInfo.InvariantCulture, $"{p.Key}={p.Value:R}"))) + "\n");
        }
    }

    /// <summary>An Ornstein-Uhlenbeck process, in nA.</summary>
    private static double[] Current(PhiloxStream random, double mean, double deviation, double tau)
    {
        var decay = Math.Exp(-TimeStep / tau);
        var (current, x) = (new double[Steps], random.Normal());
        for (var t = 0; t < Steps; t++)
        {
            current[t] = mean + (deviation * x);
            x = (decay * x) + (Math.Sqrt(1 - (decay * decay)) * random.Normal());
        }

        return current;
    }
}
