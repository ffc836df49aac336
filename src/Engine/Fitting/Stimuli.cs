namespace BrainModular.Engine.Fitting;

/// <summary>Which sweeps repeat a stimulus.</summary>
public static class Stimuli
{
    // Repeats differ by the amplifier's noise.
    private const double MostDifference = 0.05;

    /// <summary>Things together whose sweeps' stimulus is the same: of one length, with currents whose difference has less than a twentieth of the current's own deviation.</summary>
    /// <param name="things">The things.</param>
    /// <param name="sweepOf">The sweep of each.</param>
    public static IReadOnlyList<IReadOnlyList<T>> Group<T>(IEnumerable<T> things, Func<T, PreparedSweep> sweepOf)
    {
        var groups = new List<List<T>>();
        foreach (var thing in things)
        {
            var same = groups.Find(g => Same(sweepOf(g[0]), sweepOf(thing)));
            if (same is null)
            {
                groups.Add([thing]);
            }
            else
            {
                same.Add(thing);
            }
        }

        return groups;
    }

    private static bool Same(PreparedSweep a, PreparedSweep b)
    {
        if (a.Steps != b.Steps || a.First != b.First)
        {
            return false;
        }

        var mean = a.Current.Average();
        var (own, difference) = (0.0, 0.0);
        for (var t = 0; t < a.Steps; t++)
        {
            own += (a.Current[t] - mean) * (a.Current[t] - mean);
            difference += (a.Current[t] - b.Current[t]) * (a.Current[t] - b.Current[t]);
        }

        return difference < MostDifference * MostDifference * own;
    }
}
