namespace BrainModular.Engine.Fitting;

/// <summary>
/// The electrode through which current is injected and the potential recorded at once: it adds Re Ie to the potential, tauE dIe/dt = I - Ie, or Re I where tauE is 0. What is
/// left after it was subtracted is the membrane's potential.
/// </summary>
/// <param name="Resistance">Re in MOhm.</param>
/// <param name="TimeConstant">tauE in ms.</param>
public sealed record Electrode(double Resistance, double TimeConstant)
{
    /// <summary>Whether it is as slow as an estimated one may be: what was taken for it may as well be the membrane's own charging.</summary>
    public bool IsAtSlowestLimit => TimeConstant >= ElectrodeEstimator.SlowestElectrode * (1 - 1e-9);

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
