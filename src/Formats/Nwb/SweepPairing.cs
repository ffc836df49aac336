using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>
/// Finds the stimulus of each patch-clamp response: by the icephys tables (NWB 2.4 and later), else by the sweep table (2.0 to 2.3),
/// else by the series' own sweep numbers, else by their names. Of version 1, whose series have names alone, epochs tell what of them is a sweep.
/// </summary>
internal sealed class SweepPairing(NwbFile file, NwbTypes types, FaultLog log, NwbEpochs? epochs = null)
{
    private const string Tables = "/general/intracellular_ephys/";

    // Spikes last about a millisecond. Rates below are kilohertz taken for hertz, or times in milliseconds.
    private const double LowestRate = 500;

    private readonly Dictionary<string, NwbSeries> _series = file.Series.ToDictionary(series => series.Path);

    public IReadOnlyList<NwbSweep> Pair()
    {
        var responses = file.Series.Where(series => ClampOf(series) is not null && !IsStimulus(series) && !IsDerived(series)).ToArray();
        var stimuli = file.Series.Where(IsStimulus).ToArray();
        var sweeps = log.Try(FromRecordingsTable, []);
        var listed = sweeps.Select(sweep => sweep.Response.Series).ToHashSet();
        var numbers = log.Try(FromSweepTable, []);
        long? NumberOf(NwbSeries series) => series.SweepNumber ?? numbers.GetValueOrDefault(series.Path);
        var matching = new StimulusMatching(log, file.Path, responses, stimuli, series => ClampOf(series) == NwbClamp.Voltage, NumberOf);
        foreach (var response in responses.Where(response => !listed.Contains(response)))
        {
            var stimulus = matching.StimulusOf(response);
            sweeps.Add(Make(NumberOf(response) ?? matching.Names.Number(response) ?? sweeps.Count, Whole(response, "response"), stimulus is null ? null : Whole(stimulus, "stimulus")));
        }

        return [.. sweeps.OrderBy(sweep => sweep.Number).ThenBy(sweep => sweep.Response.Series.Path, StringComparer.Ordinal)];
    }

    private NwbStretch Whole(NwbSeries series, string role) => epochs?.Experiment(series, role) ?? new(series, 0, series.SampleCount);

    private static bool IsStimulus(NwbSeries series) =>
        series.Path.StartsWith("/stimulus/presentation/", StringComparison.Ordinal) || series.Object.Type.EndsWith("ClampStimulusSeries", StringComparison.Ordinal);

    // What an analysis or a model made of a recording is no sweep of its own.
    private static bool IsDerived(NwbSeries series) =>
        Array.Exists(["/processing/", "/analysis/", "/scratch/"], group => series.Path.StartsWith(group, StringComparison.Ordinal));

    private NwbClamp? ClampOf(NwbSeries series)
    {
        var type = series.Object.Type;
        return types.IsA(type, "IZeroClampSeries") ? NwbClamp.Zero
            : types.IsA(type, "CurrentClampSeries") ? NwbClamp.Current
            : types.IsA(type, "VoltageClampSeries") ? NwbClamp.Voltage
            : null;
    }

