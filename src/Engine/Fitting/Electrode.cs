namespace BrainModular.Engine.Fitting;

/// <summary>
/// The electrode through which current is injected and the potential recorded at once: it adds Re Ie to the potential, tauE dIe/dt = I - Ie, or Re I where tauE is 0. What is
/// left after it was subtracted is the membrane's potential.
/// </summary>
/// <param name="Resistance">Re in MOhm.</param>
/// <param name="TimeConstant">tauE in ms.</param>
public sealed record Electrode(double Resistance, double TimeConstant)
{
    private const double FastestMembrane = 5;
    private const double SlowestMembrane = 500;
    private const double FastestElectrode = 0.05;
    private const double SlowestElectrode = 3;
    private const int Grid = 8;

    /// <summary>What it adds to the potential at each sample, in mV, with the current held between samples.</summary>
    /// <param name="current">The current in nA.</param>
    /// <param name="sampleInterval">From one sample to the next, in ms.</param>
    public double[] Drop(IReadOnlyList<double> current, double sampleInterval)
    {
        var keep = Decay(sampleInterval, TimeConstant);
        var (drop, passing) = (new double[current.Count], 0.0);
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

    /// <summary>
    /// The electrode in series with a passive membrane that fits recorded traces best, by least squares: for each pair of time constants, the membrane's from 5 to 500 ms and the
    /// electrode's from 0.05 to 3 ms, rest and both resistances follow from linear equations; the pair is searched for on grids, each finer than the one before. After each
    /// gap of the mask the membrane begins anew at the recorded potential, so that what spikes reset does not matter. The electrode with a resistance of 0 where that would be negative.
    /// </summary>
    /// <param name="traces">The traces to fit, with their masks.</param>
    public static Electrode Estimate(IReadOnlyList<PassiveTrace> traces)
    {
        var (membraneLow, membraneHigh) = (Math.Log(FastestMembrane), Math.Log(SlowestMembrane));
        var (electrodeLow, electrodeHigh) = (Math.Log(FastestElectrode), Math.Log(SlowestElectrode));
        var best = (Error: double.PositiveInfinity, Resistance: 0.0, Membrane: 0.0, Electrode: 0.0);
        for (var level = 0; level < 5; level++)
        {
            for (var k = 0; k <= Grid * Grid; k++)
            {
                var membrane = membraneLow + ((membraneHigh - membraneLow) * (k / Grid) / Grid);
                var electrode = electrodeLow + ((electrodeHigh - electrodeLow) * (k % Grid) / (Grid - 1));
                var (error, resistance) = Solve(traces, Math.Exp(membrane), Math.Exp(electrode));
                best = error < best.Error ? (error, resistance, membrane, electrode) : best;
            }

            var (membraneStep, electrodeStep) = ((membraneHigh - membraneLow) / Grid, (electrodeHigh - electrodeLow) / (Grid - 1));
            (membraneLow, membraneHigh) = (best.Membrane - membraneStep, best.Membrane + membraneStep);
            (electrodeLow, electrodeHigh) = (best.Electrode - electrodeStep, best.Electrode + electrodeStep);
        }

        return best.Resistance > 0 ? new(best.Resistance, Math.Exp(best.Electrode)) : new(0, 0);
    }

    private static double Decay(double interval, double tau) => tau > 0 ? Math.Exp(-interval / tau) : 0;

    /// <summary>
    /// V - V0 d = E (1 - d) + R f + Re (g - g0 d), with d the decay of the potential V0 after the last gap, f and g the current filtered by the membrane, from there on, and by the
    /// electrode, g0 after the gap.
    /// </summary>
    private static (double Error, double Resistance) Solve(IReadOnlyList<PassiveTrace> traces, double membrane, double electrode)
    {
        var sums = new double[4, 4];
        Span<double> x = stackalloc double[4];
        foreach (var trace in traces)
        {
            var (slow, fast) = (Decay(trace.SampleInterval, membrane), Decay(trace.SampleInterval, electrode));
            var (d, f, g, begun, passing) = (1.0, 0.0, 0.0, 0.0, 0.0);
            var (spacing, last) = (Spacing(trace.Mask), int.MinValue);
            for (var i = 0; i < trace.Current.Length; i++)
            {
                g = trace.Current[i] + ((g - trace.Current[i]) * fast);
                if (trace.Mask[i] && (long)i - last > spacing)
                {
                    (d, f, begun, passing) = (1, 0, trace.Potential[i], g);
                }

                if (trace.Mask[i])
                {
                    last = i;
                    (x[0], x[1], x[2], x[3]) = (1 - d, f, g - (passing * d), trace.Potential[i] - (begun * d));
                    for (var r = 0; r < 4; r++)
                    {
                        for (var c = r; c < 4; c++)
                        {
                            sums[r, c] += x[r] * x[c];
                        }
                    }
                }

                d *= slow;
                f = (f * slow) + (trace.Current[i] * (1 - slow));
            }
        }

        return Eliminate(sums);
    }

    /// <summary>From one sample to the next, in steps, where a grid finer than the samples leaves steps between them out of the mask, too.</summary>
    private static int Spacing(bool[] mask)
    {
        var (spacing, last) = (int.MaxValue, -1);
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i])
            {
                spacing = last >= 0 ? Math.Min(spacing, i - last) : spacing;
                last = i;
            }
        }

        return spacing;
    }

    /// <summary>Gauss's elimination of the upper triangle of normal equations; what is left in the last corner is the error.</summary>
    private static (double Error, double Resistance) Eliminate(double[,] sums)
    {
        for (var k = 0; k < 3; k++)
        {
            if (sums[k, k] <= 0)
            {
                return (double.PositiveInfinity, 0);
            }

            for (var r = k + 1; r < 4; r++)
            {
                var factor = sums[k, r] / sums[k, k];
                for (var c = r; c < 4; c++)
                {
                    sums[r, c] -= factor * sums[k, c];
                }
            }
        }

        return (sums[3, 3], sums[2, 3] / sums[2, 2]);
    }
}
