namespace BrainModular.Plugins.Optimizers.LbfgsB;

/// <summary>
/// The generalized Cauchy point: the first local minimiser of the quadratic model along the projected gradient path
/// P(x - t g), t >= 0 (Byrd, Lu, Nocedal and Zhu 1995, 10.1137/0916069, algorithm CP).
/// </summary>
/// <param name="Point">The point.</param>
/// <param name="Free">Which of its coordinates do not lie at a bound.</param>
/// <param name="Projection">W^T (Point - x), which the subspace minimisation needs.</param>
internal sealed record CauchyPoint(double[] Point, bool[] Free, double[] Projection)
{
    /// <summary>Follows the path through its breakpoints; null where the memory is too ill conditioned to be used.</summary>
    public static CauchyPoint? Find(double[] x, double[] g, Box box, CompactHessian hessian)
    {
        var (d, breakpoints) = Path(x, g, box);
        var free = breakpoints.Select(static t => t > 0).ToArray();
        var point = (double[])x.Clone();
        var p = hessian.TransposedTimes(d);
        var c = new double[hessian.Order];
        var slope = -Vector.Dot(d, d);
        if (hessian.MiddleTimes(p) is not { } middleP)
        {
            return null;
        }

        var curvature = (-hessian.Theta * slope) - Vector.Dot(p, middleP);
        var firstCurvature = -hessian.Theta * slope;
        var time = 0.0;
        var shortest = slope < 0 ? -slope / curvature : 0;
        if (!(curvature > 0) && slope < 0)
        {
            return null;
        }

        // Coordinates in the order in which the path reaches their bounds; ties by index, so that the result does not depend on the sort.
        var order = Enumerable.Range(0, x.Length).Where(i => double.IsFinite(breakpoints[i]) && breakpoints[i] > 0)
            .OrderBy(i => breakpoints[i]).ThenBy(static i => i);
        foreach (var b in order)
        {
            var interval = breakpoints[b] - time;
            if (shortest < interval)
            {
                break;
            }

            point[b] = d[b] > 0 ? box.Upper[b] : box.Lower[b];
            free[b] = false;
            Add(c, interval, p);
            var row = hessian.Row(b);
            var z = point[b] - x[b];
            if (hessian.MiddleTimes(row) is not { } middleRow)
            {
                return null;
            }

            var gb = g[b];
            slope += (interval * curvature) + (gb * gb) + (hessian.Theta * gb * z) - (gb * Vector.Dot(middleRow, c));
            curvature -= (hessian.Theta * gb * gb) + (2 * gb * Vector.Dot(middleRow, p)) + (gb * gb * Vector.Dot(middleRow, row));
            curvature = Math.Max(curvature, Vector.Precision * firstCurvature);
            Add(p, gb, row);
            d[b] = 0;
            time = breakpoints[b];
            shortest = slope < 0 ? -slope / curvature : 0;
        }

        if (!Array.Exists(d, static v => v != 0))
        {
            return new(point, free, c);
        }

        time += shortest;
        for (var i = 0; i < x.Length; i++)
        {
            point[i] = d[i] != 0 ? box.Clamp(i, x[i] + (time * d[i])) : point[i];
        }

        Add(c, shortest, p);
        return new(point, free, c);
    }

    /// <summary>The path's first direction, and for each coordinate the t at which it meets a bound (0 where it is held there).</summary>
    private static (double[] Direction, double[] Breakpoints) Path(double[] x, double[] g, Box box)
    {
        var direction = new double[x.Length];
        var breakpoints = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var held = box.Lower[i] == box.Upper[i] || (x[i] <= box.Lower[i] && g[i] >= 0) || (x[i] >= box.Upper[i] && g[i] <= 0);
            breakpoints[i] = held ? 0
                : g[i] < 0 ? (x[i] - box.Upper[i]) / g[i]
                : g[i] > 0 ? (x[i] - box.Lower[i]) / g[i]
                : double.PositiveInfinity;
            direction[i] = held ? 0 : -g[i];
        }

        return (direction, breakpoints);
    }

    private static void Add(double[] target, double factor, double[] values)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += factor * values[i];
        }
    }
}