    private NwbSweep Make(long number, NwbStretch response, NwbStretch? stimulus)
    {
        var clamp = ClampOf(response.Series) ?? NwbClamp.Current;
        var place = new Place(file.Path, response.Series.Path);
        if (response.Series.Fault is { } fault)
        {
            log.Add(fault);
        }
        else if (response.Series.SampleCount == 0)
        {
            log.Add(new Diagnostic("BM3024", "the series has no samples", place));
        }

        if (clamp == NwbClamp.Current && response.Series.BiasCurrent is { } bias && double.IsFinite(bias) && bias != 0)
        {
            log.Add(new Diagnostic(
                "BM3030", FormattableString.Invariant($"the series names a bias current of {bias * 1e12:G6} pA, which is not added to its stimulus"), place, "a stimulus that holds all of the injected current",
                "where the stimulus is without it, the cell's rest is that of the bias current; add it to the stimulus for the cell's own"));
        }

        if (stimulus is null && clamp != NwbClamp.Zero)
        {
            log.Add(new Diagnostic("BM3106", $"no stimulus was found for sweep {number}", place, "a series in /stimulus/presentation with the same sweep number"));
        }
        var extent = new SweepExtent(file.Path, log);
        var command = stimulus;
        if (stimulus is not null)
        {
            (response, command) = extent.Align(response, stimulus);
        }

        response = extent.Acquired(response, clamp != NwbClamp.Voltage);
        if (clamp != NwbClamp.Voltage && response.Series.Timing is { Rate: > 0 and < LowestRate } timing)
        {
            log.Add(new Diagnostic(
                "BM3109", $"the series has {timing.Rate:G6} samples a second, of which several would have to be taken within one spike", place, "kilohertz, in samples a second",
                "check the rate, or the timestamps, which are in seconds"));
        }

        return new NwbSweep(number, clamp, response, command is null ? null : extent.Acquired(command, isResponsePotential: false));
    }

    private List<NwbSweep> FromRecordingsTable()
    {
        const string path = Tables + "intracellular_recordings";
        var sweeps = new List<NwbSweep>();
        if (!file.Tables.Contains(path))
        {
            return sweeps;
        }

        var table = file.Table(path);
        var responses = table.Categories.GetValueOrDefault("responses")?.Column("response")?.Cells ?? [];
        var stimuli = table.Categories.GetValueOrDefault("stimuli")?.Column("stimulus")?.Cells ?? [];
        var seen = new HashSet<NwbSeries>();
        for (var row = 0; row < responses.Count && row < table.Ids.Count; row++)
        {
            if (Stretch(responses[row]) is not { } response || ClampOf(response.Series) is null)
            {
                continue;
            }

            // Several rows of one series are stretches of it, and then only the row's id tells them apart.
            var own = seen.Add(response.Series) ? response.Series.SweepNumber : null;
            var stimulus = row < stimuli.Count ? Stretch(stimuli[row]) : null;
            sweeps.Add(Make(own ?? table.Ids[row], response, stimulus?.Series == response.Series ? null : stimulus));
        }

        return sweeps;
    }

    // A row that has no response or no stimulus says so with negative numbers.
    private NwbStretch? Stretch(object cell)
    {
        if (cell is not IReadOnlyDictionary<string, object> record
            || record.GetValueOrDefault("idx_start") is not long start
            || record.GetValueOrDefault("count") is not long count
            || record.GetValueOrDefault("timeseries") is not Hdf5Reference reference
            || file.PathOf(reference) is not { } path
            || !_series.TryGetValue(path, out var series)
            || start < 0)
        {
            return null;
        }

        var fits = Math.Clamp(count, 0, Math.Max(0, series.SampleCount - start));
        return new NwbStretch(series, start, count < 0 ? series.SampleCount - start : fits);
    }

    // Each row has a number and the series that belong to it; one sweep may take several rows.
    private Dictionary<string, long?> FromSweepTable()
    {
        const string path = Tables + "sweep_table";
        var numbers = new Dictionary<string, long?>(StringComparer.Ordinal);
        if (!file.Tables.Contains(path))
        {
            return numbers;
        }

        var table = file.Table(path);
        var sweeps = table.Column("sweep_number")?.Cells ?? [];
        var series = table.Column("series")?.Cells ?? [];
        for (var row = 0; row < sweeps.Count && row < series.Count; row++)
        {
            foreach (var reference in (series[row] as object[] ?? [series[row]]).OfType<Hdf5Reference>())
            {
                if (file.PathOf(reference) is { } member && sweeps[row] is long or ulong)
                {
                    numbers[member] = sweeps[row] is long number ? number : (long)(ulong)sweeps[row];
                }
            }
        }

        return numbers;
    }
}
