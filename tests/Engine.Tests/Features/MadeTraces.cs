using BrainModular.Engine.Features;

namespace BrainModular.Engine.Tests.Features;

/// <summary>Traces by formulas, the same as in efel-values.py: they have what no recorded one has.</summary>
internal static class MadeTraces
{
    private const double Step = 0.1;

    /// <summary>Bursts of several spikes and single spikes between them.</summary>
    public static FeatureTrace Bursts()
    {
        (double Start, int Count, double Interval)[] bursts = [(600, 3, 40), (860, 4, 9), (1130, 6, 11), (1450, 1, 0), (1640, 5, 8), (1900, 7, 10), (2300, 2, 12), (2480, 1, 0)];
        var potential = Enumerable.Repeat(-70.0, 30_001).ToArray();
        foreach (var spike in bursts.SelectMany(static b => Enumerable.Range(0, b.Count).Select(k => b.Start + (b.Interval * k))))
        {
            for (var i = 0; i < potential.Length; i++)
            {
                var since = (i * Step) - spike;
                var after = Math.Max(since, 0);
                potential[i] += (100 * Math.Exp(-(since / 0.4 * (since / 0.4)))) - (12 * (Math.Exp(-after / 15) - Math.Exp(-after / 2)));
            }
        }

        return FeatureTrace.Of(potential, null, Step, 500, 2600);
    }

    /// <summary>A membrane with a slow current that opposes it, under a current whose frequency rises to 50 Hz.</summary>
    public static FeatureTrace Resonance()
    {
        double[] current = [.. Enumerable.Range(0, 50_001).Select(static i => 0.05 * Math.Sin(2 * Math.PI * 50 / 8e6 * Math.Pow(Math.Clamp((i * Step) - 500, 0, 4000), 2)))];
        var potential = new double[current.Length];
        var (v, w) = (0.0, 0.0);
        for (var i = 0; i < current.Length; i++)
        {
            potential[i] = v - 70;
            (v, w) = (v + (Step * (current[i] - (0.01 * v) - w) / 0.2), w + (Step * ((0.02 * v) - w) / 50));
        }

        return FeatureTrace.Of(potential, current, Step, 500, 4500);
    }
}
