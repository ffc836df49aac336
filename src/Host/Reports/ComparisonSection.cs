namespace BrainModular.Host.Reports;

/// <summary>Trainings of one experiment beside each other: their figures, their curves and their weights, each on the same axes.</summary>
internal static class ComparisonSection
{
    /// <param name="stages">The experiment's stages; fewer than two trainings give nothing to compare.</param>
    /// <param name="withPlots">Whether plots can be drawn.</param>
    public static Html Render(IReadOnlyList<ReportStage> stages, bool withPlots)
    {
        var trainings = stages.Where(static s => s.Training is not null).ToList();
        return Html.If(trainings.Count > 1, () => Html.Of($"""
            <section class="stage" aria-labelledby="comparison">
            <h2 id="comparison">Comparison of the trainings</h2>
            <div class="card">{StageSection.Plot("comparison-plot", "Loss and accuracy of all trainings over the trials trained on", withPlots)}
            <div class="scroll" tabindex="0"><table class="comparison">
            <thead><tr><th>Stage</th><th>Method</th><th>Accuracy on fresh trials</th><th>Loss on fresh trials</th><th>Trials trained on</th><th>Time</th><th>Memory</th></tr></thead>
            <tbody>{Html.Each(trainings, static t => Row(t.Name, t.Training!.Comparison))}</tbody></table></div>
            <p class="quiet">Memory is that of states, traces, weights and gradients.</p></div>
            {Weights(trainings, ComparedWeights.Of(stages), withPlots)}
            </section>
            """));
    }

    private static Html Row(string name, ReportComparison of) => Html.Of($"""
        <tr><th scope="row">{name}</th><td>{of.Method}</td><td class="number strong">{NumberText.Percent(of.Accuracy)}</td><td class="number">{NumberText.Number(of.Loss)}</td><td class="number">{of.Trials}</td><td class="number">{NumberText.Seconds(of.Seconds)}</td><td class="number">{NumberText.Bytes(of.Bytes)}</td></tr>
        """);

    private static Html Weights(IReadOnlyList<ReportStage> trainings, IReadOnlyList<ComparedWeights> compared, bool withPlots) => Html.If(compared.Count > 0, () => Html.Of($"""
        <div class="card"><div class="toolbar"><h3>Weights after each training</h3>
        {Html.If(withPlots, () => Html.Of($"""<ul class="legend">{Html.Each(trainings.Index(), static t => Html.Of($"""<li data-training="{t.Index}">{t.Item.Name}</li>"""))}<li class="before">before</li></ul>"""))}</div>
        {Html.If(withPlots, () => Html.Of($"""<div class="weight-plots">{Html.Each(compared.Take(TrainingSection.MostDrawn).Index(), static c => Html.Of($"""<div class="compared-plot" data-compared="{c.Index}" role="group" aria-label="Magnitudes of the weights of {c.Item.Projection} before and after each training"></div>"""))}</div>"""))}
        {Html.If(withPlots && compared.Count > TrainingSection.MostDrawn, () => Html.Of($"""<p class="quiet">{compared.Count - TrainingSection.MostDrawn} more projections are in the table.</p>"""))}
        <div class="scroll" tabindex="0"><table class="compared">
        <thead><tr><th>Projection</th>{Html.Each(trainings, static t => Html.Of($"<th>{t.Name}</th>"))}</tr></thead>
        <tbody>{Html.Each(compared, c => Html.Of($"""<tr><th scope="row">{c.Projection}{Html.If(c.Unit != "1", () => Html.Of($""" <span class="quiet">{NumberText.Unit(c.Unit)}</span>"""))}</th>{Html.Each(trainings, t => Cell(c.Find(t.Name)))}</tr>"""))}</tbody></table></div>
        <p class="quiet">Mean magnitude ± standard deviation after training, and which distribution the magnitudes fit better. Curves of one colour are of one training; dashed ones are the weights before it, grey where all began with the same.</p></div>
        """));

    private static Html Cell(ReportWeights? of) => of is null ? Html.Of($"<td>{NumberText.Number(null)}</td>") : Html.Of($"""
        <td class="number">{NumberText.Number(of.After.Mean)} ± {NumberText.Number(of.After.Deviation)}<br><span class="quiet">{ReportWeights.Name(of.After)}</span></td>
        """);
}
