using BrainModular.Engine.Features;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Spikes;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Composition;

/// <summary>What a report shows of the spikes that a fit predicts.</summary>
internal static class SpikeReport
{
    /// <returns>Null where neither the recording nor the model has a spike.</returns>
    public static ReportSpikes? Of(FitOutcome fit)
    {
        List<(string Name, Assessment Of)> parts = [("train", fit.Train)];
        if (fit.Test is { } test)
        {
            parts.Add(("test", test));
        }

        var plan = fit.Fit.Plan;
        var shown = parts[^1];
        return parts.Any(static p => p.Of.Sweeps.Any(static s => s.Sweep.ComparedSpikes.Length > 0 || s.ComparedRealizations.Any(static r => r.Length > 0)))
            ? new(plan.RecordedSpikes, plan.SpikePrecision, parts.Max(static p => p.Of.Sweeps.Max(static s => s.Realizations.Count)))
            {
                Parts = [.. parts.Select(p => Part(p.Name, p.Of, plan.SpikePrecision, FeatureSummary.Fitted(plan)))],
                RasterPart = shown.Name,
                Rasters = [.. Stimuli.Group(shown.Of.Sweeps, static s => s.Sweep).Select(Raster)],
            }
            : null;
    }

    private static ReportSpikePart Part(string name, Assessment of, double precision, IReadOnlyList<string> fitted) =>
        new(name, of.Scores.Gamma, of.Scores.Reliability, of.Scores.Similarity)
        {
            Sweeps = [.. of.Sweeps.Select(s => (Number: s.Sweep.Number, Of: SpikeComparison.Of(s, precision), Features: FeaturesOf(s.Features, fitted))).Select(static s => new ReportSpikeSweep(
                s.Number, Train(s.Of.Recorded), Train(s.Of.Model), s.Of.Gamma, s.Of.IsGuarded, s.Of.VictorPurpura, s.Of.VanRossum) { Features = s.Features })],
        };

    private static IReadOnlyList<ReportFeature> FeaturesOf((FeatureSet Recorded, FeatureSet Model) of, IReadOnlyList<string> fitted) =>
        [.. SweepFeatures.Reported.Union(fitted).Select(name => new ReportFeature(name, FeatureCatalog.Find(name)!.Unit, of.Model.Mean(name), of.Recorded.Mean(name)))];

    private static ReportSpikeTrain Train(SpikeStatistics of) => new(of.Count, of.Rate, of.IntervalVariation, of.Latency);

    private static ReportSpikeRaster Raster(IReadOnlyList<SweepAssessment> repeats) => new(
        [.. repeats.Select(static s => s.Sweep.Number)],
        repeats[0].Sweep.First * repeats[0].Sweep.TimeStep,
        repeats[0].Sweep.Steps * repeats[0].Sweep.TimeStep,
        [.. repeats.Select(static s => Times(s.Sweep.ComparedSpikes, s))],
        [.. repeats.Select(static s => Times(s.ComparedSpikes, s))]);

    private static double[] Times(int[] spikes, SweepAssessment of) => [.. spikes.Select(s => s * of.Sweep.TimeStep)];
}
