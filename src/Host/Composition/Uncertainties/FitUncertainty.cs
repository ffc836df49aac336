using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting.Uncertainty;

namespace BrainModular.Host.Composition.Uncertainties;

/// <summary>How well a recording determines fitted parameters.</summary>
/// <param name="Type">The method that was asked for.</param>
/// <param name="Laplace">The curvature at the best parameters, from which the other methods begin.</param>
/// <param name="Profiles">The profiles of parameters; empty where none were asked for.</param>
/// <param name="Sample">Draws from the posterior; null where none were asked for.</param>
/// <param name="Bands">Where the potential of sweeps is expected: those held out, or else those fitted.</param>
/// <param name="Warnings">What keeps the figures from being trusted.</param>
internal sealed record FitUncertainty(
    string Type, LaplaceApproximation Laplace, IReadOnlyList<ParameterProfile> Profiles, PosteriorSample? Sample, IReadOnlyList<PredictiveBand> Bands, IReadOnlyList<Diagnostic> Warnings)
{
    /// <summary>The part of compared samples within the bands, over all sweeps; null where there are none.</summary>
    public double? Inside
    {
        get
        {
            var counted = Bands.Where(static b => b.Inside is not null).Select(static b => (b.Inside, Samples: b.Sweep.SubthresholdMask().Count(static m => m))).ToList();
            return counted.Count == 0 ? null : counted.Sum(static c => c.Inside!.Value * c.Samples) / counted.Sum(static c => c.Samples);
        }
    }
}

/// <summary>What chains drew of one parameter.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Mean">The mean, in engine units, as all of these.</param>
/// <param name="Deviation">The standard deviation.</param>
/// <param name="Lower">The 2.5 % quantile.</param>
/// <param name="Median">The median.</param>
/// <param name="Upper">The 97.5 % quantile.</param>
/// <param name="RHat">How far chains disagree: 1 where they do not.</param>
/// <param name="BulkSize">The effective number of draws.</param>
/// <param name="TailSize">That of the tails.</param>
internal sealed record SampledParameter(string Name, double Mean, double Deviation, double Lower, double Median, double Upper, double RHat, double BulkSize, double TailSize);

/// <summary>Draws from the posterior.</summary>
/// <param name="Parameters">The parameters.</param>
/// <param name="Draws">[draw][parameter], of all chains one after the other, in engine units.</param>
/// <param name="Chains">How many chains there were.</param>
/// <param name="Divergences">How many trajectories left the density.</param>
/// <param name="CutOff">How many were cut off at the greatest length.</param>
internal sealed record PosteriorSample(IReadOnlyList<SampledParameter> Parameters, IReadOnlyList<double[]> Draws, int Chains, int Divergences, int CutOff);
