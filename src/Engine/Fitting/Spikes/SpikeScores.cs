namespace BrainModular.Engine.Fitting.Spikes;

/// <summary>How well a model predicts the spikes of several sweeps.</summary>
/// <param name="Gamma">The mean coincidence factor over sweeps with a spike in the recording or the model, and over the model's realisations; null where there is none.</param>
/// <param name="Reliability">The same between repeats of the recording, weighted alike; null where no stimulus is repeated.</param>
/// <param name="Similarity">Md* between repeats and the model's realisations, the mean over stimuli; null where no stimulus is repeated, or the model's spikes are not random.</param>
public sealed record SpikeScores(double? Gamma, double? Reliability, double? Similarity)
{
    // Repeats differ by the amplifier's noise.
    private const double MostDifference = 0.05;

    /// <param name="sweeps">The sweeps.</param>
    /// <param name="precision">How far apart spikes still coincide, in ms.</param>
    public static SpikeScores Of(IReadOnlyList<SweepAssessment> sweeps, double precision)
    {
        var repeats = ByStimulus(sweeps).Where(static g => g.Count > 1).ToList();
        return new(
            Mean(sweeps.Select(s => GammaOf(s, precision))),
            Mean(repeats.Select(g => SpikeTrains.Reliability([.. g.Select(static s => s.Sweep.ComparedSpikes)], g[0].Sweep.ComparedDuration, g[0].Sweep.TimeStep, precision))),
            Mean(repeats.Where(static g => g.All(static s => s.Realizations.Count > 1)).Select(g => SpikeTrains.Similarity(
                [.. g.Select(static s => s.Sweep.ComparedSpikes)], [.. g.SelectMany(static s => s.ComparedRealizations)], g[0].Sweep.TimeStep, precision))));
    }

    /// <summary>The coincidence factor of one sweep, the mean over the model's realisations; null where neither has a spike.</summary>
    public static double? GammaOf(SweepAssessment of, double precision) => Mean(of.ComparedRealizations.Select(
        m => SpikeTrains.Gamma(of.Sweep.ComparedSpikes, m, of.Sweep.ComparedDuration, of.Sweep.TimeStep, precision)));

    /// <summary>Sweeps together whose stimulus is the same: of one length, with currents whose difference has less than a twentieth of the current's own deviation.</summary>
    public static IReadOnlyList<IReadOnlyList<SweepAssessment>> ByStimulus(IReadOnlyList<SweepAssessment> sweeps)
    {
        var groups = new List<List<SweepAssessment>>();
        foreach (var sweep in sweeps)
        {
            var same = groups.Find(g => Same(g[0].Sweep, sweep.Sweep));
            if (same is null)
            {
                groups.Add([sweep]);
            }
            else
            {
                same.Add(sweep);
            }
        }

        return groups;
    }

    private static bool Same(PreparedSweep a, PreparedSweep b)
    {
        if (a.Steps != b.Steps || a.First != b.First)
        {
            return false;
        }

        var mean = a.Current.Average();
        var (own, difference) = (0.0, 0.0);
        for (var t = 0; t < a.Steps; t++)
        {
            own += (a.Current[t] - mean) * (a.Current[t] - mean);
            difference += (a.Current[t] - b.Current[t]) * (a.Current[t] - b.Current[t]);
        }

        return difference < MostDifference * MostDifference * own;
    }

    private static double? Mean(IEnumerable<double?> values)
    {
        var known = values.OfType<double>().ToList();
        return known.Count > 0 ? known.Average() : null;
    }
}
