namespace BrainModular.Plugins.Optimizers.LbfgsB;

/// <summary>
/// The minimiser of the quadratic model over the coordinates that are free at the Cauchy point, brought back into the box: the direct
/// primal method of Byrd, Lu, Nocedal and Zhu 1995, with the projection of Morales and Nocedal 2011 (10.1145/2049662.2049669).
/// </summary>
internal static class SubspaceMinimum
{
    /// <summary>The point that the line search aims at; null where the memory is too ill conditioned to be used.</summary>
    public static double[]? Find(double[] x, double[] g, Box box, CompactHessian hessian, CauchyPoint cauchy)
    {
        if (hessian.Order == 0 || !Array.Exists(cauchy.Free, static f => f))
        {
            return cauchy.Point;
        }

        if (NewtonStep(x, g, hessian, cauchy) is not { } step)
        {
            return null;
        }

        var projected = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            projected[i] = box.Clamp(i, cauchy.Point[i] + step[i]);
        }

        if (Vector.Dot(Vector.Difference(projected, x), g) < 0)
        {
            return projected;
        }

        // The projected point lies uphill: stop at the first bound on the way from the Cauchy point instead.
        var scale = Math.Min(1, box.LongestStep(cauchy.Point, step));
        for (var i = 0; i < x.Length; i++)
        {
            projected[i] = box.Clamp(i, cauchy.Point[i] + (scale * step[i]));
        }

        return projected;
    }

    /// <summary>From the Cauchy point to the unbounded minimiser in the free coordinates; 0 in the others.</summary>
    private static double[]? NewtonStep(double[] x, double[] g, CompactHessian hessian, CauchyPoint cauchy)
    {
        if (hessian.MiddleTimes(cauchy.Projection) is not { } middle)
        {
            return null;
        }

        var residual = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            residual[i] = cauchy.Free[i]
                ? g[i] + (hessian.Theta * (cauchy.Point[i] - x[i])) - Vector.Dot(hessian.Row(i), middle)
                : 0;
        }

        if (hessian.ReducedMiddleTimes(hessian.TransposedTimes(residual, cauchy.Free), cauchy.Free) is not { } v)
        {
            return null;
        }

        var theta = hessian.Theta;
        var step = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            step[i] = cauchy.Free[i] ? -(residual[i] / theta) - (Vector.Dot(hessian.Row(i), v) / (theta * theta)) : 0;
        }

        return step;
    }
}
