namespace BrainModular.Plugins.Optimizers.CmaEs;

/// <summary>The normal distribution that candidates are drawn from, N(m, sigma^2 C), and how it learns (Hansen 2016, 10.48550/arXiv.1604.00772, section 6).</summary>
/// <param name="mean">m.</param>
/// <param name="stepSize">sigma.</param>
internal sealed class SearchDistribution(double[] mean, double stepSize)
{
    private readonly int n = mean.Length;
    private double[] stepPath = new double[mean.Length], path = new double[mean.Length], deviations = [.. mean.Select(static _ => 1.0)];
    private double[,] covariance = Identity(mean.Length), axes = Identity(mean.Length);
    private int generation;

    public double[] Mean => mean;

    /// <summary>sigma times the largest deviation of a coordinate, or what the path says of it.</summary>
    public double Extent => stepSize * Enumerable.Range(0, n).Max(d => Math.Max(Math.Abs(path[d]), Math.Sqrt(covariance[d, d])));

    /// <summary>The largest axis' variance over the smallest one's.</summary>
    public double Condition => Math.Pow(deviations.Max() / deviations.Min(), 2);

    /// <summary>y = B D z of standard normal numbers z: a step in units of sigma.</summary>
    public double[] Step(double[] z)
    {
        var y = new double[n];
        for (var row = 0; row < n; row++)
        {
            for (var k = 0; k < n; k++)
            {
                y[row] += axes[row, k] * deviations[k] * z[k];
            }
        }

        return y;
    }

    public double[] Point(double[] step) => [.. mean.Select((m, d) => m + (stepSize * step[d]))];

    /// <summary>Learns from a generation.</summary>
    /// <param name="strategy">The constants.</param>
    /// <param name="steps">The candidates' steps, the best first.</param>
    public void Learn(Strategy strategy, double[][] steps)
    {
        generation++;
        double[] taken = [.. Enumerable.Range(0, n).Select(d => Enumerable.Range(0, strategy.Parents).Sum(i => strategy.Weights[i] * steps[i][d]))];
        for (var d = 0; d < n; d++)
        {
            mean[d] += stepSize * taken[d];
        }

        var whitened = Whitened(taken);
        var turn = Math.Sqrt(strategy.StepRate * (2 - strategy.StepRate) * strategy.Mass);
        stepPath = [.. stepPath.Select((p, d) => ((1 - strategy.StepRate) * p) + (turn * whitened[d]))];
        var length = Math.Sqrt(stepPath.Sum(static p => p * p));
        stepSize *= Math.Exp(strategy.StepRate / strategy.Damping * ((length / strategy.ExpectedLength) - 1));
        var isSteady = length / Math.Sqrt(1 - Math.Pow(1 - strategy.StepRate, 2 * (generation + 1))) < (1.4 + (2.0 / (n + 1))) * strategy.ExpectedLength;
        turn = isSteady ? Math.Sqrt(strategy.PathRate * (2 - strategy.PathRate) * strategy.Mass) : 0;
        path = [.. path.Select((p, d) => ((1 - strategy.PathRate) * p) + (turn * taken[d]))];
        Adapt(strategy, steps, isSteady ? 0 : strategy.PathRate * (2 - strategy.PathRate));
        if (generation % strategy.GenerationsPerEigen == 0)
        {
            Decompose();
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.WriteArrays([mean, stepPath, path, deviations, .. Rows(covariance), .. Rows(axes)]);
        writer.Write(stepSize);
        writer.Write(generation);
    }

    public static SearchDistribution Restore(BinaryReader reader)
    {
        var rows = reader.ReadArrays();
        var n = rows[0].Length;
        return new(rows[0], reader.ReadDouble())
        {
            stepPath = rows[1],
            path = rows[2],
            deviations = rows[3],
            covariance = Matrix(rows.AsSpan(4, n)),
            axes = Matrix(rows.AsSpan(4 + n, n)),
            generation = reader.ReadInt32(),
        };
    }

    private void Adapt(Strategy strategy, double[][] steps, double missing)
    {
        double[] weights =
            [.. strategy.Weights.Select((w, i) => strategy.RankManyRate * (w >= 0 ? w : w * n / Math.Max(Whitened(steps[i]).Sum(static v => v * v), double.Epsilon)))];
        var keep = 1 + (strategy.RankOneRate * missing) - strategy.RankOneRate - (strategy.RankManyRate * strategy.Weights.Sum());
        for (var row = 0; row < n; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var value = (keep * covariance[row, column]) + (strategy.RankOneRate * path[row] * path[column]);
                for (var i = 0; i < weights.Length; i++)
                {
                    value += weights[i] * steps[i][row] * steps[i][column];
                }

                (covariance[row, column], covariance[column, row]) = (value, value);
            }
        }
    }

    private void Decompose()
    {
        (var values, axes) = SymmetricEigen.Of(covariance);
        deviations = [.. values.Select(static v => Math.Sqrt(Math.Max(v, 0)))];
    }

    /// <summary>C^(-1/2) y = B D^-1 B' y.</summary>
    private double[] Whitened(double[] y)
    {
        var whitened = new double[n];
        for (var k = 0; k < n; k++)
        {
            var along = 0.0;
            for (var row = 0; row < n; row++)
            {
                along += axes[row, k] * y[row];
            }

            for (var row = 0; row < n; row++)
            {
                whitened[row] += axes[row, k] * along / deviations[k];
            }
        }

        return whitened;
    }

    private static double[,] Identity(int n) => Matrix([.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0).ToArray())]);

    private static IEnumerable<double[]> Rows(double[,] matrix) =>
        Enumerable.Range(0, matrix.GetLength(0)).Select(row => Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column]).ToArray());

    private static double[,] Matrix(ReadOnlySpan<double[]> rows)
    {
        var matrix = new double[rows.Length, rows.Length];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var column = 0; column < rows.Length; column++)
            {
                matrix[row, column] = rows[row][column];
            }
        }

        return matrix;
    }
}
