namespace BrainModular.Plugins.Optimizers.CmaEs;

/// <summary>Eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations (Golub and Van Loan 2013, section 8.5).</summary>
/// <param name="Values">The eigenvalues, in no order.</param>
/// <param name="Vectors">[row, value]: the eigenvectors as columns, orthonormal.</param>
internal sealed record SymmetricEigen(double[] Values, double[,] Vectors)
{
    private const int MostSweeps = 60;

    public static SymmetricEigen Of(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var a = (double[,])matrix.Clone();
        var vectors = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            vectors[i, i] = 1;
        }

        for (var sweep = 0; sweep < MostSweeps && !IsDiagonal(a); sweep++)
        {
            for (var p = 0; p < n - 1; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    Rotate(a, vectors, p, q);
                }
            }
        }

        return new([.. Enumerable.Range(0, n).Select(i => a[i, i])], vectors);
    }

    /// <summary>Whether what is left beside the diagonal is lost in rounding of it.</summary>
    private static bool IsDiagonal(double[,] a)
    {
        for (var p = 0; p < a.GetLength(0); p++)
        {
            for (var q = p + 1; q < a.GetLength(0); q++)
            {
                if (Math.Abs(a[p, q]) > 1e-17 * Math.Sqrt(Math.Abs(a[p, p] * a[q, q])))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The rotation in the plane of p and q that makes a[p, q] vanish.</summary>
    private static void Rotate(double[,] a, double[,] vectors, int p, int q)
    {
        if (a[p, q] == 0)
        {
            return;
        }

        var theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(1 + (theta * theta)));
        var c = 1 / Math.Sqrt(1 + (t * t));
        var s = t * c;
        for (var k = 0; k < a.GetLength(0); k++)
        {
            (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
        }

        for (var k = 0; k < a.GetLength(0); k++)
        {
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
            (vectors[k, p], vectors[k, q]) = ((c * vectors[k, p]) - (s * vectors[k, q]), (s * vectors[k, p]) + (c * vectors[k, q]));
        }

        (a[p, q], a[q, p]) = (0, 0);
    }
}
