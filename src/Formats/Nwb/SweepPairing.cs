using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>
/// Finds the stimulus of each patch-clamp response: by the icephys tables (NWB 2.4 and later), else by the sweep table (2.0 to 2.3),
/// else by the series' own sweep numbers, else by their names.
/// </summary>
internal sealed class SweepPairing(NwbFile file, NwbTypes types, FaultLog log)
{
    private const string Tables = "/general/intracellular_ephys/";

    private readonly Dictionary<string, NwbSeries> _series = file.Series.ToDictionary(series => series.Path);

    public IReadOnlyList<NwbSweep> Pair()
    {
        var responses = file.Series.Where(series => ClampOf(series) is not null && !IsStimulus(series) && !IsDerived(series)).ToArray();
        var stimuli = file.Series.Where(IsStimulus).ToArray();
        var sweeps = log.Try(FromRecordingsTable, []);
        var listed = sweeps.Select(sweep => sweep.Response.Series).ToHashSet();
        var numbers = log.Try(FromSweepTable, []);
        foreach (var response in responses.Where(response => !listed.Contains(response)))
        {
            var number = response.SweepNumber ?? (numbers.TryGetValue(response.Path, out var row) ? row : null);
            var sameSweep = stimuli.Where(stimulus => number is not null && (numbers.TryGetValue(stimulus.Path, out var other) ? other : stimulus.SweepNumber) == number).ToArray();
            var stimulus = sameSweep.FirstOrDefault(candidate => candidate.Electrode == response.Electrode) ?? sameSweep.FirstOrDefault() ?? ByName(response, responses, stimuli);
            sweeps.Add(Make(number ?? TrailingNumber(response.Object.Name) ?? sweeps.Count, Whole(response), stimulus is null ? null : Whole(stimulus)));
        }

        return [.. sweeps.OrderBy(sweep => sweep.Number).ThenBy(sweep => sweep.Response.Series.Path, StringComparer.Ordinal)];
    }

    private static NwbStretch Whole(NwbSeries series) => new(series, 0, series.SampleCount);

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

        if (stimulus is null && clamp != NwbClamp.Zero)
        {
            log.Add(new Diagnostic("BM3106", $"no stimulus was found for sweep {number}", place, "a series in /stimulus/presentation with the same sweep number"));
        }
        else if (stimulus is not null && stimulus.Count != response.Count)
        {
            log.Add(new Diagnostic(
                "BM3107", $"the response has {response.Count} samples and its stimulus {stimulus.Series.Path} has {stimulus.Count}", place, "as many of both",
                "the sweep ends with the shorter one"));
        }

        return new NwbSweep(number, clamp, response, stimulus);
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

    private static NwbSeries? ByName(NwbSeries response, NwbSeries[] responses, NwbSeries[] stimuli)
    {
        var free = stimuli.Where(stimulus => stimulus.SweepNumber is null || response.SweepNumber is null).ToArray();
        if (free.FirstOrDefault(stimulus => stimulus.Object.Name == response.Object.Name) is { } sameName)
        {
            return sameName;
        }

        if (responses.Length == 1 && free.Length == 1)
        {
            return free[0];
        }

        var number = TrailingNumber(response.Object.Name);
        var sameNumber = free.Where(stimulus => number is not null && TrailingNumber(stimulus.Object.Name) == number).ToArray();
        return sameNumber.Length == 1 && responses.Count(other => TrailingNumber(other.Object.Name) == number) == 1 ? sameNumber[0] : null;
    }

    private static long? TrailingNumber(string name)
    {
        var digits = name.Length;
        while (digits > 0 && char.IsAsciiDigit(name[digits - 1]))
        {
            digits--;
        }

        return long.TryParse(name.AsSpan(digits), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
