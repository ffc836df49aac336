namespace BrainModular.Plugins.Tests.Neurons;

/// <summary>One of the 20 firing patterns of Izhikevich (2004, 10.1109/TNN.2004.832719), figure 1: its parameters, its stimulus and how it is told.</summary>
/// <param name="Name">Letter and name.</param>
/// <param name="A">a in 1/ms.</param>
/// <param name="B">b in 1/ms.</param>
/// <param name="C">c in mV.</param>
/// <param name="D">d in mV/ms.</param>
/// <param name="V">The potential at time 0 in mV.</param>
/// <param name="Duration">How long, in ms.</param>
/// <param name="Step">The published time step in ms.</param>
/// <param name="Current">I / C in mV/ms at a time in ms.</param>
/// <param name="Told">How the pattern is told from spike times in ms and the potential in mV at the start of each step.</param>
/// <param name="OnlyAsPublished">Whether it is there only in steps as long as the published ones.</param>
internal sealed record FiringPattern(
    string Name, double A, double B, double C, double D, double V, double Duration, double Step, Func<double, double> Current, Func<double[], double[], bool> Told, bool OnlyAsPublished = false)
{
    public static readonly IReadOnlyList<FiringPattern> All =
    [
        new("A tonic spiking", 0.02, 0.2, -65, 6, -70, 100, 0.25, static t => t > 10 ? 14 : 0,
            static (s, _) => s.Length > 3 && Alike(s[^1] - s[^2], s[^2] - s[^3]) && s[^1] > 80),
        new("B phasic spiking", 0.02, 0.25, -65, 6, -64, 200, 0.25, static t => t > 20 ? 0.5 : 0,
            static (s, _) => s is [> 20 and < 60]),
        new("C tonic bursting", 0.02, 0.2, -50, 2, -70, 220, 0.25, static t => t > 22 ? 15 : 0,
            static (s, _) => Bursts(s, 15) is { Count: >= 3 } bursts && bursts.All(static b => b.Length > 2)),
        new("D phasic bursting", 0.02, 0.25, -55, 0.05, -64, 200, 0.2, static t => t > 20 ? 0.6 : 0,
            static (s, _) => Bursts(s, 15) is [{ Length: > 3 } only] && only[^1] < 100),
        new("E mixed mode", 0.02, 0.2, -55, 4, -70, 160, 0.25, static t => t > 16 ? 10 : 0,
            static (s, _) => Bursts(s, 15) is [{ Length: > 2 }, .. { Count: >= 3 } single] && single.All(static b => b.Length == 1)),
        new("F spike frequency adaptation", 0.01, 0.2, -65, 8, -70, 85, 0.25, static t => t > 8.5 ? 30 : 0,
            static (s, _) => Intervals(s) is { Length: > 3 } i && i.Zip(i.Skip(1)).All(static p => p.Second > p.First) && i[^1] > 3 * i[0]),
        new("G class 1 excitable", 0.02, -0.1, -55, 6, -60, 300, 0.25, static t => t > 30 ? 0.075 * (t - 30) : 0,
            static (s, _) => Intervals(s) is { Length: > 5 } i && i[0] > 35 && i[0] > 2.5 * i[^1]),
        new("H class 2 excitable", 0.2, 0.26, -65, 0, -64, 300, 0.25, static t => t > 30 ? -0.5 + (0.015 * (t - 30)) : -0.5,
            static (s, _) => Intervals(s) is { Length: > 5 } i && i[0] < 25 && i[0] < 2.5 * i[^1]),
        new("I spike latency", 0.02, 0.2, -65, 6, -70, 100, 0.2, static t => t is > 10 and < 13 ? 7.04 : 0,
            static (s, _) => s is [> 16 and < 40]),
        new("J subthreshold oscillation", 0.05, 0.26, -60, 0, -62, 200, 0.25, static t => t is > 20 and < 25 ? 2 : 0,
            static (s, v) => s is [> 20 and < 30] && Peaks(v[(v.Length / 4)..]) >= 3),
        new("K resonator", 0.1, 0.26, -60, -1, -62, 400, 0.25, static t => t is (> 40 and < 44) or (> 60 and < 64) or (> 280 and < 284) or (> 320 and < 324) ? 0.65 : 0,
            static (s, _) => s is [> 320 and < 350]),
        new("L integrator", 0.02, -0.1, -55, 6, -60, 100, 0.25, static t => t is (> 100 / 11.0 and < 2 + (100 / 11.0)) or (> 5 + (100 / 11.0) and < 7 + (100 / 11.0)) or (> 70 and < 72) or (> 80 and < 82) ? 9 : 0,
            static (s, _) => s is [> 14 and < 30]),
        new("M rebound spike", 0.03, 0.25, -60, 4, -64, 200, 0.2, static t => t is > 20 and < 25 ? -15 : 0,
            static (s, _) => s is [> 25 and < 80]),
        new("N rebound burst", 0.03, 0.25, -52, 0, -64, 200, 0.2, static t => t is > 20 and < 25 ? -15 : 0,
            static (s, _) => Bursts(s, 15) is [{ Length: > 3 } only] && only[0] > 25),
        new("O threshold variability", 0.03, 0.25, -60, 4, -64, 100, 0.25, static t => t is (> 10 and < 15) or (> 80 and < 85) ? 1 : t is > 70 and < 75 ? -6 : 0,
            static (s, _) => s is [> 80 and < 100]),
        new("P bistability", 0.1, 0.26, -60, 0, -61, 300, 0.25, static t => t is (> 37.5 and < 42.5) or (> 216 and < 221) ? 1.24 : 0.24,
            static (s, _) => s is [> 37.5, _, _, ..] && s[^1] is > 190 and < 221, OnlyAsPublished: true),
        new("Q depolarising after-potential", 1, 0.2, -60, -21, -70, 50, 0.1, static t => Math.Abs(t - 10) < 1 ? 20 : 0,
            static (s, v) => s is [var t] && v[(int)((t + 0.5) / 0.1)..].Max() is > -59 and < -40 && Math.Abs(v[^1] + 70) < 0.5, OnlyAsPublished: true),
        new("R accommodation", 0.02, 1, -55, 4, -65, 400, 0.5, static t => t < 200 ? t / 25 : t < 300 ? 0 : t < 312.5 ? (t - 300) / 12.5 * 4 : 0,
            static (s, _) => s is [> 300 and < 320]),
        new("S inhibition-induced spiking", -0.02, -1, -60, 8, -63.8, 350, 0.5, static t => t is < 50 or > 250 ? 80 : 75,
            static (s, _) => s.Length >= 3 && s[0] > 50 && s[^1] < 250, OnlyAsPublished: true),
        new("T inhibition-induced bursting", -0.026, -1, -45, -2, -63.8, 350, 0.5, static t => t is < 50 or > 250 ? 80 : 75,
            static (s, _) => Bursts(s, 15) is { Count: >= 2 } bursts && bursts.All(static b => b.Length > 2) && s[0] > 50 && s[^1] < 250, OnlyAsPublished: true),
    ];

    /// <summary>Class 1 excitability and the integrator have another parabola.</summary>
    public bool HasOtherParabola => Name[0] is 'G' or 'L';

    /// <summary>In accommodation, recovery has no decay of its own and is measured from rest.</summary>
    public bool HasNoLeak => Name[0] == 'R';

    /// <summary>u at time 0 in mV/ms.</summary>
    public double U => HasNoLeak ? -16 : B * V;

    /// <summary>The parameters of the model.</summary>
    public (string Name, double Value)[] Values =>
    [
        ("a", A), ("b", B), ("c", C), ("d", D), ("Vinit", V), ("uinit", U),
        .. HasOtherParabola ? [("l", 4.1), ("m", 108.0)] : Array.Empty<(string, double)>(),
        .. HasNoLeak ? [("leak", 0.0), ("Vu", -65.0)] : Array.Empty<(string, double)>(),
    ];

    /// <summary>The published steps: V, then u by the new V, then the reset.</summary>
    public (List<double> Spikes, List<double> Potential) Published()
    {
        var (v, u, spikes, potential) = (V, U, new List<double>(), new List<double>());
        for (var k = 0; k < (int)Math.Round(Duration / Step); k++)
        {
            potential.Add(v);
            v += Step * ((0.04 * v * v) + ((HasOtherParabola ? 4.1 : 5) * v) + (HasOtherParabola ? 108 : 140) - u + Current(k * Step));
            u += Step * A * (HasNoLeak ? B * (v + 65) : (B * v) - u);
            if (v >= 30)
            {
                spikes.Add(k * Step);
                (v, u) = (C, u + D);
            }
        }

        return (spikes, potential);
    }

    private static bool Alike(double a, double b) => Math.Abs(a - b) < 0.1 * Math.Max(a, b);

    private static double[] Intervals(double[] s) => [.. s.Zip(s.Skip(1), static (a, b) => b - a)];

    /// <summary>Spikes in groups that lie further apart than the gap.</summary>
    private static List<double[]> Bursts(double[] s, double gap)
    {
        List<List<double>> groups = [];
        foreach (var t in s)
        {
            if (groups.Count == 0 || t - groups[^1][^1] > gap)
            {
                groups.Add([]);
            }

            groups[^1].Add(t);
        }

        return [.. groups.Select(static g => g.ToArray())];
    }

    private static int Peaks(double[] v) => Enumerable.Range(1, v.Length - 2).Count(k => v[k] > v[k - 1] && v[k] > v[k + 1]);
}
