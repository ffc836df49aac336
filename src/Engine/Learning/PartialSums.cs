namespace BrainModular.Engine.Learning;

/// <summary>Sums over steps in float32 lose digits as they grow: a kernel's sums are partial ones, which are added up in float64 after so many steps.</summary>
internal static class PartialSums
{
    /// <summary>After so many steps they are added up.</summary>
    public const int Steps = 512;

    /// <summary>Runs steps of a table, and adds partial sums up where it is time, and after the last step.</summary>
    /// <param name="table">The table, placed at the first of them.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="first">The first step.</param>
    /// <param name="count">How many.</param>
    /// <param name="total">How many steps the trace has.</param>
    /// <param name="addUp">Adds up partial sums; null where they are not wanted.</param>
    public static void RunOn(MovingRows table, int lanes, int first, int count, int total, Action? addUp)
    {
        for (var done = 0; done < count;)
        {
            var steps = Math.Min(count - done, Steps - ((first + done) % Steps));
            table.RunOn(lanes, steps);
            done += steps;
            if ((first + done) % Steps == 0 || first + done == total)
            {
                addUp?.Invoke();
            }
        }
    }

    /// <summary>Runs steps of a table from the last one back, and adds partial sums up where it is time, and after the trace's first step.</summary>
    /// <param name="table">The table, placed at the last of them.</param>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="first">The first step.</param>
    /// <param name="count">How many.</param>
    /// <param name="addUp">Adds up partial sums.</param>
    public static void RunBack(MovingRows table, int lanes, int first, int count, Action addUp)
    {
        for (var left = count; left > 0;)
        {
            var steps = Math.Min(left, ((first + left - 1) % Steps) + 1);
            table.RunBack(lanes, steps);
            left -= steps;
            if ((first + left) % Steps == 0)
            {
                addUp();
            }
        }
    }
}
