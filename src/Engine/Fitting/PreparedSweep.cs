namespace BrainModular.Engine.Fitting;

/// <summary>A recorded sweep on the time grid of the simulation: sample k is compared with the state before step k.</summary>
/// <param name="Number">The file's own number of the sweep.</param>
/// <param name="TimeStep">The grid's spacing in ms.</param>
/// <param name="Current">The injected current in nA during each step.</param>
/// <param name="Potential">The recorded potential in mV at the start of each step.</param>
/// <param name="IsSample">Whether a recorded sample lies there; elsewhere the potential is interpolated, and has no weight in a loss.</param>
/// <param name="Spikes">The steps in which a recorded spike begins.</param>
/// <param name="InitialPotential">The recorded potential at the start, the median of the first millisecond, in mV.</param>
public sealed record PreparedSweep(
    long Number, double TimeStep, double[] Current, double[] Potential, bool[] IsSample, int[] Spikes, double InitialPotential)
{
    private const double LargestStep = 0.1;

    // Most cells are recorded at 10 to 50 kHz, and fitted at that; finer steps cost time in proportion. What is no finer than simulations write is stepped as it is: a model's own trace is reproduced by the model's own step alone.
    private const double FinestStep = 0.025;
    private const double FinestSample = 0.01;

    public int Steps => Current.Length;

    /// <summary>The first step that is compared with a model; those before it only bring the model there.</summary>
    public int First { get; init; }

    /// <summary>The compared part's length in ms.</summary>
    public double ComparedDuration => (Steps - First) * TimeStep;

    /// <summary>The steps whose samples count as subthreshold (<see cref="ExplainedVariance"/>).</summary>
    public bool[] SubthresholdMask() => MaskOutside(SpikeWindow.Subthreshold);

    /// <summary>The compared steps with a sample outside of the neighbourhood of spikes.</summary>
    public bool[] MaskOutside(SpikeWindow window)
    {
        var mask = window.Outside(Steps, Spikes, TimeStep);
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] &= IsSample[i] && i >= First;
        }

        return mask;
    }

    /// <summary>What each step counts in a loss: nothing where there is no sample.</summary>
    /// <param name="spikeWeight">What a sample in the neighbourhood of a spike counts, from 0 to 1.</param>
    /// <param name="window">That neighbourhood.</param>
    internal double[] Weights(double spikeWeight, SpikeWindow window)
    {
        var quiet = MaskOutside(window);
        var weights = new double[Steps];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = !IsSample[i] ? 0 : quiet[i] ? 1 : spikeWeight;
        }

        return weights;
    }

    /// <summary>The recorded spikes of the compared part.</summary>
    public int[] ComparedSpikes => [.. Spikes.Where(s => s >= First)];

    /// <summary>What a passive membrane is fitted to.</summary>
    public PassiveTrace AsPassiveTrace() => AsPassiveTrace(SpikeWindow.Subthreshold);

    /// <summary>The same with other samples left out.</summary>
    /// <param name="around">The neighbourhood of spikes that is.</param>
    public PassiveTrace AsPassiveTrace(SpikeWindow around) => new(Current, Potential, MaskOutside(around), TimeStep, InitialPotential);

    /// <summary>The part before a step.</summary>
    public PreparedSweep Before(int step) => Part(0, step);

    /// <summary>So many steps of it.</summary>
    /// <param name="from">The first of them.</param>
    /// <param name="steps">How many.</param>
    public PreparedSweep Part(int from, int steps) => this with
    {
        Current = Current[from..(from + steps)], Potential = Potential[from..(from + steps)], IsSample = IsSample[from..(from + steps)],
        Spikes = [.. Spikes.Where(s => s >= from && s < from + steps).Select(s => s - from)], First = Math.Max(0, First - from), InitialPotential = from == 0 ? InitialPotential : Potential[from],
    };

    /// <summary>The time step where none is given: the sampling interval, the largest fraction of it that is at most 0.1 ms, or, of samples less than 0.01 ms apart, the largest multiple that is at most 0.025 ms.</summary>
    public static double DefaultTimeStep(double sampleInterval) => sampleInterval > LargestStep
        ? sampleInterval / Math.Ceiling((sampleInterval / LargestStep) - 1e-6)
        : sampleInterval < FinestSample * (1 - 1e-6) ? sampleInterval * Math.Floor((FinestStep / sampleInterval) + 1e-6) : sampleInterval;

    /// <summary>
    /// Puts a sweep on the grid. With a finer grid the current is held between samples; with a coarser one it is the mean over the step.
    /// </summary>
    /// <param name="number">The sweep's number.</param>
    /// <param name="current">The current at each sample, in nA.</param>
    /// <param name="potential">The potential at each sample, in mV.</param>
    /// <param name="sampleInterval">From one sample to the next, in ms.</param>
    /// <param name="timeStep">The grid's spacing, in ms.</param>
    /// <param name="spikeThreshold">The potential that spikes reach, in mV; null: spikes are found by their shape.</param>
    /// <param name="spikeReset">How far the potential falls where a model is reset that draws no spikes, in mV; null: spikes are drawn.</param>
    public static PreparedSweep Prepare(
        long number, double[] current, double[] potential, double sampleInterval, double timeStep, double? spikeThreshold = null, double? spikeReset = null)
    {
        var ratio = sampleInterval / timeStep;
        var substeps = Math.Round(ratio);
        var onGrid = substeps >= 1 && Math.Abs(ratio - substeps) < 1e-6 * ratio;
        var steps = (int)Math.Floor(((current.Length - 1) * ratio) + 1 + 1e-6);
        var (held, values, isSample) = (new double[steps], new double[steps], new bool[steps]);
        for (var i = 0; i < steps; i++)
        {
            var position = i / ratio;
            var nearest = Math.Round(position);
            position = Math.Abs(position - nearest) < 1e-6 ? nearest : position;
            var before = (int)Math.Floor(position);
            var after = Math.Min(before + 1, potential.Length - 1);
            values[i] = potential[before] + ((position - before) * (potential[after] - potential[before]));
            isSample[i] = !onGrid || position == before;
            held[i] = ratio < 1 ? Mean(current, before, (int)Math.Min(current.Length, Math.Max(before + 1, Math.Round((i + 1) / ratio)))) : current[before];
        }

        var found = spikeReset is { } fall ? SpikeDetector.Resets(potential, fall)
            : spikeThreshold is { } threshold ? SpikeDetector.Crossings(potential, threshold) : SpikeDetector.Detect(potential, sampleInterval);
        var spikes = found.Select(s => Math.Clamp((int)Math.Floor((s - 1) * ratio), 0, steps - 1)).Distinct().ToArray();
        return new(number, timeStep, held, values, isSample, spikes, Median(potential.AsSpan(0, Math.Clamp((int)(1 / sampleInterval), 1, potential.Length))));
    }

    private static double Mean(double[] values, int first, int end)
    {
        var sum = 0.0;
        for (var i = first; i < end; i++)
        {
            sum += values[i];
        }

        return sum / (end - first);
    }

    private static double Median(ReadOnlySpan<double> values)
    {
        var sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
