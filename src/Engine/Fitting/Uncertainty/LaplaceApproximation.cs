using BrainModular.Engine.Ir;
using BrainModular.Engine.Statistics;
using BrainModular.Random;

namespace BrainModular.Engine.Fitting.Uncertainty;

/// <summary>A fitted parameter and how well the recording determines it.</summary>
/// <param name="Free">The parameter.</param>
/// <param name="Value">Its value in engine units.</param>
/// <param name="StandardError">In engine units; null where it is at a bound.</param>
/// <param name="Lower">Where its 95 % interval begins, in engine units.</param>
/// <param name="Upper">Where that ends.</param>
public sealed record ParameterEstimate(FreeParameter Free, double Value, double? StandardError, double? Lower, double? Upper);

/// <summary>A combination of parameters that the recording hardly determines.</summary>
/// <param name="Eigenvalue">The observed information along it, in nats per squared unbounded coordinate.</param>
/// <param name="Components">The parameters that make it up, largest first, with their parts of a direction of length 1.</param>
public sealed record FlatDirection(double Eigenvalue, IReadOnlyList<(string Name, double Part)> Components)
{
    public override string ToString() => string.Join(" ", Components.Select(static (c, i) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(c.Part < 0 ? "- " : i > 0 ? "+ " : "")}{Math.Abs(c.Part):0.00} {c.Name}")));
}

/// <summary>
/// The Laplace approximation: around the best parameters the likelihood is that of a normal distribution whose inverse covariance is the observed information, the
/// Hessian of the negative log-likelihood (Raue et al. 2009, 10.1093/bioinformatics/btp358). The Hessian is the central difference of exact gradients, all in one batch, in unbounded coordinates
/// (<see cref="UnboundedCoordinate"/>), from which standard errors go over to parameters by the slope (delta method) and intervals by their ends.
/// A direction is never more uncertain than the bounds leave it. Parameters at a bound are held there.
/// </summary>
public sealed class LaplaceApproximation
{
    /// <summary>The normal distribution's 97.5 % quantile.</summary>
    public const double Quantile = 1.9599639845400545;

    /// <summary>An eigenvalue this much below the largest is flat.</summary>
    private const double FlatRelative = 1e-6;

    /// <summary>A component this large beside the largest is named.</summary>
    private const double Named = 0.25;

    private LaplaceApproximation(
        Likelihood likelihood, IReadOnlyList<FreeParameter> all, double[] values, double[] point, IReadOnlyList<int> inside, double[] slopes, double[][] hessian, double asymmetry)
    {
        (Likelihood, Point, Asymmetry) = (likelihood, point, asymmetry);
        Parameters = [.. inside.Select(i => all[i])];
        var eigen = EigenDecomposition.Of(hessian);
        Eigenvalues = eigen.Values;
        Covariance = eigen.Map(static value => 1 / Math.Max(value, 1 / UnboundedCoordinate.VarianceOfBounds));
        Flat = [.. Enumerable.Range(0, inside.Count).Where(k => IsFlat(eigen.Values, k)).Select(k => Direction(eigen.Values[k], eigen.Vectors[k]))];
        Decrement = Covariance.Select((row, i) => slopes[i] * row.Zip(slopes, static (c, s) => c * s).Sum()).Sum() / 2;
        Estimates = [.. all.Select((f, i) => Estimate(f, values[i], point[i], inside.ToList().IndexOf(i)))];
    }

    /// <summary>The likelihood around the best parameters.</summary>
    public Likelihood Likelihood { get; }

    /// <summary>The best parameters in unbounded coordinates, those at bounds too.</summary>
    public double[] Point { get; }

    /// <summary>All fitted parameters.</summary>
    public IReadOnlyList<ParameterEstimate> Estimates { get; }

    /// <summary>Those that are not at a bound, in the order of <see cref="Covariance"/>.</summary>
    public IReadOnlyList<FreeParameter> Parameters { get; }

    /// <summary>[parameter][parameter], of unbounded coordinates.</summary>
    public double[][] Covariance { get; }

    /// <summary>The eigenvalues of the observed information, in nats per squared unbounded coordinate, largest first.</summary>
    public IReadOnlyList<double> Eigenvalues { get; }

    /// <summary>Combinations of parameters along which the likelihood is flat: beside the most curved one, or so that the bounds alone say as much.</summary>
    public IReadOnlyList<FlatDirection> Flat { get; }

