namespace BrainModular.Engine.Fitting.Uncertainty;

/// <summary>What makes a negative log-likelihood, in nats and but for a constant, of a fit's loss.</summary>
/// <param name="BestLoss">The loss of the best parameters, in engine units.</param>
public abstract record Likelihood(double BestLoss)
{
    /// <summary>The negative log-likelihood at a loss, less that of the best parameters.</summary>
    public abstract double Of(double loss);

    /// <summary>Its derivative by the loss.</summary>
    public abstract double Slope(double loss);

    /// <summary>What the Hessian of the loss at the best parameters is multiplied by to give the observed information.</summary>
    /// <param name="parameters">How many parameters were fitted.</param>
    public abstract double Information(int parameters);
}

/// <summary>
/// The likelihood that the loss itself is, in nats per unit of time.
/// </summary>
/// <param name="BestLoss">The loss of the best parameters, in nats per ms.</param>
/// <param name="Duration">The weighted time that it is a mean over, in ms.</param>
public sealed record LossLikelihood(double BestLoss, double Duration) : Likelihood(BestLoss)
{
    public override double Of(double loss) => Duration * (loss - BestLoss);

    public override double Slope(double loss) => Duration;

    public override double Information(int parameters) => Duration;
}

/// <summary>
/// A mean squared difference of potentials under Gaussian noise of unknown size. Residuals of recordings are correlated in time: n samples with the integrated
/// autocorrelation time tau count as n / tau independent ones. With the noise's size at its best for each set of parameters, the negative log-likelihood is
/// (n / tau) / 2 ln(loss). That is right where noise forgets faster than the potential's sensitivities to parameters change.
/// </summary>
/// <param name="BestLoss">The mean squared residual of the best parameters, in mV^2.</param>
/// <param name="Samples">The sum of the samples' weights, n.</param>
/// <param name="CorrelationTime">tau, in samples.</param>
public sealed record GaussianLikelihood(double BestLoss, double Samples, double CorrelationTime) : Likelihood(BestLoss)
{
    /// <summary>The effective number of independent samples, n / tau.</summary>
    public double EffectiveSamples => Samples / CorrelationTime;

    /// <summary>The noise's standard deviation in mV, with as many degrees of freedom as independent samples exceed parameters; at least one.</summary>
    public double Deviation(int parameters) => Math.Sqrt(BestLoss * EffectiveSamples / Math.Max(1, EffectiveSamples - parameters));

    public override double Of(double loss) => EffectiveSamples / 2 * Math.Log(loss / BestLoss);

    public override double Slope(double loss) => EffectiveSamples / (2 * loss);

    public override double Information(int parameters) => Math.Max(1, EffectiveSamples - parameters) / (2 * BestLoss);
}
