using BrainModular.Engine.Statistics;

namespace BrainModular.Host.Reports;

/// <summary>The part of a stage that shows a training: figures, curves, a trial, weights.</summary>
internal static class TrainingSection
{
    /// <summary>How many projections' weights are drawn; all are in the table.</summary>
    public const int MostDrawn = 12;

    public static Html Render(ReportTraining training, bool withPlots) => Html.Of($"""
        <div class="columns">
        {Html.If(training.Curves.Trials.Count > 0, () => Curves(training, withPlots))}
        {Html.If(training.Figures.Count > 0, () => Figures(training.Figures))}
        </div>
        {Html.If(training.Trial is not null, () => Trial(training.Trial!, "A trial through the trained network", "A fresh one that neither training nor evaluation has seen.", withPlots))}
        {Html.If(training.Weights.Count > 0, () => Weights(training.Weights, withPlots))}
        """);

    private static Html Curves(ReportTraining training, bool withPlots) => Html.Of($"""
        <div class="card"><h3>Learning</h3>{StageSection.Plot("learning-plot", $"Loss and {training.AccuracyName} in training and validation, and the populations' rates in training, over the trials trained on", withPlots)}</div>
        """);

    private static Html Figures(IReadOnlyList<(string Name, string Value)> figures) => Html.Of($"""
        <div class="card"><h3>Results</h3>
        <table class="figures"><tbody>{Html.Each(figures, static figure => Html.Of($"""<tr><th scope="row">{figure.Name}</th><td class="number strong">{figure.Value}</td></tr>"""))}</tbody></table></div>
        """);

    /// <summary>A trial's plot.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="title">What it is.</param>
    /// <param name="lead">A sentence about it.</param>
    /// <param name="withPlots">Whether plots are drawn.</param>
    public static Html Trial(ReportTrial trial, string title, string lead, bool withPlots) => Html.Of($"""
        <div class="card"><h3>{title}</h3>
        <p class="quiet lead">{lead}{Html.If(trial.Answer.Length > 0, () => Html.Of($" {trial.Answer}"))}{Html.If(TrainingJson.StrideOf(trial) > 1, () => Html.Of($" In the raster one unit in {TrainingJson.StrideOf(trial)} is drawn; rates are those of all units."))}{Html.If(trial.Readout.Count > TrainingJson.MostChannels, () => Html.Of($" Of {trial.Readout.Count} readouts the first {TrainingJson.MostChannels} are drawn."))}</p>
        {StageSection.Plot("trial-plot", "Spikes of inputs and populations, their rates, membrane potentials or other variables and the readout over the time of the trial, with its periods shaded", withPlots)}</div>
        """);

    private static Html Weights(IReadOnlyList<ReportWeights> weights, bool withPlots)
    {
        var drawn = Math.Min(weights.Count, MostDrawn);
        return Html.Of($"""
            <div class="card"><h3>Weights before and after training</h3>
            {Html.If(withPlots, () => Html.Of($"""<div class="weight-plots">{Html.Each(weights.Take(drawn).Index(), static w => Html.Of($"""<div class="weight-plot" data-projection="{w.Index}" role="group" aria-label="Magnitudes of the weights of {w.Item.Projection} before and after training, with the distributions fitted to them"></div>"""))}</div>"""))}
            {Html.If(withPlots && weights.Count > drawn, () => Html.Of($"""<p class="quiet">{weights.Count - drawn} more projections are in the table.</p>"""))}
            <div class="scroll" tabindex="0"><table class="weights">
            <thead>
            <tr><th rowspan="2">Projection</th><th rowspan="2"></th><th rowspan="2">Weights</th><th rowspan="2">0</th><th rowspan="2">Mean |w|</th><th rowspan="2">Deviation</th><th colspan="3" scope="colgroup">Half-normal</th><th colspan="4" scope="colgroup">Log-normal</th><th rowspan="2">Fits better</th></tr>
            <tr><th>σ</th><th>AIC</th><th>KS</th><th>Median</th><th>s of ln |w|</th><th>AIC</th><th>KS</th></tr>
            </thead>
            <tbody>{Html.Each(weights, static w => Html.Of($"{Row(w, "before", w.Before)}{Html.If(w.IsTrained, () => Row(w, "after", w.After))}"))}</tbody></table></div>
            <p class="quiet">Both distributions are fitted to the magnitudes other than 0 by maximum likelihood. AIC is Akaike's information criterion, 2 k − 2 ln L with k parameters: the smaller, the better. KS is the Kolmogorov-Smirnov distance between weights and distribution; weights depart from one whose distance is beyond 1.358 / √n.</p></div>
            """);
    }

    private static Html Row(ReportWeights weights, string when, WeightStatistics of) => Html.Of($"""
        <tr>{Html.If(when == "before", () => Html.Of($"""<th scope="rowgroup"{Html.If(weights.IsTrained, static () => Html.Of($" rowspan=\"2\""))}>{weights.Projection}<br><span class="quiet">{Html.If(weights.Unit != "1", () => Html.Of($"{NumberText.Unit(weights.Unit)}, "))}{weights.Sign}</span></th>"""))}<td>{(weights.IsTrained ? when : "not trained")}</td><td class="number">{of.Count}</td><td class="number">{of.Zeros}</td><td class="number">{NumberText.Number(of.Mean)}</td><td class="number">{NumberText.Number(of.Deviation)}</td>
        <td class="number">{NumberText.Number(of.HalfNormal?.Sigma)}</td>{Quality(of.HalfNormal)}<td class="number">{NumberText.Number(of.LogNormal?.Median)}</td><td class="number">{NumberText.Number(of.LogNormal?.Spread)}</td>{Quality(of.LogNormal)}<td class="verdict">{ReportWeights.Verdict(of)}</td></tr>
        """);

    private static Html Quality(MagnitudeFit? fit) => Html.Of($"""
        <td class="number">{NumberText.Number(fit?.Akaike)}</td><td class="number">{NumberText.Number(fit?.Distance)}</td>
        """);
}
