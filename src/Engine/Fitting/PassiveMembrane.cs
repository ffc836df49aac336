namespace BrainModular.Engine.Fitting;

/// <summary>A trace for the passive membrane.</summary>
/// <param name="Current">The current in nA.</param>
/// <param name="Potential">The recorded potential in mV.</param>
/// <param name="Mask">Which samples count.</param>
/// <param name="SampleInterval">From one sample to the next, in ms.</param>
/// <param name="Initial">The potential at the first sample, in mV.</param>
public sealed record PassiveTrace(double[] Current, double[] Potential, bool[] Mask, double SampleInterval, double Initial);

/// <summary>A passive membrane, tau dV/dt = E - V + R I: what any neuron model has to beat on the same recording.</summary>
/// <param name="TimeConstant">tau in ms.</param>
/// <param name="Resistance">R in MOhm.</param>
/// <param name="Rest">E in mV.</param>
public sealed record PassiveMembrane(double TimeConstant, double Resistance, double Rest)
{
    /// <summary>
    /// The least-squares fit: for each time constant the best R and E follow from linear equations; the time constant is
    /// searched over 0.5 to 500 ms, first on a grid, then by golden sections.
    /// </summary>
    /// <param name="traces">The traces to fit, with their masks.</param>
    public static PassiveMembrane Fit(IReadOnlyList<PassiveTrace> traces)
    {
        const int grid = 24;
        static double At(double fraction) => 0.5 * Math.Pow(1000, fraction);
        var best = Enumerable.Range(0, grid + 1).MinBy(i => Solve(traces, At(i / (double)grid)).Error);
        var (low, high) = (Math.Max(0, best - 1) / (double)grid, Math.Min(grid, best + 1) / (double)grid);
        var ratio = (Math.Sqrt(5) - 1) / 2;
        for (var i = 0; i < 24; i++)
        {
            var (a, b) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
            (low, high) = Solve(traces, At(a)).Error < Solve(traces, At(b)).Error ? (low, b) : (a, high);
        }

        return Solve(traces, At((low + high) / 2)).Membrane;
    }

    /// <summary>The potential at each sample, exactly integrated with the current held between samples.</summary>
    public double[] Predict(PassiveTrace trace)
    {
        var decay = Math.Exp(-trace.SampleInterval / TimeConstant);
        var potential = new double[trace.Current.Length];
        var v = trace.Initial;
        for (var i = 0; i < potential.Length; i++)
        {
            potential[i] = v;
            var target = Rest + (Resistance * trace.Current[i]);
            v = target + ((v - target) * decay);
        }

        return potential;
    }

    private static (PassiveMembrane Membrane, double Error) Solve(IReadOnlyList<PassiveTrace> traces, double tau)
    {
        // V = initial * d + E * (1 - d) + R * f, with d the decay of the initial value and f the filtered current.
        double ee = 0, er = 0, rr = 0, ey = 0, ry = 0, yy = 0;
        foreach (var trace in traces)
        {
            var decay = Math.Exp(-trace.SampleInterval / tau);
            double d = 1, f = 0;
            for (var i = 0; i < trace.Current.Length; i++)
            {
                if (trace.Mask[i])
                {
                    var (e, y) = (1 - d, trace.Potential[i] - (trace.Initial * d));
                    (ee, er, rr) = (ee + (e * e), er + (e * f), rr + (f * f));
                    (ey, ry, yy) = (ey + (e * y), ry + (f * y), yy + (y * y));
                }

                d *= decay;
                f = (f * decay) + (trace.Current[i] * (1 - decay));
            }
        }

        var determinant = (ee * rr) - (er * er);
        var (rest, resistance) = determinant > 1e-12 * ee * rr
            ? (((ey * rr) - (ry * er)) / determinant, ((ry * ee) - (ey * er)) / determinant)
            : (ee > 0 ? ey / ee : 0, 0);
        return (new(tau, resistance, rest), yy - (rest * ey) - (resistance * ry));
    }
}
