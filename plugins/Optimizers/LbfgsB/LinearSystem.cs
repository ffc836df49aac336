namespace BrainModular.Plugins.Optimizers.LbfgsB;

/// <summary>Small dense linear systems, by Gaussian elimination with partial pivoting.</summary>
internal static class LinearSystem
{
    /// <summary>Solves a x = b; a and b are overwritten. Null where a is singular to working precision.</summary>
    public static double[]? Solve(double[,] a, double[] b)
    {
        var n = b.Length;
        for (var column = 0; column < n; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < n; row++)
            {
                pivot = Math.Abs(a[row, column]) > Math.Abs(a[pivot, column]) ? row : pivot;
            }

            if (a[pivot, column] == 0 || !double.IsFinite(a[pivot, column]))
            {
                return null;
            }

            if (pivot != column)
            {
                (b[pivot], b[column]) = (b[column], b[pivot]);
                for (var k = column; k < n; k++)
                {
                    (a[pivot, k], a[column, k]) = (a[column, k], a[pivot, k]);
                }
            }

            for (var row = column + 1; row < n; row++)
            {
                var factor = a[row, column] / a[column, column];
                for (var k = column; k < n; k++)
                {
                    a[row, k] -= factor * a[column, k];
                }

                b[row] -= factor * b[column];
            }
        }

        for (var row = n - 1; row >= 0; row--)
        {
            for (var k = row + 1; k < n; k++)
            {
                b[row] -= a[row, k] * b[k];
            }

            b[row] /= a[row, row];
        }

        return Array.TrueForAll(b, double.IsFinite) ? b : null;
    }
}
