using BrainModular.Engine.Fitting;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>
/// A passive membrane under two current steps with noise of known size and correlation, and what theory says of its parameters: with d = exp(-dt / tauM) and
/// V(k+1) = (EL + R I) (1 - d) + V(k) d, the sensitivities to tauM, R and EL follow by the same recursion.
/// </summary>
internal static class NoisyPassiveCell
{
    public const int Steps = 600;
    public const double TimeConstant = 13;
    public const double Resistance = 70;
    public const double Rest = -68;

    /// <summary>With the surrogate none gradients are exact; others feel the threshold from afar.</summary>
    private static readonly Lazy<ModelDefinition> Exact = new(static () => ModelTracer.Trace(
        "leaky-integrate-and-fire", RecordingCatalog.Of(new NeuronsPlugin()).Create<INeuronModel>("leaky-integrate-and-fire"), RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>("none")));

    private static readonly double[] Amplitudes = [0.05, -0.1];

    public static readonly IReadOnlyDictionary<string, double> Truth =
        new Dictionary<string, double> { ["R"] = Resistance, ["tauM"] = TimeConstant, ["EL"] = Rest };

    /// <param name="seed">The seed of the noise.</param>
    /// <param name="deviation">The noise's standard deviation in mV.</param>
    /// <param name="memory">The correlation of two noise values that follow each other: 0 is white noise.</param>
    public static FitPlan Plan(ulong seed, double deviation, double memory = 0)
    {
        var random = new PhiloxStream(seed);
        return TinyFit.Plan(starts: 1, model: Exact.Value) with
        {
            Train = [.. Amplitudes.Select((a, i) => Sweep(i + 1, a, random, deviation, memory))],
            Start = Truth,
            Optimizer = static () => Optimizers.Drive.Create("l-bfgs-b"),
        };
    }

    /// <summary>The standard errors of tauM, R and EL under white noise of a size, from the Fisher information.</summary>
    public static double[] StandardErrors(double deviation)
    {
        var information = new double[3, 3];
        var decay = Math.Exp(-TinyFit.TimeStep / TimeConstant);
        foreach (var amplitude in Amplitudes)
        {
            var (v, s) = (Rest - 5, new double[3]);
            for (var k = 0; k < Steps; k++)
            {
                for (var i = 0; i < 3; i++)
                {
                    for (var j = 0; j < 3; j++)
                    {
                        information[i, j] += s[i] * s[j] / (deviation * deviation);
                    }
                }

                var target = Rest + (Resistance * Current(k, amplitude));
                s = [(s[0] * decay) + ((v - target) * decay * TinyFit.TimeStep / (TimeConstant * TimeConstant)), (s[1] * decay) + (Current(k, amplitude) * (1 - decay)), (s[2] * decay) + 1 - decay];
                v = target + ((v - target) * decay);
            }
        }

        return [.. Enumerable.Range(0, 3).Select(i => Math.Sqrt(Cofactor(information, i) / Determinant(information)))];
    }

    private static double Current(int k, double amplitude) => k is >= 100 and < 400 ? amplitude : 0;

    private static PreparedSweep Sweep(int number, double amplitude, PhiloxStream random, double deviation, double memory)
    {
        var (current, potential, v, noise) = (new double[Steps], new double[Steps], Rest - 5, deviation * random.Normal());
        for (var k = 0; k < Steps; k++)
        {
            current[k] = Current(k, amplitude);
            potential[k] = v + noise;
            var target = Rest + (Resistance * current[k]);
            v = target + ((v - target) * Math.Exp(-TinyFit.TimeStep / TimeConstant));
            noise = (memory * noise) + (Math.Sqrt(1 - (memory * memory)) * deviation * random.Normal());
        }

        return new(number, TinyFit.TimeStep, current, potential, [.. current.Select(static _ => true)], [], Rest - 5);
    }

    private static double Cofactor(double[,] m, int i)
    {
        var (a, b) = ((i + 1) % 3, (i + 2) % 3);
        return (m[a, a] * m[b, b]) - (m[a, b] * m[b, a]);
    }

    private static double Determinant(double[,] m) =>
        (m[0, 0] * ((m[1, 1] * m[2, 2]) - (m[1, 2] * m[2, 1]))) - (m[0, 1] * ((m[1, 0] * m[2, 2]) - (m[1, 2] * m[2, 0]))) + (m[0, 2] * ((m[1, 0] * m[2, 1]) - (m[1, 1] * m[2, 0])));
}
