using BrainModular.Diagnostics;

namespace BrainModular.Formats.Nwb;

/// <summary>What of a response and its stimulus is a sweep: the time that both have, without what was never acquired.</summary>
/// <param name="file">The file's path.</param>
/// <param name="log">Takes what is odd.</param>
internal sealed class SweepExtent(string file, FaultLog log)
{
    // A potential that is exactly zero for as many samples was not recorded.
    private const int FewestUnacquired = 10;
    private const long ReadAtOnce = 1 << 16;

    // What is longer is no acquisition that was stopped, and a dataset that was never written can have any length.
    private const long MostUnacquired = 1 << 24;

    /// <summary>Where a stimulus of another length lies within its response in time, or the response within it, each is cut to the other.</summary>
    public (NwbStretch Response, NwbStretch Stimulus) Align(NwbStretch response, NwbStretch stimulus)
    {
        if (response.Series.Timing is not { Rate: > 0 } times || stimulus.Series.Timing is not { Rate: > 0 } other)
        {
            return (response, stimulus);
        }

        // How many samples of the response come before the stimulus.
        var before = ((other.Start - times.Start) * times.Rate) + stimulus.Start - response.Start;
        var shift = double.IsFinite(before) && Math.Abs(before) < int.MaxValue ? (long)Math.Round(before) : 0;
        if (response.Count == stimulus.Count)
        {
            WarnOfShift(response, stimulus, shift);
            return (response, stimulus);
        }

        var (aligned, command) = shift > 0 && shift + stimulus.Count <= response.Count
            ? (new NwbStretch(response.Series, response.Start + shift, stimulus.Count), stimulus)
            : shift < 0 && response.Count - shift <= stimulus.Count ? (response, new NwbStretch(stimulus.Series, stimulus.Start - shift, response.Count))
            : (response, stimulus);
        log.Add(new Diagnostic(
            "BM3107", $"the response has {response.Count} samples and its stimulus {stimulus.Series.Path} has {stimulus.Count}", new Place(file, response.Series.Path), "as many of both",
            (aligned, command) == (response, stimulus) ? "they are taken sample by sample from their first ones, and the sweep ends with the shorter one" : "by their starting times one lies within the other: the sweep is the time that both have"));
        return (aligned, command);
    }

    /// <summary>A stretch without the samples at its end that are no number, or, of potentials, exactly zero: an acquisition that was stopped leaves them.</summary>
    public NwbStretch Acquired(NwbStretch stretch, bool isResponsePotential)
    {
        var end = stretch.Start + stretch.Count;
        var last = log.Try(() => LastAcquired(stretch, isResponsePotential), end - 1);
        var missing = end - 1 - last;
        if (missing == 0 || last < stretch.Start || missing >= MostUnacquired || (missing < FewestUnacquired && !IsMissing(stretch, end - 1)))
        {
            return stretch;
        }

        log.Add(new Diagnostic(
            "BM3108", $"the last {missing} of {stretch.Count} samples are {(IsMissing(stretch, end - 1) ? "no numbers" : "exactly zero")}, as an acquisition that was stopped leaves them",
            new Place(file, stretch.Series.Path), "a series that ends with its last sample", "the sweep ends before them"));
        return stretch with { Count = stretch.Count - missing };
    }

    // Times without a common origin lie far apart; those that overlap are likely of one clock, and then no sample is of its partner's time.
    private void WarnOfShift(NwbStretch response, NwbStretch stimulus, long shift)
    {
        if (shift != 0 && Math.Abs(shift) < response.Count)
        {
            log.Add(new Diagnostic(
                "BM3107", $"by their starting times the stimulus {stimulus.Series.Path} begins {Math.Abs(shift)} samples {(shift > 0 ? "after" : "before")} the response", new Place(file, response.Series.Path),
                "series of one length that begin together", "they are taken sample by sample; correct the starting times where that is not how they were recorded"));
        }
    }

    private static bool IsMissing(NwbStretch stretch, long sample) => double.IsNaN(stretch.Series.Read(sample, 1)[0]);

    private static long LastAcquired(NwbStretch stretch, bool isResponsePotential)
    {
        var series = stretch.Series;
        var end = stretch.Start + stretch.Count;
        if (series.Fault is not null || stretch.Count == 0 || series.SamplesAreNotScalar)
        {
            return end - 1;
        }

        var earliest = Math.Max(stretch.Start, end - MostUnacquired);
        for (var size = 1L; end > earliest; size = ReadAtOnce)
        {
            var start = Math.Max(earliest, end - size);
            var found = Array.FindLastIndex(series.Read(start, end - start), value => !double.IsNaN(value) && !(isResponsePotential && value == 0));
            if (found >= 0)
            {
                return start + found;
            }

            end = start;
        }

        return stretch.Start - 1;
    }
}