    /// <summary>The largest difference of the Hessian from its transpose, beside its diagonal: 0 where gradients are exact and the loss is smooth.</summary>
    public double Asymmetry { get; }

    /// <summary>By how many nats the likelihood would rise on the way to its maximum as the curvature predicts it: 0 where the fit has come to rest.</summary>
    public double Decrement { get; }

    /// <summary>[parameter][parameter], from -1 to 1.</summary>
    public double[][] Correlation =>
        [.. Covariance.Select((row, i) => row.Select((c, j) => i == j ? 1 : c / Math.Sqrt(Covariance[i][i] * Covariance[j][j])).ToArray())];

    /// <summary>Draws parameters from it.</summary>
    /// <param name="count">How many.</param>
    /// <param name="random">The random stream.</param>
    /// <returns>[draw][parameter], in engine units, in the order of <see cref="Estimates"/>.</returns>
    public IReadOnlyList<double[]> Draws(int count, IRandomStream random)
    {
        var root = EigenDecomposition.Of(Covariance).Map(static value => Math.Sqrt(Math.Max(0, value)));
        return
        [
            .. Enumerable.Range(0, count).Select(_ =>
            {
                var normal = Parameters.Select(_ => random.Normal()).ToArray();
                var moved = 0;
                return Estimates.Select((e, i) => e.StandardError is null ? e.Value
                    : e.Free.Value(UnboundedCoordinate.Bounded(Point[i] + root[moved++].Zip(normal, static (r, n) => r * n).Sum()))).ToArray();
            }),
        ];
    }

    /// <summary>Computes it.</summary>
    /// <param name="fit">The fit's loss.</param>
    /// <param name="best">The best parameters in engine units, by name.</param>
    public static LaplaceApproximation At(FitLikelihood fit, IReadOnlyDictionary<string, double> best)
    {
        var point = fit.PointOf(best);
        var likelihood = fit.LikelihoodAt(point);
        IReadOnlyList<int> inside = [.. Enumerable.Range(0, point.Length).Where(i => !UnboundedCoordinate.IsAtBound(fit.Free[i].Coordinate(best[fit.Free[i].Name])))];

        // Exact gradients leave only the rounding of their own numbers, so the step is that of their precision's cube root.
        var step = fit.Precision == Precision.Single ? 1e-2 : 1e-4;
        double[] Moved(int i, double by) => [.. point.Select((z, k) => k == i ? z + by : z)];
        var around = fit.Evaluate([point, .. inside.SelectMany(i => new[] { Moved(i, step), Moved(i, -step) })]);
        var scale = likelihood.Information(inside.Count) / (2 * step);
        double[][] rows = [.. inside.Select((_, k) => inside.Select(j => scale * (around[(2 * k) + 1].Gradient![j] - around[(2 * k) + 2].Gradient![j])).ToArray())];
        var asymmetry = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                asymmetry = Math.Max(asymmetry, Math.Abs(rows[i][j] - rows[j][i]) / Math.Sqrt(Math.Abs(rows[i][i] * rows[j][j])));
            }
        }

        return new(likelihood, fit.Free, [.. fit.Free.Select(f => best[f.Name])], point, inside,
            [.. inside.Select(i => likelihood.Slope(likelihood.BestLoss) * around[0].Gradient![i])], rows, asymmetry);
    }

    private static bool IsFlat(double[] values, int k) => !(values[k] > Math.Max(1 / UnboundedCoordinate.VarianceOfBounds, FlatRelative * values[0]));

    private FlatDirection Direction(double eigenvalue, double[] vector)
    {
        var largest = vector.MaxBy(Math.Abs);
        return new(eigenvalue,
        [
            .. Parameters.Select((p, i) => (p.Name, Part: vector[i] * Math.Sign(largest))).Where(c => Math.Abs(c.Part) >= Named * Math.Abs(largest)).OrderByDescending(static c => Math.Abs(c.Part)),
        ]);
    }

    private ParameterEstimate Estimate(FreeParameter free, double value, double z, int place)
    {
        if (place < 0)
        {
            return new(free, value, null, null, null);
        }

        var error = Math.Sqrt(Covariance[place][place]);
        return new(
            free, value, free.Slope(UnboundedCoordinate.Bounded(z)) * UnboundedCoordinate.Slope(z) * error,
            free.Value(UnboundedCoordinate.Bounded(z - (Quantile * error))), free.Value(UnboundedCoordinate.Bounded(z + (Quantile * error))));
    }
}
