namespace BrainModular.Formats.Nwb;

/// <summary>How a sweep was recorded.</summary>
public enum NwbClamp
{
    /// <summary>Current is injected and the potential recorded.</summary>
    Current,

    /// <summary>The potential is held and the current recorded.</summary>
    Voltage,

    /// <summary>No current is injected and the potential recorded.</summary>
    Zero,
}

/// <summary>A stretch of a series.</summary>
/// <param name="Series">The series.</param>
/// <param name="Start">The first sample.</param>
/// <param name="Count">How many samples.</param>
public sealed record NwbStretch(NwbSeries Series, long Start, long Count);

/// <summary>A response, with the stimulus that evoked it.</summary>
/// <param name="Number">The file's own number: the series' <c>sweep_number</c>, the sweep table's, or the row's id in the icephys tables.</param>
/// <param name="Clamp">How it was recorded.</param>
/// <param name="Response">The response.</param>
/// <param name="Stimulus">The stimulus, or null where the file holds none.</param>
public sealed record NwbSweep(long Number, NwbClamp Clamp, NwbStretch Response, NwbStretch? Stimulus)
{
    /// <summary>Samples that response and stimulus have both.</summary>
    public long Count => Stimulus is null ? Response.Count : Math.Min(Response.Count, Stimulus.Count);

    /// <summary>The stimulus's kind or description; empty where the file gives none.</summary>
    public string StimulusKind => Response.Series.StimulusDescription is { Length: > 0 } own ? own : Stimulus?.Series.StimulusDescription ?? "";

    /// <summary>Samples per second; NaN where the response gives none.</summary>
    public double Rate => Response.Series.Timing?.Rate ?? double.NaN;
}
