namespace BrainModular.Host.Reports;

/// <summary>How well a fit predicts spikes.</summary>
/// <param name="RecordedDuringFit">Whether recorded spikes stood for the model's own while it was fitted.</param>
/// <param name="Precision">How far apart spikes still coincide, in ms.</param>
/// <param name="Runs">How often each sweep was run: once, or more often where the model's spikes are random.</param>
internal sealed record ReportSpikes(bool RecordedDuringFit, double Precision, int Runs)
{
    public IReadOnlyList<ReportSpikePart> Parts { get; init; } = [];

    /// <summary>The part of the rasters: the sweeps held out, or those fitted where none are.</summary>
    public string RasterPart { get; init; } = "";

    /// <summary>Who spiked when, for each stimulus.</summary>
    public IReadOnlyList<ReportSpikeRaster> Rasters { get; init; } = [];
}

/// <summary>The spikes of one part, <c>train</c> or <c>test</c>. What there is not is null.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Gamma">The mean coincidence factor.</param>
/// <param name="Reliability">The same between repeats of the recording.</param>
/// <param name="Similarity">Md*.</param>
internal sealed record ReportSpikePart(string Name, double? Gamma, double? Reliability, double? Similarity)
{
    public IReadOnlyList<ReportSpikeSweep> Sweeps { get; init; } = [];
}

/// <summary>The spikes of one sweep.</summary>
/// <param name="Number">The file's own number.</param>
/// <param name="Recorded">The recorded train.</param>
/// <param name="Model">The model's.</param>
/// <param name="Gamma">The coincidence factor; null where there is no spike at all.</param>
/// <param name="IsGuarded">Whether that is 0 for the number of spikes alone.</param>
/// <param name="VictorPurpura">The distance of Victor and Purpura.</param>
/// <param name="VanRossum">The squared distance of van Rossum.</param>
internal sealed record ReportSpikeSweep(
    long Number, ReportSpikeTrain Recorded, ReportSpikeTrain Model, double? Gamma, bool IsGuarded, double VictorPurpura, double VanRossum)
{
    /// <summary>Electrophysiological features, the same ones for each sweep.</summary>
    public IReadOnlyList<ReportFeature> Features { get; init; } = [];
}

/// <summary>A feature, the mean over spikes; null where there is none.</summary>
internal sealed record ReportFeature(string Name, string Unit, double? Model, double? Recorded);

/// <summary>A spike train by itself: number, Hz, coefficient of variation, ms.</summary>
internal sealed record ReportSpikeTrain(int Count, double Rate, double? IntervalVariation, double? Latency);

/// <summary>Spike times in ms of the repeats of one stimulus, from <paramref name="Start"/> to <paramref name="End"/>: recorded ones and the model's, a row for each sweep.</summary>
internal sealed record ReportSpikeRaster(
    IReadOnlyList<long> Sweeps, double Start, double End, IReadOnlyList<double[]> Recorded, IReadOnlyList<double[]> Model);
