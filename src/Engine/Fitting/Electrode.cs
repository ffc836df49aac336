namespace BrainModular.Engine.Fitting;

/// <summary>
/// The electrode through which current is injected and the potential recorded at once: it adds Re Ie to the potential, tauE dIe/dt = I - Ie, or Re I where tauE is 0. What is
/// left after it was subtracted is the membrane's potential.
/// </summary>
/// <param name="Resistance">Re in MOhm.</param>
/// <param name="TimeConstant">tauE in ms.</param>
public sealed record Electrode(double Resistance, double TimeConstant)
{
    private const double LargestResistance = 200;
    private const double SlowestAlone = 0.1;

    // Of cells that fire so often that less is left outside of the usual window, in ms, what follows a spike closer tells the electrode.
    private const double LeastSubthreshold = 1000;
    private static readonly SpikeWindow Narrow = SpikeWindow.Subthreshold with { After = 10 };

    /// <summary>Whether it is as slow as an estimated one may be: what was taken for it may as well be the membrane's own charging.</summary>
    public bool IsAtSlowestLimit => TimeConstant >= ElectrodeEstimator.SlowestElectrode * (1 - 1e-9);

    /// <summary>
    /// Whether it is one beyond doubt: it charges within 0.1 ms, faster than a membrane's nearest parts do, and has a resistance that pipettes have. What is slower, or what ramps and drifts are worth in MOhm, may be the cell's.
    /// </summary>
    public bool IsNoPartOfCell => Resistance is > 0 and <= LargestResistance && TimeConstant <= SlowestAlone;

    /// <summary>What it adds to the potential at each sample, in mV, with the current held between samples, and before the first one as it is in the first millisecond.</summary>
    /// <param name="current">The current in nA.</param>
    /// <param name="sampleInterval">From one sample to the next, in ms.</param>
    public double[] Drop(IReadOnlyList<double> current, double sampleInterval)
    {
        var keep = Decay(sampleInterval, TimeConstant);
        var (drop, passing) = (new double[current.Count], Before(current, sampleInterval));
        for (var i = 0; i < drop.Length; i++)
        {
            passing = current[i] + ((passing - current[i]) * keep);
            drop[i] = Resistance * passing;
        }

        return drop;
    }

    /// <summary>The sweep as the membrane saw it.</summary>
    public PreparedSweep Compensate(PreparedSweep sweep)
    {
        var drop = Drop(sweep.Current, sweep.TimeStep);
        double[] potential = [.. sweep.Potential.Zip(drop, static (v, d) => v - d)];
        return sweep with { Potential = potential, InitialPotential = sweep.InitialPotential - drop[0] };
    }

    /// <summary>The electrode in series with a membrane that fits recorded sweeps best, away from their spikes.</summary>
    /// <returns>The electrode; null where the current does not change, which tells none.</returns>
    public static Electrode? Estimate(IReadOnlyList<PreparedSweep> sweeps)
    {
        var isLittle = sweeps.Sum(static s => SpikeWindow.Subthreshold.Outside(s.Steps, s.Spikes, s.TimeStep).AsSpan(s.First).Count(true) * s.TimeStep) < LeastSubthreshold;
        return Estimate([.. sweeps.Select(s => s.AsPassiveTrace(isLittle ? Narrow : SpikeWindow.Subthreshold))]);
    }

    /// <summary>The electrode in series with a membrane that fits recorded traces best (<see cref="ElectrodeEstimator"/>).</summary>
    /// <param name="traces">The traces to fit, with their masks.</param>
    /// <returns>The electrode; null where the current does not change, which tells none.</returns>
    public static Electrode? Estimate(IReadOnlyList<PassiveTrace> traces) => new ElectrodeEstimator(traces).Estimate();

    /// <summary>The current that flows before a trace begins: the median of its first millisecond.</summary>
    internal static double Before(IReadOnlyList<double> current, double sampleInterval)
    {
        double[] first = [.. current.Take(Math.Max(1, (int)(1 / sampleInterval))).Order()];
        return first[first.Length / 2];
    }

    /// <summary>How much of an exponential is left after an interval.</summary>
    internal static double Decay(double interval, double tau) => tau > 0 ? Math.Exp(-interval / tau) : 0;
}
