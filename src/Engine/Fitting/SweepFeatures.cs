using BrainModular.Engine.Features;
using BrainModular.Engine.Fitting.Spikes;

namespace BrainModular.Engine.Fitting;

/// <summary>The electrophysiological features of the compared part of a sweep, recorded and modelled. Time begins with that part.</summary>
public static class SweepFeatures
{
    /// <summary>The features by which a report sets model and recording side by side.</summary>
    public static readonly IReadOnlyList<string> Reported = ["AP_amplitude", "AP_height", "spike_half_width", "AHP_depth", "ISI_CV", "time_to_first_spike", "mean_frequency"];

    /// <summary>How long after a recorded spike is told its peak comes at the latest, in ms.</summary>
    private const double LongestRise = 3;

    /// <summary>Those of the recording. Its spikes are the ones told in it: where some stay below the threshold that features have, or what is none crosses it, their peaks are those of the spikes told.</summary>
    public static FeatureSet Recorded(PreparedSweep sweep)
    {
        var features = new FeatureSet(TraceOf(sweep, sweep.Potential));
        double[] times = [.. Peaks(sweep).Select(peak => (peak - sweep.First) * sweep.TimeStep)];
        var crossings = features["peak_time"] ?? [];
        return crossings.Length == times.Length && crossings.Zip(times).All(static p => Math.Abs(p.First - p.Second) <= LongestRise) ? features : new(features.Trace.WithPeaks(times));
    }

    /// <summary>
    /// Those of a model; where its spikes are resets and no peaks of its potential, they have no shape. Such a model is reset where a recorded spike is steepest, and features take a spike's time
    /// from its peak: a reset's peak stands as long after it as the recording's do, in the median over the sweep's spikes.
    /// </summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="potential">The model's potential in mV at each step of it.</param>
    /// <param name="spikes">The steps in which the model spikes.</param>
    public static FeatureSet Model(PreparedSweep sweep, double[] potential, IReadOnlyList<int> spikes)
    {
        double[] times = [.. spikes.Where(s => s >= sweep.First).Select(s => (s - sweep.First) * sweep.TimeStep)];
        var (features, rise) = (new FeatureSet(TraceOf(sweep, potential)), Rise(sweep));
        return (features["peak_indices"]?.Length ?? 0) < times.Length ? new(features.Trace.WithResets(times.Select(t => t + rise))) : features;
    }

    /// <summary>From where a recorded spike is told to its peak, in ms; 0 where there is none.</summary>
    private static double Rise(PreparedSweep sweep)
    {
        int[] rises = [.. Peaks(sweep).Zip(sweep.ComparedSpikes, static (peak, told) => peak - told).Order()];
        return rises.Length > 0 ? rises[rises.Length / 2] * sweep.TimeStep : 0;
    }

    /// <summary>The steps in which the recorded spikes are highest, each before the next one.</summary>
    private static IEnumerable<int> Peaks(PreparedSweep sweep)
    {
        var told = sweep.ComparedSpikes;
        return told.Select((spike, i) => Highest(sweep.Potential, spike, Math.Min(i + 1 < told.Length ? told[i + 1] : sweep.Steps, spike + 1 + (int)(LongestRise / sweep.TimeStep))));
    }

    private static int Highest(double[] potential, int first, int end)
    {
        var highest = first;
        for (var i = first + 1; i < end; i++)
        {
            highest = potential[i] > potential[highest] ? i : highest;
        }

        return highest;
    }

    private static FeatureTrace TraceOf(PreparedSweep sweep, double[] potential)
    {
        var (first, last) = SpikeStatistics.Stimulus(sweep);
        return FeatureTrace.Of(
            potential[sweep.First..], sweep.Current[sweep.First..], sweep.TimeStep, (first - sweep.First) * sweep.TimeStep, (last + 1 - sweep.First) * sweep.TimeStep) with
        {
            Amplitude = sweep.Current[first..(last + 1)].Average() - sweep.Current[sweep.First],
        };
    }
}
