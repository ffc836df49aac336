using BrainModular.Diagnostics;
using BrainModular.Formats.Nwb;
using BrainModular.Recordings;

namespace BrainModular.Plugins.Recordings;

/// <summary>Reads patch-clamp sweeps from NWB files.</summary>
public sealed class NwbRecordingLoader : IRecordingLoader
{
    private static readonly byte[] Signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <inheritdoc/>
    /// <remarks>A file named <c>.nwb</c> is taken whatever it holds, so that a broken one is refused with its own reason.</remarks>
    public bool CanOpen(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(".nwb", StringComparison.OrdinalIgnoreCase) || (new FileInfo(path) is { Exists: true, Length: > 0 } && StartsAsHdf5(path));
    }

    /// <inheritdoc/>
    public IRecording Open(string path) => new NwbRecording(NwbFile.Open(path));

    private static bool StartsAsHdf5(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[Signature.Length];
        return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length && bytes.AsSpan().SequenceEqual(Signature);
    }

    private sealed class NwbRecording(NwbFile file) : IRecording
    {
        private const double NanoamperesPerAmpere = 1e9;
        private const double MillivoltsPerVolt = 1e3;

        public IReadOnlyList<SweepInfo> Sweeps { get; } = [.. file.Sweeps.Select(Describe)];

        public IReadOnlyList<Diagnostic> Warnings => file.Warnings;

        public SweepData Read(SweepInfo sweep, long start, long count)
        {
            var index = Sweeps.TakeWhile(other => other != sweep).Count();
            if (index == Sweeps.Count)
            {
                throw new ArgumentException($"sweep {sweep.Number} is not of {file.Path}", nameof(sweep));
            }

            var samples = file.Read(file.Sweeps[index], start, count);
            return new SweepData(sweep, start, Scale(samples.Current, NanoamperesPerAmpere), Scale(samples.Potential, MillivoltsPerVolt));
        }

        public void Dispose() => file.Dispose();

        private static SweepInfo Describe(NwbSweep sweep) => new(
            sweep.Number,
            sweep.Clamp switch { NwbClamp.Current => ClampMode.CurrentClamp, NwbClamp.Voltage => ClampMode.VoltageClamp, _ => ClampMode.ZeroCurrent },
            sweep.Response.Series.Path,
            sweep.Stimulus?.Series.Path,
            sweep.Rate,
            sweep.Count,
            sweep.StimulusKind)
        {
            Texts = [.. new[] { sweep.Response.Series, sweep.Stimulus?.Series }.OfType<NwbSeries>().SelectMany(static s => new[] { s.Description, s.Comments, s.StimulusDescription }).Where(static t => t.Length > 0).Distinct()],
        };

        private static double[] Scale(double[] values, double factor)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] *= factor;
            }

            return values;
        }
    }
}
