namespace BrainModular.Engine.Fitting.Spikes;

/// <summary>How alike two spike trains are. Trains are steps in ascending order.</summary>
public static class SpikeTrains
{
    // Above it the normaliser of Gamma tends to 0, and a model that fires all the time would have any score.
    private const double MostChance = 0.6;
    private const double MostCountError = 0.3;

    /// <summary>How many spikes of two trains coincide, each with at most one of the other, the earliest first.</summary>
    /// <param name="a">One train.</param>
    /// <param name="b">The other.</param>
    /// <param name="window">How many steps apart spikes still coincide.</param>
    public static int Coincidences(ReadOnlySpan<int> a, ReadOnlySpan<int> b, int window)
    {
        var (i, j, count) = (0, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            if (Math.Abs(a[i] - b[j]) <= window)
            {
                (i, j, count) = (i + 1, j + 1, count + 1);
            }
            else if (a[i] < b[j])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return count;
    }

    /// <summary>
    /// The coincidence factor (Jolivet et al. 2008, 10.1016/j.jneumeth.2007.11.006): (N - 2 nu D Ndata) / ((Ndata + Nmodel) / 2) / (1 - 2 nu D), with N coincidences
    /// within D and the model's rate nu; 1 for equal trains, 0 for a Poisson train of the model's rate. It is 0 where 2 nu D is above 0.6, as its normaliser passes 0
    /// there, and where the model's number of spikes is off by more than 30 %.
    /// </summary>
    /// <param name="recorded">The recorded train.</param>
    /// <param name="model">The model's.</param>
    /// <param name="duration">How long both are, in ms.</param>
    /// <param name="timeStep">A step, in ms.</param>
    /// <param name="precision">D, in ms.</param>
    /// <returns>Null where neither train has a spike.</returns>
    public static double? Gamma(ReadOnlySpan<int> recorded, ReadOnlySpan<int> model, double duration, double timeStep, double precision)
    {
        if (recorded.Length + model.Length == 0)
        {
            return null;
        }

        var chance = Chance(model, duration, precision);
        return IsGuarded(recorded, model, duration, precision)
            ? 0
            : (Coincidences(recorded, model, Window(precision, timeStep)) - (chance * recorded.Length)) / (0.5 * (recorded.Length + model.Length)) / (1 - chance);
    }

    /// <summary>Whether <see cref="Gamma"/> is 0 because the model's number of spikes is too far off, whatever their times.</summary>
    /// <param name="recorded">The recorded train.</param>
    /// <param name="model">The model's.</param>
    /// <param name="duration">How long both are, in ms.</param>
    /// <param name="precision">How far apart spikes still coincide, in ms.</param>
    public static bool IsGuarded(ReadOnlySpan<int> recorded, ReadOnlySpan<int> model, double duration, double precision) =>
        Chance(model, duration, precision) > MostChance || Math.Abs(model.Length - recorded.Length) > MostCountError * recorded.Length;

    /// <summary>
    /// How alike a model's distribution of trains is to that of a cell, Md* (Naud et al. 2011, 10.1162/NECO_a_00208): 2 n(data, model) / (n(data, data) + n(model, model)), with
    /// the mean number n of coincidences of pairs of trains, of different ones where both are of one kind.
    /// </summary>
    /// <param name="recorded">The cell's trains for one stimulus, at least two.</param>
    /// <param name="model">The model's, at least two.</param>
    /// <param name="timeStep">A step, in ms.</param>
    /// <param name="precision">How far apart spikes still coincide, in ms.</param>
    /// <returns>Null where there are fewer than two trains of a kind, or no coincidences within both.</returns>
    public static double? Similarity(IReadOnlyList<int[]> recorded, IReadOnlyList<int[]> model, double timeStep, double precision)
    {
        if (recorded.Count < 2 || model.Count < 2)
        {
            return null;
        }

        var window = Window(precision, timeStep);
        var between = recorded.SelectMany(r => model.Select(m => (double)Coincidences(r, m, window))).Average();
        var within = WithinMean(recorded, window) + WithinMean(model, window);
        return within > 0 ? 2 * between / within : null;
    }

    /// <summary>
    /// The mean Gamma between different trains of a cell: how well it predicts itself. Null where there are fewer than two, or none has a spike.
    /// </summary>
    /// <param name="recorded">The cell's trains for one stimulus.</param>
    /// <param name="duration">How long they are, in ms.</param>
    /// <param name="timeStep">A step, in ms.</param>
    /// <param name="precision">How far apart spikes still coincide, in ms.</param>
    public static double? Reliability(IReadOnlyList<int[]> recorded, double duration, double timeStep, double precision)
    {
        var pairs = recorded.SelectMany((a, i) => recorded.Where((_, j) => j != i).Select(b => Gamma(a, b, duration, timeStep, precision))).OfType<double>().ToList();
        return pairs.Count == 0 ? null : pairs.Average();
    }

    /// <summary>
    /// The distance of Victor and Purpura (1996, 10.1152/jn.1996.76.2.1310): the least cost of making one train of the other, where a spike that is added or removed
    /// costs 1 and one that is moved its way divided by the time scale.
    /// </summary>
    /// <param name="a">One train.</param>
    /// <param name="b">The other.</param>
    /// <param name="timeStep">A step, in ms.</param>
    /// <param name="timeScale">1 / q, in ms.</param>
    public static double VictorPurpura(ReadOnlySpan<int> a, ReadOnlySpan<int> b, double timeStep, double timeScale)
    {
        // Moving spares what one removed and one added would cost, 2, less its own cost: only spikes nearer than two time scales are ever moved to each other.
        // saved[j] is the most that can be spared among the spikes of a so far and the first j of b; from b's last one in reach on it stays the same.
        var saved = new double[b.Length + 1];
        var reach = 2 * timeScale / timeStep;
        var (first, end) = (0, 0);
        foreach (var spike in a)
        {
            for (; end < b.Length && b[end] - spike < reach; end++)
            {
                saved[end + 1] = saved[end];
            }

            for (; first < end && spike - b[first] >= reach; first++)
            {
            }

            var before = saved[first];
            for (var j = first; j < end; j++)
            {
                var moved = before + 2 - (Math.Abs(spike - b[j]) * timeStep / timeScale);
                before = saved[j + 1];
                saved[j + 1] = Math.Max(before, Math.Max(saved[j], moved));
            }
        }

        return a.Length + b.Length - saved[end];
    }

    /// <summary>
    /// The squared distance of van Rossum (2001, 10.1162/089976601300014321): (1 / tau) times the integral of the squared difference of both trains filtered by exp(-t / tau); a
    /// spike that the other lacks adds 1/2.
    /// </summary>
    /// <param name="a">One train.</param>
    /// <param name="b">The other.</param>
    /// <param name="timeStep">A step, in ms.</param>
    /// <param name="tau">The filter's time constant, in ms.</param>
    public static double VanRossum(ReadOnlySpan<int> a, ReadOnlySpan<int> b, double timeStep, double tau)
    {
        // Between two spikes of either train the difference decays, so that each interval's integral is known.
        var (i, j, last, difference, sum) = (0, 0, 0, 0.0, 0.0);
        while (i < a.Length || j < b.Length)
        {
            var isOfA = j == b.Length || (i < a.Length && a[i] <= b[j]);
            var next = isOfA ? a[i++] : b[j++];
            var decay = Math.Exp((last - next) * timeStep / tau);
            sum += difference * difference * (1 - (decay * decay)) / 2;
            difference = (difference * decay) + (isOfA ? 1 : -1);
            last = next;
        }

        return sum + (difference * difference / 2);
    }

    private static double Chance(ReadOnlySpan<int> model, double duration, double precision) => 2 * precision * model.Length / duration;

    private static int Window(double precision, double timeStep) => (int)Math.Round(precision / timeStep);

    private static double WithinMean(IReadOnlyList<int[]> trains, int window) =>
        trains.SelectMany((a, i) => trains.Take(i).Select(b => (double)Coincidences(a, b, window))).Average();
}
