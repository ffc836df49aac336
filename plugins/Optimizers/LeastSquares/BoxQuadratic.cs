using BrainModular.Plugins.Optimizers.Bayesian;

namespace BrainModular.Plugins.Optimizers.LeastSquares;

/// <summary>
/// The minimum of a strictly convex quadratic in a box, by an active set (Nocedal and Wright 2006, 10.1007/978-0-387-40065-5, algorithm 16.3): the coordinates at a bound are
/// held, the others go to their minimum or as far as the next bound, and one that the gradient pulls inwards is let go.
/// </summary>
internal static class BoxQuadratic
{
    /// <summary>Minimises g's + s'As / 2 with lower &lt;= s &lt;= upper, where 0 lies in the box.</summary>
    /// <returns>s; null where A is not positive definite to working precision.</returns>
    public static double[]? Minimum(double[] g, double[,] a, double[] lower, double[] upper)
    {
        var n = g.Length;
        var step = new double[n];
        var held = new bool[n];
        for (var i = 0; i < n; i++)
        {
            held[i] = lower[i] == upper[i] || (g[i] > 0 && lower[i] == 0) || (g[i] < 0 && upper[i] == 0);
        }

        // Each round lowers the quadratic or holds one more coordinate, so that no set comes twice but by rounding.
        for (var round = 0; round < 16 * (n + 1); round++)
        {
            if (Free(g, a, step, held) is not { } target)
            {
                return null;
            }

            var (length, blocking) = LongestStep(step, target, lower, upper);
            for (var i = 0; i < n; i++)
            {
                step[i] = length == 1 ? target[i] : step[i] + (length * (target[i] - step[i]));
            }

            if (blocking >= 0)
            {
                step[blocking] = target[blocking] < lower[blocking] ? lower[blocking] : upper[blocking];
                held[blocking] = true;
            }
            else if (Inward(g, a, step, held, lower, upper) is { } released)
            {
                held[released] = false;
            }
            else
            {
                break;
            }
        }

        return step;
    }

    /// <summary>The derivative of the quadratic by one coordinate.</summary>
    public static double Slope(double[] g, double[,] a, double[] step, int i)
    {
        var slope = g[i];
        for (var j = 0; j < g.Length; j++)
        {
            slope += a[i, j] * step[j];
        }

        return slope;
    }

    /// <summary>Where the coordinates that are not held have their minimum.</summary>
    private static double[]? Free(double[] g, double[,] a, double[] step, bool[] held)
    {
        int[] free = [.. Enumerable.Range(0, g.Length).Where(i => !held[i])];
        double[][] rows = [.. free.Select((i, row) => free[..(row + 1)].Select(j => a[i, j]).ToArray())];
        if (Cholesky.Of(rows) is not { } factor)
        {
            return null;
        }

        var move = factor.Solve([.. free.Select(i => -Slope(g, a, step, i))]);
        double[] target = [.. step];
        foreach (var (place, i) in free.Index())
        {
            target[i] += move[place];
        }

        return target;
    }

    /// <summary>The part of the way to the target, from 0 to 1, that stays in the box, and the coordinate that ends it; -1: none.</summary>
    private static (double Length, int Blocking) LongestStep(double[] step, double[] target, double[] lower, double[] upper)
    {
        var (length, blocking) = (1.0, -1);
        for (var i = 0; i < step.Length; i++)
        {
            var bound = target[i] < lower[i] ? lower[i] : target[i] > upper[i] ? upper[i] : target[i];
            if (bound != target[i] && (blocking < 0 || (bound - step[i]) / (target[i] - step[i]) < length))
            {
                (length, blocking) = ((bound - step[i]) / (target[i] - step[i]), i);
            }
        }

        return (length, blocking);
    }

    /// <summary>The held coordinate that the gradient pulls into the box most; null: none.</summary>
    private static int? Inward(double[] g, double[,] a, double[] step, bool[] held, double[] lower, double[] upper)
    {
        var (most, found) = (0.0, (int?)null);
        for (var i = 0; i < g.Length; i++)
        {
            var slope = Slope(g, a, step, i);
            var pull = !held[i] || lower[i] == upper[i] ? 0 : step[i] == lower[i] ? -slope : slope;
            if (pull > most)
            {
                (most, found) = (pull, i);
            }
        }

        return found;
    }
}
