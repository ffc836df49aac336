namespace BrainModular.Plugins.Optimizers.LbfgsB;

/// <summary>
/// The limited-memory BFGS matrix in compact form (Byrd, Nocedal and Schnabel 1994, 10.1007/BF01582063):
/// B = theta I - W M W^T with W = [Y, theta S] and M^-1 = [[-D, L^T], [L, theta S^T S]],
/// where S and Y hold the last steps s and gradient differences y, D = diag(s_i y_i) and L_ij = s_i y_j for i > j.
/// </summary>
/// <remarks>Each pair is stored divided by |s|, which leaves B as it is and keeps M^-1 well scaled when steps shrink by many decades.</remarks>
internal sealed class CompactHessian(int memory)
{
    private readonly List<(double[] S, double[] Y)> pairs = [];

    public double Theta { get; private set; } = 1;

    /// <summary>The order of M: twice the number of pairs.</summary>
    public int Order => 2 * pairs.Count;

    /// <summary>Forgets every pair: B is a multiple of the identity.</summary>
    public void Forget(double theta)
    {
        pairs.Clear();
        Theta = theta;
    }

    /// <summary>Takes a step and its gradient difference, unless the curvature along it is not positive to working precision.</summary>
    /// <param name="s">The step.</param>
    /// <param name="y">The gradient difference.</param>
    /// <param name="descent">-g^T s at the step's start, the scale that the curvature is compared with.</param>
    public void Update(double[] s, double[] y, double descent)
    {
        var curvature = Vector.Dot(s, y);
        if (!(curvature > double.Epsilon) || curvature <= Vector.Precision * descent)
        {
            return;
        }

        if (pairs.Count == memory)
        {
            pairs.RemoveAt(0);
        }

        var length = Math.Sqrt(Vector.Dot(s, s));
        pairs.Add(([.. s.Select(v => v / length)], [.. y.Select(v => v / length)]));
        Theta = Vector.Dot(y, y) / curvature;
    }

    /// <summary>Row i of W.</summary>
    public double[] Row(int i)
    {
        var row = new double[Order];
        for (var k = 0; k < pairs.Count; k++)
        {
            row[k] = pairs[k].Y[i];
            row[pairs.Count + k] = Theta * pairs[k].S[i];
        }

        return row;
    }

    /// <summary>W^T x, over the coordinates where <paramref name="mask"/> is true, or all.</summary>
    public double[] TransposedTimes(double[] x, bool[]? mask = null)
    {
        var result = new double[Order];
        for (var k = 0; k < pairs.Count; k++)
        {
            result[k] = Vector.Dot(pairs[k].Y, x, mask);
            result[pairs.Count + k] = Theta * Vector.Dot(pairs[k].S, x, mask);
        }

        return result;
    }

    /// <summary>M v; null where M^-1 is singular to working precision.</summary>
    public double[]? MiddleTimes(double[] v) => LinearSystem.Solve(MiddleInverse(), [.. v]);

    /// <summary>(M^-1 - W_F^T W_F / theta)^-1 v with the rows of W in the free coordinates F; null where that is singular.</summary>
    public double[]? ReducedMiddleTimes(double[] v, bool[] free)
    {
        var matrix = MiddleInverse();
        var n = pairs.Count;
        for (var a = 0; a < n; a++)
        {
            for (var b = 0; b < n; b++)
            {
                var (sa, ya) = pairs[a];
                var (sb, yb) = pairs[b];
                matrix[a, b] -= Vector.Dot(ya, yb, free) / Theta;
                matrix[n + a, b] -= Vector.Dot(sa, yb, free);
                matrix[a, n + b] -= Vector.Dot(ya, sb, free);
                matrix[n + a, n + b] -= Theta * Vector.Dot(sa, sb, free);
            }
        }

        return LinearSystem.Solve(matrix, [.. v]);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Theta);
        writer.Write(pairs.Count);
        foreach (var (s, y) in pairs)
        {
            writer.WriteArray(s);
            writer.WriteArray(y);
        }
    }

    public void Restore(BinaryReader reader)
    {
        Forget(reader.ReadDouble());
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            pairs.Add((reader.ReadArray(), reader.ReadArray()));
        }
    }

    private double[,] MiddleInverse()
    {
        var n = pairs.Count;
        var matrix = new double[2 * n, 2 * n];
        for (var i = 0; i < n; i++)
        {
            matrix[i, i] = -Vector.Dot(pairs[i].S, pairs[i].Y);
            for (var j = 0; j < n; j++)
            {
                matrix[n + i, n + j] = Theta * Vector.Dot(pairs[i].S, pairs[j].S);
                if (i > j)
                {
                    matrix[n + i, j] = matrix[j, n + i] = Vector.Dot(pairs[i].S, pairs[j].Y);
                }
            }
        }

        return matrix;
    }
}
