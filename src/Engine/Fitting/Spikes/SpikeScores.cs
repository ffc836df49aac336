namespace BrainModular.Engine.Fitting.Spikes;

/// <summary>How well a model predicts the spikes of several sweeps.</summary>
/// <param name="Gamma">The mean coincidence factor over sweeps with a spike in the recording or the model, and over the model's realisations; null where there is none.</param>
/// <param name="Reliability">The same between repeats of the recording, weighted alike; null where no stimulus is repeated.</param>
/// <param name="Similarity">Md* between repeats and the model's realisations, the mean over stimuli; null where no stimulus is repeated, or the model's spikes are not random.</param>
public sealed record SpikeScores(double? Gamma, double? Reliability, double? Similarity)
{
    /// <param name="sweeps">The sweeps.</param>
    /// <param name="precision">How far apart spikes still coincide, in ms.</param>
    public static SpikeScores Of(IReadOnlyList<SweepAssessment> sweeps, double precision)
    {
        var repeats = Stimuli.Group(sweeps, static s => s.Sweep).Where(static g => g.Count > 1).ToList();
        return new(
            Mean(sweeps.Select(s => GammaOf(s, precision))),
            Mean(repeats.Select(g => SpikeTrains.Reliability([.. g.Select(static s => s.Sweep.ComparedSpikes)], g[0].Sweep.ComparedDuration, g[0].Sweep.TimeStep, precision))),
            Mean(repeats.Where(static g => g.All(static s => s.Realizations.Count > 1)).Select(g => SpikeTrains.Similarity(
                [.. g.Select(static s => s.Sweep.ComparedSpikes)], [.. g.SelectMany(static s => s.ComparedRealizations)], g[0].Sweep.TimeStep, precision))));
    }

    /// <summary>The coincidence factor of one sweep, the mean over the model's realisations; null where neither has a spike.</summary>
    public static double? GammaOf(SweepAssessment of, double precision) => Mean(of.ComparedRealizations.Select(
        m => SpikeTrains.Gamma(of.Sweep.ComparedSpikes, m, of.Sweep.ComparedDuration, of.Sweep.TimeStep, precision)));

    private static double? Mean(IEnumerable<double?> values)
    {
        var known = values.OfType<double>().ToList();
        return known.Count > 0 ? known.Average() : null;
    }
}
