namespace BrainModular.Engine.Fitting;

/// <summary>What recorded sweeps tell of a cell before any model is fitted: the passive membrane between spikes, and where spikes leave it.</summary>
/// <param name="Membrane">The passive membrane.</param>
/// <param name="Reset">The potential to which spikes fall fast, the median over spikes, in mV; null where there are no spikes.</param>
/// <param name="Refractory">How long after its mark a spike has fallen so far: the median, and no more than 0.8 of the shortest intervals, in ms; null where there are no spikes.</param>
public sealed record RecordedCell(PassiveMembrane Membrane, double? Reset, double? Refractory)
{
    private const double PeakWithin = 3;
    private const double FallWithin = 20;
    private const double SlopeOver = 0.5;
    private const double LeastSlope = 1;
    private const double OfInterval = 0.8;

    /// <summary>Shortest intervals are those that one in a hundred falls below: a mark too many does not count.</summary>
    private const double ShortestPart = 0.01;

    /// <param name="sweeps">The sweeps that are fitted.</param>
    public static RecordedCell Of(IReadOnlyList<PreparedSweep> sweeps)
    {
        var ends = sweeps.SelectMany(static s => s.Spikes.Select((_, i) => (Sweep: s, End: EndOf(s, i)))).ToList();
        double[] lasting = [.. sweeps.SelectMany(static s => s.Spikes.Select((mark, i) => (EndOf(s, i) - mark) * s.TimeStep)).Order()];
        double[] intervals = [.. sweeps.SelectMany(static s => s.Spikes.Zip(s.Spikes.Skip(1), (a, b) => (b - a) * s.TimeStep)).Order()];
        var membrane = PassiveMembrane.Fit([.. sweeps.Select(static s => s.AsPassiveTrace())]);
        if (lasting.Length == 0)
        {
            return new(membrane, null, null);
        }

        double[] reached = [.. ends.Select(static e => e.Sweep.Potential[e.End]).Order()];
        var refractory = intervals.Length == 0 ? Median(lasting) : Math.Min(Median(lasting), OfInterval * intervals[(int)(ShortestPart * intervals.Length)]);
        return new(membrane, Median(reached), refractory);
    }

    /// <summary>The step in which a spike's fast fall ends: where, below the level of its mark, the potential falls by less than 1 mV/ms.</summary>
    private static int EndOf(PreparedSweep sweep, int spike)
    {
        var (mark, potential) = (sweep.Spikes[spike], sweep.Potential);
        var next = spike + 1 < sweep.Spikes.Length ? sweep.Spikes[spike + 1] : sweep.Steps;
        var peak = mark;
        for (var i = mark; i < Math.Min(next, mark + (PeakWithin / sweep.TimeStep)); i++)
        {
            peak = potential[i] > potential[peak] ? i : peak;
        }

        var over = Math.Max(1, (int)Math.Round(SlopeOver / sweep.TimeStep));
        var last = (int)Math.Min(next - 1, peak + (FallWithin / sweep.TimeStep));
        var end = peak;
        while (end + over <= last && (potential[end] > potential[mark] || potential[end] - potential[end + over] >= LeastSlope * over * sweep.TimeStep))
        {
            end++;
        }

        return end;
    }

    private static double Median(double[] sorted) => sorted[sorted.Length / 2];
}
