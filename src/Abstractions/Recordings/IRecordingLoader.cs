using BrainModular.Diagnostics;

namespace BrainModular.Recordings;

/// <summary>Reads recordings of one file format.</summary>
public interface IRecordingLoader
{
    /// <summary>Whether this loader is meant for the file, judged by its first bytes and its name.</summary>
    bool CanOpen(string path);

    /// <summary>Opens a file and lists its sweeps, without reading their samples.</summary>
    /// <exception cref="DiagnosticException">BM30xx: the file is missing, truncated or not of the format.</exception>
    IRecording Open(string path);
}

/// <summary>An open recording.</summary>
public interface IRecording : IDisposable
{
    /// <summary>The sweeps, in the file's order.</summary>
    IReadOnlyList<SweepInfo> Sweeps { get; }

    /// <summary>What is odd in the file but does not keep it from being read.</summary>
    IReadOnlyList<Diagnostic> Warnings { get; }

    /// <summary>Reads the samples of one sweep.</summary>
    /// <param name="sweep">One of <see cref="Sweeps"/>.</param>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many samples; clipped to the sweep's end.</param>
    /// <exception cref="DiagnosticException">BM31xx: not finite, wrong unit, implausible values or irregular timestamps.</exception>
    SweepData Read(SweepInfo sweep, long start = 0, long count = long.MaxValue);
}

/// <summary>How a sweep was recorded.</summary>
public enum ClampMode
{
    /// <summary>Current is injected and the potential recorded.</summary>
    CurrentClamp,

    /// <summary>The potential is held and the current recorded.</summary>
    VoltageClamp,

    /// <summary>No current is injected and the potential recorded.</summary>
    ZeroCurrent,
}

/// <summary>A sweep: one stretch of stimulus and response.</summary>
/// <param name="Number">The file's own number of the sweep.</param>
/// <param name="Mode">How it was recorded.</param>
/// <param name="Response">Where the response lies in the file.</param>
/// <param name="Stimulus">Where the stimulus lies in the file; null where there is none.</param>
/// <param name="SamplingRate">Samples per second.</param>
/// <param name="Count">How many samples.</param>
/// <param name="StimulusName">The stimulus's kind or description; empty where none is given.</param>
public sealed record SweepInfo(
    long Number, ClampMode Mode, string Response, string? Stimulus, double SamplingRate, long Count, string StimulusName)
{
    /// <summary>What else the file says of it: descriptions and comments, none of them empty.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];
}

/// <summary>The samples of a sweep.</summary>
/// <param name="Sweep">Which sweep.</param>
/// <param name="Start">The first sample's index in the sweep.</param>
/// <param name="Current">The current in nA: injected in current clamp, recorded in voltage clamp; zeros where there is no stimulus.</param>
/// <param name="Potential">The potential in mV: recorded in current clamp, held in voltage clamp.</param>
public sealed record SweepData(SweepInfo Sweep, long Start, double[] Current, double[] Potential);
