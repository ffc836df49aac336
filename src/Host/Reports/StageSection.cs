using System.Globalization;

namespace BrainModular.Host.Reports;

/// <summary>One stage of the run: its figures, its training or trial, its sweeps, its parameters and its starts.</summary>
internal static class StageSection
{
    private const int MostStarts = 100;

    public static Html Render(int index, ReportStage stage, bool withPlots) => Html.Of($"""
        <section class="stage" id="stage-{index}" data-stage="{index}" aria-labelledby="stage-{index}-title">
        <h2 id="stage-{index}-title">{stage.Name}{Html.If(stage.Type != stage.Name, () => Html.Of($" <small>{stage.Type}</small>"))}</h2>
        {Headlines(stage.Headlines)}
        {Html.If(stage.Training is not null, () => TrainingSection.Render(stage.Training!, withPlots))}
        {Html.If(stage.Trial is not null, () => TrainingSection.Trial(stage.Trial!, "The network over time", "Its first trial.", withPlots))}
        {Html.If(stage.Sweeps.Count > 0, () => Sweeps(index, stage, withPlots))}
        {Html.If(stage.Spikes is not null, () => SpikeSection.Render(stage.Spikes!, withPlots))}
        <div class="columns">
        {Html.If(stage.Scores.Count > 0, () => Scores(stage.Scores))}
        {Html.If(stage.Parameters.Count > 0, () => Parameters(stage.Parameters))}
        </div>
        {Html.If(stage.Uncertainty is not null, () => UncertaintySection.Render(stage.Uncertainty!, withPlots))}
        {Html.If(stage.Starts.Count > 0, () => Starts(stage, withPlots))}
        </section>
        """);

    private static Html Headlines(IReadOnlyList<ReportHeadline> headlines) => Html.If(headlines.Count > 0, () => Html.Of($"""
        <dl class="headlines">{Html.Each(headlines, headline => Html.Of($"""
            <div class="card {Verdict(headline.Passed)}"><dt>{headline.Label}</dt><dd class="figure">{headline.Value}</dd>{Html.If(headline.Note is not null, () => Html.Of($"<dd>{headline.Note}</dd>"))}</div>
            """))}</dl>
        """));

    private static string Verdict(bool? passed) => passed switch { true => "good", false => "bad", null => "" };

    private static Html Sweeps(int index, ReportStage stage, bool withPlots)
    {
        var range = Sparkline.Range(stage.Sweeps);
        return Html.Of($"""
            <div class="card sweeps">
            <div class="toolbar">
            <h3>Sweeps</h3>
            <ul class="legend">{Html.If(stage.Sweeps.Any(sweep => !sweep.Recorded.IsEmpty), () => Html.Of($"""<li class="recorded">recorded</li>"""))}<li class="fitted">model</li></ul>
            {Html.If(withPlots, () => Chooser(stage.Sweeps))}
            </div>
            {Plot("sweep-plot", "The chosen sweep: recorded and modelled membrane potential, spikes and stimulus over time", withPlots)}
            {Html.If(withPlots, () => Thinning(stage.Sweeps.SelectMany(static s => new[] { s.RecordedSpikes.Count, s.FittedSpikes.Count })))}
            <div class="sparklines" role="group" aria-label="All sweeps, on one scale">{Html.Each(stage.Sweeps.Index(), sweep => Thumbnail(index, sweep.Index, sweep.Item, range, withPlots))}</div>
            </div>
            """);
    }

    private static Html Chooser(IReadOnlyList<ReportSweep> sweeps) => Html.Of($"""
        <div class="chooser">
        <button type="button" class="previous" aria-label="Previous sweep">‹</button>
        <label><span class="unseen">Sweep</span><select>{Html.Each(sweeps.Index(), sweep => Html.Of($"""<option value="{sweep.Index}">Sweep {sweep.Item.Number}{Html.If(sweep.Item.Part.Length > 0, () => Html.Of($" · {sweep.Item.Part}"))}</option>"""))}</select></label>
        <button type="button" class="next" aria-label="Next sweep">›</button>
        </div>
        """);

    private static Html Thumbnail(int stage, int index, ReportSweep sweep, (double, double) range, bool withPlots)
    {
        var content = Html.Of($"""
            {Sparkline.Draw(sweep, range)}<span class="caption"><b>{sweep.Number}</b> {Badge(sweep.Part)}<span>{Explained(sweep)}</span></span><span class="caption quiet"><span>{Peak(sweep)}</span><span>{Spikes(sweep)}</span></span>
            """);
        return withPlots
            ? Html.Of($"""<button type="button" id="stage-{stage}-sweep-{sweep.Number}" data-sweep="{index}" aria-pressed="false" aria-label="Sweep {sweep.Number}">{content}</button>""")
            : Html.Of($"""<div class="thumbnail">{content}</div>""");
    }

    public static Html Badge(string part) => Html.If(part.Length > 0, () => Html.Of($"""<span class="badge {part}">{part}</span>"""));

    private static string Explained(ReportSweep sweep) => sweep.ExplainedVariance is null ? "" : NumberText.Percent(sweep.ExplainedVariance);

    /// <summary>The stimulus's sample that is farthest from zero, which names a step current.</summary>
    private static string Peak(ReportSweep sweep)
    {
        var peak = 0.0;
        foreach (var sample in sweep.Stimulus.Span)
        {
            peak = Math.Abs(sample) > Math.Abs(peak) ? sample : peak;
        }

        return sweep.Stimulus.IsEmpty ? "" : $"{NumberText.Number(peak)} nA";
    }

