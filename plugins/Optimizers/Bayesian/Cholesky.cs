namespace BrainModular.Plugins.Optimizers.Bayesian;

/// <summary>The lower triangle L of a symmetric positive definite matrix A = L L'.</summary>
internal sealed class Cholesky
{
    private readonly double[][] rows;

    private Cholesky(double[][] rows) => this.rows = rows;

    /// <summary>Factors a matrix.</summary>
    /// <param name="rows">The rows of A up to the diagonal; they are overwritten.</param>
    /// <returns>The factor; null where A is not positive definite to working precision.</returns>
    public static Cholesky? Of(double[][] rows)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var rest = rows[i][j] - Dot(rows[i], rows[j], j);
                if (i == j && !(rest > 0))
                {
                    return null;
                }

                rows[i][j] = i == j ? Math.Sqrt(rest) : rest / rows[j][j];
            }
        }

        return new(rows);
    }

    public double LogDeterminant => 2 * rows.Select(static (row, i) => Math.Log(row[i])).Sum();

    /// <summary>L^-1 b.</summary>
    public double[] Forward(double[] b)
    {
        var x = new double[b.Length];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (b[i] - Dot(rows[i], x, i)) / rows[i][i];
        }

        return x;
    }

    /// <summary>L'^-1 b.</summary>
    public double[] Backward(double[] b)
    {
        double[] x = [.. b];
        for (var i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= rows[i][i];
            for (var j = 0; j < i; j++)
            {
                x[j] -= rows[i][j] * x[i];
            }
        }

        return x;
    }

    /// <summary>A^-1 b.</summary>
    public double[] Solve(double[] b) => Backward(Forward(b));

    private static double Dot(double[] a, double[] b, int count)
    {
        var sum = 0.0;
        for (var k = 0; k < count; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }
}
