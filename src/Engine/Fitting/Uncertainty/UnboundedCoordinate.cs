namespace BrainModular.Engine.Fitting.Uncertainty;

/// <summary>
/// A coordinate u between 0 and 1 (<see cref="FreeParameter"/>) without bounds: z = ln(u / (1 - u)). What is uniform in u has in z the density of the standard logistic
/// distribution, u (1 - u).
/// </summary>
public static class UnboundedCoordinate
{
    /// <summary>The variance of what is uniform between the bounds: pi^2 / 3.</summary>
    public const double VarianceOfBounds = Math.PI * Math.PI / 3;

    /// <summary>Nearer to 0 or 1 than this a coordinate is at its bound.</summary>
    private const double AtBound = 1e-6;

    /// <summary>z of u, for a coordinate at its bound that of one a little inside.</summary>
    public static double Of(double u)
    {
        var inside = Math.Clamp(u, AtBound, 1 - AtBound);
        return Math.Log(inside / (1 - inside));
    }

    /// <summary>u of z.</summary>
    public static double Bounded(double z) => 1 / (1 + Math.Exp(-z));

    /// <summary>du/dz.</summary>
    public static double Slope(double z) => Bounded(z) * Bounded(-z);

    /// <summary>Whether a coordinate is at a bound, where z has no end.</summary>
    public static bool IsAtBound(double u) => u <= AtBound || u >= 1 - AtBound;
}
