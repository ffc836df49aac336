namespace BrainModular.Engine.Fitting;

/// <summary>
/// Tells spikes from what only rises and falls as steeply, as a fluctuating current through an electrode or the synaptic potentials of a recording with few samples do: a spike peaks at least halfway from the
/// recording's median potential to where its highest spikes peak, 95 of 100.
/// </summary>
public static class SpikePeaks
{
    private const double PeakWithin = 3;
    private const double Highest = 0.95;

    /// <summary>The potential that spikes reach, in mV; null where none were found.</summary>
    /// <param name="sweeps">The sweeps that are fitted.</param>
    public static double? Least(IReadOnlyList<PreparedSweep> sweeps)
    {
        double[] peaks = [.. sweeps.SelectMany(static s => s.Spikes.Select(mark => Peak(s, mark))).Order()];
        double[] all = [.. sweeps.SelectMany(static s => s.Potential).Order()];
        return peaks.Length == 0 ? null : (all[all.Length / 2] + peaks[(int)(Highest * (peaks.Length - 1))]) / 2;
    }

    /// <summary>The sweep without spikes that stay below a potential.</summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="least">The potential in mV; null: all are left.</param>
    public static PreparedSweep From(PreparedSweep sweep, double? least) =>
        least is { } potential ? sweep with { Spikes = [.. sweep.Spikes.Where(mark => Peak(sweep, mark) >= potential)] } : sweep;

    private static double Peak(PreparedSweep sweep, int mark) =>
        sweep.Potential.AsSpan(mark, Math.Min(sweep.Steps - mark, 1 + (int)(PeakWithin / sweep.TimeStep))).ToArray().Max();
}
