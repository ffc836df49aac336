namespace BrainModular.Engine.Fitting;

/// <summary>How a current that was measured, not commanded, shows recorded spikes.</summary>
/// <param name="Swing">By how much it leaves the line across a spike in the direction in which it does so less, in nA: the median over spikes.</param>
/// <param name="Elsewhere">What 95 of 100 stretches without a spike stay below, in nA.</param>
/// <remarks>
/// What a spike drives through a capacitance while it rises it drives back while it falls, so that the current leaves the line across the spike in both directions and comes back to the level that it came from.
/// A pulse that makes the cell fire leaves it in one, a step does not come back, and a current that fluctuates does the same away from spikes, or is another at each: none of them counts. Pulses to both
/// sides flow in when the potential rises or before, which what the spike drives does not.
/// </remarks>
public sealed record MeasuredSpikes(double Swing, double Elsewhere)
{
    private const double AboveElsewhere = 3;
    private const double PartOfRange = 0.01;
    private const double PartInCommon = 0.5;
    private const double LeastCorrelation = 0.3;
    private const double PartBefore = 0.5;
    private const double Beside = 1;
    private const double Still = 1e-9;
    private const int FewestSpikes = 3;
    private const int FewestStretches = 20;
    private const int FewestSamples = 6;

    private static readonly SpikeWindow Around = new(1, 5);
    private static readonly SpikeWindow Apart = new(2, 7);

    /// <summary>Looks for spikes in the current of sweeps.</summary>
    /// <param name="sweeps">The sweeps that are fitted.</param>
    /// <returns>What half of the spikes or more show; null where they show nothing, too few are there to tell, steps are too long to show any, or the current changes at spikes alone: it is then all that makes the cell fire.</returns>
    public static MeasuredSpikes? In(IReadOnlyList<PreparedSweep> sweeps)
    {
        var range = sweeps.Max(Range);
        if (range <= Still || sweeps.Any(static s => Samples(s, Around.Before + Around.After) < FewestSamples))
        {
            return null;
        }

        var atSpikes = sweeps.SelectMany(AtSpikes).ToList();
        double[][] near = [.. atSpikes.Select(static s => s.Deflection)];
        double[] apart = [.. sweeps.SelectMany(BetweenSpikes).Select(SwingOf).Order()];
        if (near.Length < FewestSpikes || apart.Length < FewestStretches)
        {
            return null;
        }

        double[] swings = [.. near.Select(SwingOf).Order()];
        var found = new MeasuredSpikes(swings[(swings.Length - 1) / 2], apart[(int)(0.95 * (apart.Length - 1))]);
        var least = Math.Max(AboveElsewhere * found.Elsewhere, PartOfRange * range);
        return found.Swing > least && SwingOf(Mean(near)) > PartInCommon * found.Swing && FollowsThePotential(Mean(near), Mean([.. atSpikes.Select(static s => s.Slope)])) ? found : null;
    }

    /// <summary>By how much the current leaves the line at each spike, and how fast the potential changes there.</summary>
    private static IEnumerable<(double[] Deflection, double[] Slope)> AtSpikes(PreparedSweep sweep)
    {
        foreach (var first in sweep.Spikes.Select(spike => spike - Samples(sweep, Around.Before)))
        {
            if (Deflection(sweep, first) is { } deflection)
            {
                yield return (deflection, [.. deflection.Select((_, i) => sweep.Potential[first + i + 1] - sweep.Potential[first + i])]);
            }
        }
    }

    /// <summary>
    /// Whether a spike made the current, not the current the spike: it leaves while the potential rises and comes back while it falls, as through a capacitance, and does not flow in before it leaves. Pulses
    /// that lift the potential flow in while it rises, or before.
    /// </summary>
    private static bool FollowsThePotential(double[] deflection, double[] slope)
    {
        var most = Array.IndexOf(deflection, deflection.Min());
        var correlation = -deflection.Zip(slope, static (i, v) => i * v).Sum() / Math.Sqrt(deflection.Sum(static i => i * i) * slope.Sum(static v => v * v));
        return correlation > LeastCorrelation && deflection[..(most + 1)].Max() < PartBefore * -deflection[most];
    }

    private static IEnumerable<double[]> BetweenSpikes(PreparedSweep sweep)
    {
        var (outside, length) = (Apart.Outside(sweep.Steps, sweep.Spikes, sweep.TimeStep), Samples(sweep, Around.Before + Around.After));
        for (var first = 0; first + length <= sweep.Steps; first += length)
        {
            if (!outside.AsSpan(first, length).Contains(false) && Deflection(sweep, first) is { } deflection)
            {
                yield return deflection;
            }
        }
    }

    /// <summary>From the lowest to the highest current away from spikes.</summary>
    private static double Range(PreparedSweep sweep)
    {
        var outside = Apart.Outside(sweep.Steps, sweep.Spikes, sweep.TimeStep);
        double[] current = [.. sweep.Current.Where((_, i) => outside[i])];
        return current.Length > 0 ? current.Max() - current.Min() : 0;
    }

    /// <summary>By how much the current leaves the line between the levels on both sides of a stretch, nowhere if these differ by more than that; null at an end of the sweep.</summary>
    private static double[]? Deflection(PreparedSweep sweep, int first)
    {
        var (length, beside) = (Samples(sweep, Around.Before + Around.After), Math.Max(1, Samples(sweep, Beside)));
        if (first < beside || first + length + beside > sweep.Steps)
        {
            return null;
        }

        var (before, after) = (Median(sweep.Current[(first - beside)..first]), Median(sweep.Current[(first + length)..(first + length + beside)]));
        double[] deflection = [.. Enumerable.Range(0, length).Select(i => sweep.Current[first + i] - before - ((after - before) * (i + 1) / (length + 1)))];
        return Math.Abs(after - before) <= SwingOf(deflection) ? deflection : new double[length];
    }

    private static double SwingOf(double[] deflection) => Math.Max(0, Math.Min(deflection.Max(), -deflection.Min()));

    private static double[] Mean(double[][] deflections) => [.. Enumerable.Range(0, deflections.Min(static d => d.Length)).Select(i => deflections.Average(d => d[i]))];

    private static int Samples(PreparedSweep sweep, double time) => (int)Math.Round(time / sweep.TimeStep);

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
