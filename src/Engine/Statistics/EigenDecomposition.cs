namespace BrainModular.Engine.Statistics;

/// <summary>The eigenvalues of a symmetric matrix, largest first, and their vectors of length 1.</summary>
/// <param name="Values">The eigenvalues.</param>
/// <param name="Vectors">[eigenvalue][component].</param>
public sealed record EigenDecomposition(double[] Values, double[][] Vectors)
{
    private const int MostSweeps = 60;

    /// <summary>By Jacobi's rotations, which give small eigenvalues of a scaled matrix as precisely as large ones (Golub and Van Loan 2013, section 8.5).</summary>
    /// <param name="symmetric">[row][column]; only its symmetric part is read.</param>
    public static EigenDecomposition Of(double[][] symmetric)
    {
        var n = symmetric.Length;
        double[][] a = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => (symmetric[i][j] + symmetric[j][i]) / 2).ToArray())];
        double[][] v = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0).ToArray())];
        for (var (sweep, rotated) = (0, true); rotated && sweep < MostSweeps; sweep++)
        {
            rotated = false;
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    if (Math.Abs(a[p][q]) > 1e-16 * Math.Sqrt(Math.Abs(a[p][p] * a[q][q])))
                    {
                        rotated = true;
                        Rotate(a, v, p, q);
                    }
                }
            }
        }

        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(i => a[i][i])];
        return new([.. order.Select(i => a[i][i])], [.. order.Select(i => v.Select(row => row[i]).ToArray())]);
    }

    /// <summary>The matrix of the same vectors whose eigenvalues are a function of these.</summary>
    /// <returns>[row][column].</returns>
    public double[][] Map(Func<double, double> function)
    {
        var mapped = Values.Select(function).ToArray();
        return
        [
            .. Enumerable.Range(0, mapped.Length).Select(i => Enumerable.Range(0, mapped.Length)
                .Select(j => Enumerable.Range(0, mapped.Length).Sum(k => mapped[k] * Vectors[k][i] * Vectors[k][j])).ToArray()),
        ];
    }

    private static void Rotate(double[][] a, double[][] v, int p, int q)
    {
        var theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        var tangent = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        var cosine = 1 / Math.Sqrt((tangent * tangent) + 1);
        var sine = tangent * cosine;
        for (var k = 0; k < a.Length; k++)
        {
            (a[k][p], a[k][q]) = ((cosine * a[k][p]) - (sine * a[k][q]), (sine * a[k][p]) + (cosine * a[k][q]));
            (v[k][p], v[k][q]) = ((cosine * v[k][p]) - (sine * v[k][q]), (sine * v[k][p]) + (cosine * v[k][q]));
        }

        for (var k = 0; k < a.Length; k++)
        {
            (a[p][k], a[q][k]) = ((cosine * a[p][k]) - (sine * a[q][k]), (sine * a[p][k]) + (cosine * a[q][k]));
        }
    }
}