    private static string Spikes(ReportSweep sweep)
    {
        var model = sweep.FittedSpikes.Count.ToString(CultureInfo.InvariantCulture);
        return sweep.Recorded.IsEmpty ? $"{model} spikes" : $"{model} / {sweep.RecordedSpikes.Count.ToString(CultureInfo.InvariantCulture)} spikes";
    }

    private static Html Scores(IReadOnlyList<ReportScore> scores) => Html.Of($"""
        <div class="card"><h3>Explained variance</h3>
        <div class="scroll" tabindex="0"><table class="scores">
        <thead><tr><th>Sweeps</th><th>Model</th><th>Passive membrane</th><th>Spikes</th><th>Recorded</th></tr></thead>
        <tbody>{Html.Each(scores, score => Html.Of($"""
            <tr><th scope="row">{Badge(score.Part)}</th><td class="number strong">{NumberText.Percent(score.ExplainedVariance)}{Bar(score.ExplainedVariance)}</td><td class="number">{NumberText.Percent(score.PassiveExplainedVariance)}{Bar(score.PassiveExplainedVariance)}</td><td class="number">{score.Spikes}</td><td class="number">{score.RecordedSpikes}</td></tr>
            """))}</tbody></table></div>
        <p class="quiet">Pooled over all samples but those from 5 ms before to 30 ms after each recorded spike.</p></div>
        """);

    private static Html Bar(double? fraction) => Html.If(fraction is { } number && double.IsFinite(number), () =>
        Html.Of($"""<span class="bar" style="--length:{NumberText.Plain(100 * Math.Clamp(fraction!.Value, 0, 1))}%"></span>"""));

    private static Html Parameters(IReadOnlyList<ReportParameter> parameters) => Html.Of($"""
        <div class="card"><h3>Parameters</h3>
        <div class="scroll" tabindex="0"><table class="parameters">
        <thead><tr><th>Name</th><th>Value</th><th>Unit</th><th>Lower</th><th>Between the bounds</th><th>Upper</th></tr></thead>
        <tbody>{Html.Each(parameters, parameter => Html.Of($"""
            <tr{Html.If(parameter.AtBound is not null, () => Html.Of($" class=\"bound\""))}><th scope="row">{parameter.Name}</th><td class="number strong">{NumberText.Number(parameter.Value)}</td><td>{NumberText.Unit(parameter.Unit)}</td><td class="number">{NumberText.Number(parameter.Lower)}</td><td>{Position(parameter)}</td><td class="number">{NumberText.Number(parameter.Upper)}</td></tr>
            """))}</tbody></table></div></div>
        """);

    private static Html Position(ReportParameter parameter)
    {
        var gauge = parameter.Position is not { } position ? Html.Empty : Html.Of($"""
            <span class="gauge" role="img" aria-label="{NumberText.Plain(100 * position)} % of the way from the lower to the upper bound" style="--at:{NumberText.Plain(100 * position)}%"></span>
            """);
        var mark = parameter.AtBound is not { } bound ? Html.Empty : Html.Of($"""<span class="badge bad">at its {bound} bound</span>""");
        return Html.Of($"{gauge}{mark}");
    }

    private static Html Starts(ReportStage stage, bool withPlots)
    {
        var starts = stage.Starts.OrderBy(start => start.Loss).ToList();
        var unit = stage.LossUnit.Length > 0 ? $" ({NumberText.Unit(stage.LossUnit)})" : "";
        return Html.Of($"""
            <div class="columns wide-left">
            <div class="card"><h3>Loss by iteration</h3>{Plot("loss-plot", "The loss of every start over its iterations, on a logarithmic axis", withPlots)}</div>
            <div class="card"><h3>Starts, best first</h3>
            <div class="scroll tall" tabindex="0"><table>
            <thead><tr><th>#</th><th>Loss{unit}</th><th>Evaluations</th>{Html.Each(stage.Parameters, parameter => Html.Of($"<th>{parameter.Name}</th>"))}</tr></thead>
            <tbody>{Html.Each(starts.Take(MostStarts).Index(), start => Html.Of($"""<tr><th scope="row">{start.Index + 1}</th><td class="number strong">{NumberText.Number(start.Item.Loss)}</td><td class="number">{start.Item.Evaluations}</td>{Html.Each(start.Item.Parameters, value => Html.Of($"""<td class="number">{NumberText.Number(value)}</td>"""))}</tr>"""))}</tbody>
            </table></div>
            {Html.If(starts.Count > MostStarts, () => Html.Of($"""<p class="quiet">{starts.Count - MostStarts} more in summary.json.</p>"""))}</div>
            </div>
            """);
    }

    /// <summary>Says that not all spikes are drawn; nothing where all are.</summary>
    /// <param name="counts">How many spikes each sweep has.</param>
    public static Html Thinning(IEnumerable<int> counts) => counts.DefaultIfEmpty().Max() is var largest && largest > Decimation.MostSpikes
        ? Html.Of($"""<p class="quiet">Of sweeps with more than {Decimation.MostSpikes} spikes (one has {largest}) {Decimation.MostSpikes} are drawn, spread over all of them.</p>""") : Html.Empty;

    public static Html Plot(string name, string label, bool withPlots) => withPlots
        ? Html.Of($"""<div class="{name}" role="group" aria-label="{label}"></div>""")
        : Html.Of($"""<p class="quiet">The interactive plot is left out: this program was built without npm's packages. Type "npm ci --ignore-scripts" in its folder and build it again.</p>""");
}
