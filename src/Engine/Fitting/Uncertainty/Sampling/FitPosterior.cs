using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Engine.Statistics;
using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Engine.Fitting.Uncertainty.Sampling;

/// <summary>
/// The posterior density of a fit's parameters under the prior that is uniform between their bounds, in their logarithm where their scale is logarithmic: likelihood times u (1 - u) for each unbounded coordinate. It is sampled in
/// coordinates x = S (z - zhat) in which Laplace's covariance is the unit matrix, so that no direction is much longer than another. Parameters at a bound take part.
/// </summary>
public sealed class FitPosterior
{
    /// <summary>Where a chain begins a parameter that the fit left at its bound: this far inside.</summary>
    private const double Inside = 0.02;

    /// <summary>Of data without noise a fit that has not come to rest leaves its own distance from there, of which the curvature promises half a nat for each sample.</summary>
    private const double LargestDecrement = 0.1;

    private readonly FitLikelihood fit;
    private readonly Likelihood likelihood;
    private readonly double[] centre;
    private readonly double[][] root;

    /// <param name="fit">The fit's loss.</param>
    /// <param name="laplace">The curvature at its best parameters.</param>
    /// <exception cref="DiagnosticException">BM2817: what the fit leaves of the recording is its distance from the best parameters and no noise, so that the posterior has no width.</exception>
    public FitPosterior(FitLikelihood fit, LaplaceApproximation laplace)
    {
        (this.fit, likelihood) = (fit, laplace.Likelihood);
        if (likelihood is GaussianLikelihood noise && laplace.Decrement > LargestDecrement * noise.EffectiveSamples)
        {
            throw new DiagnosticException(
                "BM2817", string.Create(CultureInfo.InvariantCulture, $"the residuals are no noise: the fit has not come to rest, and its likelihood rises by about {laplace.Decrement:g3} nats further on, {laplace.Decrement / noise.EffectiveSamples:g2} for each independent sample"),
                expected: "a recording with noise, without which a posterior has no width, and a fit at its best parameters",
                cure: "let the optimiser go on (maxIterations, ftol, gtol), or remove 'uncertainty' where the data are a model's own");
        }

        int[] inside = [.. laplace.Parameters.Select(p => fit.Free.Index().First(f => f.Item == p).Index)];
        centre = [.. laplace.Point.Select((z, i) => inside.Contains(i) ? z : UnboundedCoordinate.Of(Math.Clamp(UnboundedCoordinate.Bounded(z), Inside, 1 - Inside)))];
        var small = EigenDecomposition.Of(laplace.Covariance).Map(static value => Math.Sqrt(Math.Max(0, value)));
        root = [.. centre.Select((_, i) => centre.Select((_, j) => i == j ? 1.0 : 0).ToArray())];
        for (var i = 0; i < inside.Length; i++)
        {
            for (var j = 0; j < inside.Length; j++)
            {
                root[inside[i]][inside[j]] = small[i][j];
            }
        }
    }

    public int Dimensions => centre.Length;

    /// <summary>Where chains begin: twice as widely spread as Laplace's approximation.</summary>
    /// <param name="chains">How many there are.</param>
    /// <param name="random">The random stream.</param>
    public IReadOnlyList<double[]> Starts(int chains, IRandomStream random) =>
        [.. Enumerable.Range(0, chains).Select(_ => centre.Select(_ => 2 * random.Normal()).ToArray())];

    /// <summary>Values of the parameters in engine units, in the order of <see cref="FitLikelihood.Free"/>.</summary>
    public double[] Values(double[] x) => [.. Unbounded(x).Select((z, i) => fit.Free[i].Value(UnboundedCoordinate.Bounded(z)))];

    /// <summary>Minus the logarithms of the density, and their gradients.</summary>
    public IReadOnlyList<Evaluation> Evaluate(IReadOnlyList<double[]> points)
    {
        var unbounded = points.Select(Unbounded).ToList();
        return [.. fit.Evaluate(unbounded).Zip(unbounded, Density)];
    }

    private Evaluation Density(Evaluation found, double[] z)
    {
        double[] slopes = [.. z.Select((x, i) => (likelihood.Slope(found.Loss) * found.Gradient![i]) + UnboundedCoordinate.Bounded(x) - UnboundedCoordinate.Bounded(-x))];
        return new(
            likelihood.Of(found.Loss) - z.Sum(static x => Math.Log(UnboundedCoordinate.Slope(x))),
            [.. root.Select((_, j) => slopes.Select((s, i) => s * root[i][j]).Sum())]);
    }

    private double[] Unbounded(double[] x) => [.. centre.Select((c, i) => c + root[i].Zip(x, static (r, y) => r * y).Sum())];
}
