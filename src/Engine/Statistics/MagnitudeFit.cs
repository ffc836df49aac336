namespace BrainModular.Engine.Statistics;

/// <summary>A distribution of positive numbers, fitted to some by maximum likelihood.</summary>
/// <param name="Count">How many numbers.</param>
/// <param name="LogLikelihood">The logarithm of their density under the distribution.</param>
public abstract record MagnitudeFit(int Count, double LogLikelihood)
{
    /// <summary>How many parameters were fitted.</summary>
    public abstract int Parameters { get; }

    /// <summary>Akaike's information criterion, 2 k - 2 ln L (Akaike 1974, 10.1109/TAC.1974.1100705): the smaller, the better.</summary>
    public double Akaike => (2 * Parameters) - (2 * LogLikelihood);

    /// <summary>The Kolmogorov-Smirnov distance: the largest between the numbers' own cumulative distribution and this one.</summary>
    public double Distance { get; private init; }

    /// <summary>
    /// Whether the distance is beyond 1.358 / sqrt(n), Kolmogorov's limit of 5 % for a distribution given beforehand. One that was fitted to the
    /// same numbers comes nearer, so that this finds fewer departures than there are, and none that is not.
    /// </summary>
    public bool IsRejected => Distance > 1.358 / Math.Sqrt(Count);

    /// <summary>The probability density.</summary>
    public abstract double Density(double x);

    /// <summary>The probability of a number of at most <paramref name="x"/>.</summary>
    public abstract double Cumulative(double x);

    /// <summary>The same with its distance from the numbers it was fitted to.</summary>
    internal MagnitudeFit Measured(ReadOnlySpan<double> ascending)
    {
        var distance = 0.0;
        for (var i = 0; i < ascending.Length; i++)
        {
            var expected = Cumulative(ascending[i]);
            distance = Math.Max(distance, Math.Max(expected - ((double)i / ascending.Length), ((i + 1.0) / ascending.Length) - expected));
        }

        return this with { Distance = distance };
    }
}

/// <summary>The distribution of |x| where x is normal around 0: density sqrt(2 / pi) / sigma exp(-x^2 / (2 sigma^2)).</summary>
/// <param name="Count">How many numbers.</param>
/// <param name="LogLikelihood">The logarithm of their density under the distribution.</param>
/// <param name="Sigma">The root of the numbers' mean square.</param>
public sealed record HalfNormalFit(int Count, double LogLikelihood, double Sigma) : MagnitudeFit(Count, LogLikelihood)
{
    /// <inheritdoc/>
    public override int Parameters => 1;

    /// <summary>The fit to positive numbers.</summary>
    public static HalfNormalFit To(ReadOnlySpan<double> numbers)
    {
        var squares = 0.0;
        foreach (var x in numbers)
        {
            squares += x * x;
        }

        var (n, sigma) = (numbers.Length, Math.Sqrt(squares / numbers.Length));
        return new(n, n * ((0.5 * Math.Log(2 / Math.PI)) - Math.Log(sigma) - 0.5), sigma);
    }

    /// <inheritdoc/>
    public override double Density(double x) => x < 0 ? 0 : Math.Sqrt(2 / Math.PI) / Sigma * Math.Exp(-x * x / (2 * Sigma * Sigma));

    /// <inheritdoc/>
    public override double Cumulative(double x) => x < 0 ? 0 : NormalDistribution.Error(x / (Sigma * Math.Sqrt(2)));
}

/// <summary>The distribution of exp(z) where z is normal: density exp(-(ln x - mu)^2 / (2 s^2)) / (x s sqrt(2 pi)).</summary>
/// <param name="Count">How many numbers.</param>
/// <param name="LogLikelihood">The logarithm of their density under the distribution.</param>
/// <param name="Median">exp(mu), from the mean of the numbers' logarithms.</param>
/// <param name="Spread">s, the standard deviation of the numbers' logarithms.</param>
public sealed record LogNormalFit(int Count, double LogLikelihood, double Median, double Spread) : MagnitudeFit(Count, LogLikelihood)
{
    /// <inheritdoc/>
    public override int Parameters => 2;

    /// <summary>The fit to positive numbers that are not all the same.</summary>
    public static LogNormalFit To(ReadOnlySpan<double> numbers)
    {
        var (sum, squares, n) = (0.0, 0.0, numbers.Length);
        foreach (var x in numbers)
        {
            sum += Math.Log(x);
        }

        var mu = sum / n;
        foreach (var x in numbers)
        {
            squares += (Math.Log(x) - mu) * (Math.Log(x) - mu);
        }

        var spread = Math.Sqrt(squares / n);
        return new(n, -sum - (n * (Math.Log(spread) + (0.5 * Math.Log(2 * Math.PI)) + 0.5)), Math.Exp(mu), spread);
    }

    /// <inheritdoc/>
    public override double Density(double x)
    {
        if (x <= 0)
        {
            return 0;
        }

        var z = Math.Log(x / Median) / Spread;
        return Math.Exp(-z * z / 2) / (x * Spread * Math.Sqrt(2 * Math.PI));
    }

    /// <inheritdoc/>
    public override double Cumulative(double x) => x <= 0 ? 0 : NormalDistribution.Cumulative(Math.Log(x / Median) / Spread);
}
