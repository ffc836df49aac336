namespace BrainModular.Host.Reports;

/// <summary>Trainings of one experiment beside each other.</summary>
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
            <thead><tr><th>Stage</th><th>Accuracy on fresh trials</th><th>Loss on fresh trials</th><th>Trials trained on</th><th>Time</th></tr></thead>
            <tbody>{Html.Each(trainings, static t => Row(t.Name, t.Training!.Comparison))}</tbody></table></div></div>
            </section>
            """));
    }

    private static Html Row(string name, ReportComparison of) => Html.Of($"""
        <tr><th scope="row">{name}</th><td class="number strong">{NumberText.Percent(of.Accuracy)}</td><td class="number">{NumberText.Number(of.Loss)}</td><td class="number">{of.Trials}</td><td class="number">{NumberText.Seconds(of.Seconds)}</td></tr>
        """);
}
