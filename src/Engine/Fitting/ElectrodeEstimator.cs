namespace BrainModular.Engine.Fitting;

/// <summary>
/// Finds the electrode in series with a membrane that fits recorded traces best, by least squares in windows of 40 ms. Within a window the membrane is passive, with a begin and an
/// end of its own, so that a resistance that changes with the potential, what spikes leave behind and a drift of the rest do not matter: what the membrane's charging has in common everywhere is its
/// beginning. For each pair of time constants, the membrane's from 5 to 500 ms and the electrode's from 0.05 to 3 ms, all else follows from linear equations; the pair is searched for on
/// grids, each finer than the one before and none beyond these limits.
/// </summary>
/// <remarks>
/// Windows in which the current varies less than a tenth as much (in variance) as in the one where it varies most are left out: they tell next to nothing, and where the current was measured its noise, which the
/// membrane never saw, would make the electrode's resistance too small.
/// </remarks>
internal sealed class ElectrodeEstimator
{
    /// <summary>In ms.</summary>
    internal const double SlowestElectrode = 3;

    private const double FastestMembrane = 5;
    private const double SlowestMembrane = 500;
    private const double FastestElectrode = 0.05;
    private const int Grid = 8;
    private const double WindowLength = 40;
    private const double LeastVariance = 0.1;

    // What is left of an unknown's sum of squares beside the others: less than this part of it is rounding.
    private const double LeastPart = 1e-10;

    // Unknowns and given values of a window's equations: two unknowns of its own, then what all windows share.
    private const int Own = 2;
    private const int Shared = 3;

    private readonly IReadOnlyList<PassiveTrace> traces;
    private readonly List<(int First, int End)>[] windows;
    private readonly double[,] local = new double[Own + Shared, Own + Shared];

    /// <param name="traces">The traces to fit, with their masks.</param>
    public ElectrodeEstimator(IReadOnlyList<PassiveTrace> traces)
    {
        this.traces = traces;
        List<(int First, int End)>[] all = [.. traces.Select(Windows)];
        var least = LeastVariance * all.SelectMany((w, i) => w.Select(x => Variance(traces[i], x))).DefaultIfEmpty(0).Max();
        windows = [.. all.Select((w, i) => w.Where(x => Variance(traces[i], x) is > 0 and var v && v >= least).ToList())];
    }

