using BrainModular.Formats.Nwb;

namespace BrainModular.EndToEnd;

/// <summary>A recording that is fitted in a moment: current steps into a leaky integrate-and-fire cell whose spikes were painted on.</summary>
internal static class TinyRecording
{
    public const int Samples = 1200;
    private const double Rate = 20_000;
    private const double TimeStep = 1000 / Rate;
    private const int SpikeWidth = 20;

    /// <summary>Three sweeps of 60 ms; the last one spikes.</summary>
    public static readonly double[] Amplitudes = [0.05, 0.3, 0.2];

    /// <summary>Writes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="change">What is done to each sweep's potential in V before it is written.</param>
    public static void Write(string path, Action<double[]>? change = null)
    {
        var made = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var file = NwbWriter.Create(path, new("tiny", "current steps", made, made, "a simulated cell"));
        for (var sweep = 1; sweep <= Amplitudes.Length; sweep++)
        {
            double[] current = [.. Enumerable.Range(0, Samples).Select(t => t is >= 200 and < 1000 ? Amplitudes[sweep - 1] : 0)];
            var potential = Respond(current);
            change?.Invoke(potential);
            file.Stimulus(sweep, Rate, [.. current.Select(i => i * 1e-9)], "step");
            file.Recorded(sweep, Rate, potential, "step");
        }

        file.Commit();
    }

    // tauM dV/dt = EL - V + R I with tauM 20 ms, EL -65 mV, R 100 MOhm; a spike at -50 mV.
    private static double[] Respond(double[] current)
    {
        var potential = new double[current.Length];
        var v = -65.0;
        for (var t = 0; t < current.Length; t++)
        {
            potential[t] = 1e-3 * v;
            v += (TimeStep / 20) * (-65 - v + (100 * current[t]));
            if (v >= -50)
            {
                potential.AsSpan(t, Math.Min(SpikeWidth, current.Length - t)).Fill(20e-3);
                t += SpikeWidth - 1;
                v = -65;
            }
        }

        return potential;
    }
}
