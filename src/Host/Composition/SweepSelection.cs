using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Recordings;

namespace BrainModular.Host.Composition;

/// <summary>Chooses the sweeps of a recording that are fitted and held out.</summary>
internal static class SweepSelection
{
    private const int MostListed = 8;
    private const double PicoamperesPerUnit = 1000;

    /// <param name="recording">The recording.</param>
    /// <param name="usable">Its sweeps in current clamp with a stimulus.</param>
    /// <param name="config">Which of them are wanted.</param>
    /// <returns>Their numbers.</returns>
    /// <exception cref="DiagnosticException">BM3112: none is left to fit, or none is as the configuration asks.</exception>
    public static (IReadOnlyList<long> Train, IReadOnlyList<long> Test) Of(IRecording recording, IReadOnlyList<SweepInfo> usable, RecordingConfig config)
    {
        var strengths = new Dictionary<SweepInfo, double>();
        var (train, test) = config.Sweeps.Split(usable, Strength, everyThird: config.TestFrom is null);
        var missing = train.Count == 0 ? "fit" : test.Count == 0 && config.Sweeps.Test?.Chosen is not null ? "hold out" : null;
        return missing is null ? (train, test) : throw new DiagnosticException(
            "BM3112", $"no sweep is left to {missing}", config.SweepsPlace, $"at least one sweep to {missing}",
            $"choose among {string.Join("; ", usable.GroupBy(static s => s.StimulusName).Take(MostListed).Select(Told))}{(strengths.Count > 0 ? Range([.. strengths.Values]) : "")}");

        double Strength(SweepInfo sweep)
        {
            if (!strengths.TryGetValue(sweep, out var strength))
            {
                var (start, count) = Range(sweep, config);
                strengths[sweep] = strength = Amplitude(recording.Read(sweep, start, count).Current, sweep.SamplingRate);
            }

            return strength;
        }
    }

    /// <summary>Which samples of a sweep are taken.</summary>
    /// <exception cref="DiagnosticException">BM3113: the sweep ends before.</exception>
    public static (long Start, long Count) Range(SweepInfo sweep, RecordingConfig config)
    {
        var interval = 1000 / sweep.SamplingRate;
        var start = (long)Math.Round(config.Start.InEngineUnits / interval);
        return start + 1 < sweep.Count ? (start, config.Duration is { } duration ? (long)Math.Round(duration.InEngineUnits / interval) : long.MaxValue) : throw new DiagnosticException(
            "BM3113", $"sweep {sweep.Number} lasts {sweep.Count * interval:0.###} ms, and 'start' is {config.Start}", config.PathPlace, "a start inside the sweep", "begin earlier");
    }

    /// <summary>How far a current goes from where it begins: the median of the samples beyond half of its greatest deviation from the median of the first millisecond, on that side.</summary>
    /// <param name="current">The current in nA.</param>
    /// <param name="samplingRate">Samples per second.</param>
    public static double Amplitude(IReadOnlyList<double> current, double samplingRate)
    {
        double[] first = [.. current.Take(Math.Max(1, (int)(samplingRate / 1000))).Order()];
        double[] deviation = [.. current.Select(i => i - first[first.Length / 2])];
        var greatest = deviation.MaxBy(Math.Abs);
        double[] beyond = [.. deviation.Where(d => d / greatest >= 0.5).Order()];
        return beyond.Length == 0 ? 0 : beyond[beyond.Length / 2];
    }

    /// <summary>Sweeps by number, as a configuration names them.</summary>
    public static string Listed(IReadOnlyList<SweepInfo> sweeps)
    {
        long[] numbers = [.. sweeps.Select(static s => s.Number).Distinct().Order()];
        var ranges = numbers.Select(static (n, i) => (Number: n, Run: n - i)).GroupBy(static p => p.Run, static (_, run) => run.Select(static p => p.Number).ToArray());
        return numbers.Length == 0 ? "no sweeps" : $"sweeps {string.Join(", ", ranges.Select(static r => r.Length > 2 ? $"{r[0]}-{r[^1]}" : string.Join(", ", r)))}";
    }

    private static string Told(IGrouping<string, SweepInfo> named) => named.Key.Length == 0 ? Listed([.. named]) : $"{Listed([.. named])} (\"{named.Key}\")";

    private static string Range(IReadOnlyCollection<double> strengths) =>
        FormattableString.Invariant($", whose amplitudes are {strengths.Min() * PicoamperesPerUnit:0.#} to {strengths.Max() * PicoamperesPerUnit:0.#} pA");
}