    /// <summary>The electrode; one with a resistance of 0 where it would be negative, and null where the current does not change, so that nothing tells it from the membrane.</summary>
    public Electrode? Estimate()
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
                var (error, resistance) = Solve(Math.Exp(membrane), Math.Exp(electrode));
                best = error < best.Error ? (error, resistance, membrane, electrode) : best;
            }

            if (double.IsPositiveInfinity(best.Error))
            {
                return null;
            }

            var (membraneStep, electrodeStep) = ((membraneHigh - membraneLow) / Grid, (electrodeHigh - electrodeLow) / (Grid - 1));
            (membraneLow, membraneHigh) = (Math.Max(best.Membrane - membraneStep, Math.Log(FastestMembrane)), Math.Min(best.Membrane + membraneStep, Math.Log(SlowestMembrane)));
            (electrodeLow, electrodeHigh) = (Math.Max(best.Electrode - electrodeStep, Math.Log(FastestElectrode)), Math.Min(best.Electrode + electrodeStep, Math.Log(SlowestElectrode)));
        }

        return best.Resistance > 0 ? new(best.Resistance, Math.Exp(best.Electrode)) : new(0, 0);
    }

    /// <summary>
    /// V = a + b d + R f + Re g with a and b of each window: d is the decay of the membrane's potential from the window's begin on, f and g are the current filtered by the membrane, from
    /// there on, and by the electrode.
    /// </summary>
    private (double Error, double Resistance) Solve(double membrane, double electrode)
    {
        var (sums, squares) = (new double[Shared, Shared], new double[Shared]);
        Span<double> x = stackalloc double[Own + Shared];
        x[0] = 1;
        for (var k = 0; k < traces.Count; k++)
        {
            var trace = traces[k];
            var (slow, fast) = (Electrode.Decay(trace.SampleInterval, membrane), Electrode.Decay(trace.SampleInterval, electrode));
            var (g, next) = (Electrode.Before(trace.Current, trace.SampleInterval), 0);
            foreach (var (first, end) in windows[k])
            {
                for (; next < first; next++)
                {
                    g = trace.Current[next] + ((g - trace.Current[next]) * fast);
                }

                var (d, f) = (1.0, 0.0);
                for (; next < end; next++)
                {
                    g = trace.Current[next] + ((g - trace.Current[next]) * fast);
                    if (trace.Mask[next])
                    {
                        (x[1], x[2], x[3], x[4]) = (d, f, g, trace.Potential[next]);
                        AddSquares(x);
                    }

                    d *= slow;
                    f = (f * slow) + (trace.Current[next] * (1 - slow));
                }

                Close(sums, squares);
            }
        }

        return Eliminate(sums, squares, Shared - 1) ? (sums[2, 2], sums[1, 2] / sums[1, 1]) : (double.PositiveInfinity, 0);
    }

    private void AddSquares(ReadOnlySpan<double> x)
    {
        for (var r = 0; r < x.Length; r++)
        {
            for (var c = r; c < x.Length; c++)
            {
                local[r, c] += x[r] * x[c];
            }
        }
    }

    /// <summary>Takes a window's own unknowns out of its normal equations, adds what is left to those of all, and begins the next window.</summary>
    private void Close(double[,] sums, double[] squares)
    {
        Span<double> before = stackalloc double[Own + Shared];
        for (var k = 0; k < before.Length; k++)
        {
            before[k] = local[k, k];
        }

        if (Eliminate(local, before, Own))
        {
            for (var r = 0; r < Shared; r++)
            {
                squares[r] += before[Own + r];
                for (var c = r; c < Shared; c++)
                {
                    sums[r, c] += local[Own + r, Own + c];
                }
            }
        }

        Array.Clear(local);
    }

    /// <summary>Gauss's elimination of the first unknowns from the upper triangle of normal equations; false where they cannot be told from each other, or from those eliminated before.</summary>
    private static bool Eliminate(double[,] sums, ReadOnlySpan<double> squares, int unknowns)
    {
        var size = sums.GetLength(0);
        for (var k = 0; k < unknowns; k++)
        {
            if (sums[k, k] <= LeastPart * squares[k])
            {
                return false;
            }

            for (var r = k + 1; r < size; r++)
            {
                var factor = sums[k, r] / sums[k, k];
                for (var c = r; c < size; c++)
                {
                    sums[r, c] -= factor * sums[k, c];
                }
            }
        }

        return true;
    }

    /// <summary>The mask's stretches without a gap, cut into windows.</summary>
    private static List<(int First, int End)> Windows(PassiveTrace trace)
    {
        var (length, spacing) = ((int)Math.Ceiling(WindowLength / trace.SampleInterval), Spacing(trace.Mask));
        var (found, first, last) = (new List<(int First, int End)>(), -1, -1);
        for (var i = 0; i < trace.Mask.Length; i++)
        {
            if (!trace.Mask[i])
            {
                continue;
            }

            if (first >= 0 && (i - last > spacing || i - first >= length))
            {
                found.Add((first, last + 1));
                first = -1;
            }

            (first, last) = (first < 0 ? i : first, i);
        }

        return first < 0 ? found : [.. found, (first, last + 1)];
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

    /// <summary>The current's variance within a window, which is exactly 0 where it does not change.</summary>
    private static double Variance(PassiveTrace trace, (int First, int End) window)
    {
        var current = trace.Current.AsSpan(window.First..window.End);
        var (sum, squares) = (0.0, 0.0);
        foreach (var i in current)
        {
            var change = i - current[0];
            (sum, squares) = (sum + change, squares + (change * change));
        }

        return (squares - (sum * sum / current.Length)) / current.Length;
    }
}
