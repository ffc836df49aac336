using BrainModular.Engine.Fitting.Uncertainty;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Reports;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Uncertainties;

/// <summary>What a page shows of a fit's uncertainty.</summary>
internal static class UncertaintyReport
{
    public static ReportUncertainty Of(ModelDefinition model, FitUncertainty uncertainty)
    {
        var laplace = uncertainty.Laplace;
        return new(Lead(laplace), [.. laplace.Estimates.Select(e => Estimate(model, e))])
        {
            Correlated = [.. laplace.Parameters.Select(static p => p.Name)],
            Correlation = laplace.Correlation,
            Eigenvalues = laplace.Eigenvalues,
            Profiles = [.. uncertainty.Profiles.Select(p => Profile(model.FindParameter(p.Free.Name)!.Unit, p))],
            Threshold = ProfileLikelihood.Threshold,
            Sampled = [.. uncertainty.Sample?.Parameters.Select(p => Sampled(model.FindParameter(p.Name)!.Unit, p)) ?? []],
            SampleLead = uncertainty.Sample is { } sample ? $"{sample.Draws.Count} draws of {sample.Chains} chains by the No-U-Turn sampler, {sample.Divergences} of whose trajectories diverged." : "",
            Inside = uncertainty.Inside,
        };
    }

    private static string Lead(LaplaceApproximation laplace) => laplace.Likelihood is GaussianLikelihood noise
        ? $"The residuals have a standard deviation of {NumberText.Number(noise.Deviation(laplace.Parameters.Count))} mV and an autocorrelation time of {NumberText.Number(noise.CorrelationTime)} samples: {NumberText.Number(noise.Samples)} samples count as {NumberText.Number(noise.EffectiveSamples)} independent ones."
        : "The loss is a log-likelihood: the recorded spikes alone say how wide the intervals are.";

    private static ReportEstimate Estimate(ModelDefinition model, ParameterEstimate e)
    {
        var unit = model.FindParameter(e.Free.Name)!.Unit;
        double? Shown(double? value) => value is { } v ? unit.Export(v) : null;
        return new(e.Free.Name, unit.Export(e.Value), e.StandardError is { } error ? UncertaintySummary.Scaled(unit, error) : null, Shown(e.Lower), Shown(e.Upper), unit.Symbol);
    }

    private static ReportProfile Profile(Unit unit, ParameterProfile p) => new(
        p.Free.Name, unit.Symbol, [.. p.Points.Select(x => unit.Export(x.Value))], [.. p.Points.Select(static x => x.Nats)],
        p.Lower is { } lower ? unit.Export(lower) : null, p.Upper is { } upper ? unit.Export(upper) : null);

    private static ReportSampled Sampled(Unit unit, SampledParameter p) => new(
        p.Name, unit.Symbol, unit.Export(p.Mean), UncertaintySummary.Scaled(unit, p.Deviation), unit.Export(p.Lower), unit.Export(p.Upper), p.RHat, p.BulkSize, p.TailSize);
}
