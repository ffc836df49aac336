using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>The epochs of an NWB 1 file of the Allen Cell Types Database: of a series <c>Sweep_12</c> the epoch <c>Experiment_12</c> is what follows the test pulse.</summary>
/// <param name="file">The file.</param>
/// <param name="log">Takes what is odd.</param>
internal sealed class NwbEpochs(Hdf5File file, FaultLog log)
{
    /// <summary>Where the epochs lie, whose links lead to series that stand elsewhere.</summary>
    public const string Group = "/epochs";

    /// <summary>What of a series is the experiment; all of it where the file does not say.</summary>
    /// <param name="series">The series.</param>
    /// <param name="role"><c>response</c> or <c>stimulus</c>.</param>
    public NwbStretch Experiment(NwbSeries series, string role)
    {
        var whole = new NwbStretch(series, 0, series.SampleCount);
        if (SweepNames.Trailing(series.Object.Name) is not { } number)
        {
            return whole;
        }

        var epoch = string.Create(CultureInfo.InvariantCulture, $"{Group}/Experiment_{number}/{role}");
        if (Number($"{epoch}/idx_start") is not { } start || (Number($"{epoch}/count") ?? Number($"{epoch}/idx_stop") - start + 1) is not { } count)
        {
            return whole;
        }

        if (start >= 0 && count > 0 && start + count <= series.SampleCount && start == Math.Floor(start) && count == Math.Floor(count))
        {
            return new(series, (long)start, (long)count);
        }

        log.Add(new Diagnostic(
            "BM3029", FormattableString.Invariant($"the epoch has {count} samples from {start} on, and {series.Path} has {series.SampleCount}"), new Place(file.Path, epoch), "a part of the series", "the whole sweep is taken"));
        return whole;
    }

    private double? Number(string path) =>
        file.Find(path) is { IsDataset: true } && file.Dataset(path) is { Type.IsNumber: true, Count: 1 } ? file.ReadDoubles(path)[0] : null;
}
