using System.Globalization;

namespace BrainModular.Host.Reports;

/// <summary>The part of a stage that shows the spikes of a fit beside the recorded ones: figures, rasters, a table of sweeps.</summary>
internal static class SpikeSection
{
    public static Html Render(ReportSpikes spikes, bool withPlots) => Html.Of($"""
        <div class="card"><h3>Spikes</h3>
        <p class="lead">{Origin(spikes)}</p>
        <div class="scroll" tabindex="0"><table class="scores">
        <thead><tr><th>Sweeps</th><th>Γ</th><th>Γ of the cell with itself</th><th>Quotient</th><th>Md*</th><th>Spikes</th><th>Recorded</th><th>Victor-Purpura</th><th>Van Rossum</th></tr></thead>
        <tbody>{Html.Each(spikes.Parts, Part)}</tbody></table></div>
        <p class="quiet">{Reading(spikes)}</p>
        <h4>{RasterTitle(spikes)}</h4>
        {StageSection.Plot("spike-raster", "Recorded spikes and the model's, a row for each sweep, repeats of a stimulus under each other", withPlots)}
        {Html.If(Omitted(spikes) > 0, () => Html.Of($"""<p class="quiet">{Omitted(spikes)} more sweeps are in the table.</p>"""))}
        {Html.If(withPlots, () => StageSection.Thinning(spikes.Rasters.SelectMany(static r => r.Recorded.Concat(r.Model)).Select(static times => times.Length)))}
        <h4>Sweep by sweep</h4>
        {Sweeps(spikes)}
        {Html.If(spikes.Parts.Any(static p => p.Sweeps.Any(static s => s.Features.Count > 0)), () => Features(spikes))}
        </div>
        """);

    private static string Origin(ReportSpikes spikes) => (spikes.RecordedDuringFit
        ? "During the fit the recorded spikes were given to the model: they reset it in place of its own (\"spikes\": \"recording\"). The prediction that is shown was not given any: "
        : "The model had its own spikes during the fit (\"spikes\": \"model\"), and has them in the prediction that is shown: ")
        + "the model runs freely from a sweep's first sample on, with nothing but the stimulus and the potential that it begins at."
        + (spikes.Runs > 1 ? $" It fires at random: Γ and Md* are over {spikes.Runs.ToString(CultureInfo.InvariantCulture)} runs of each sweep, all else is of the first run." : "");

    private static Html Part(ReportSpikePart part) => Html.Of($"""
        <tr><th scope="row">{StageSection.Badge(part.Name)}</th><td class="number strong">{Score(part.Gamma)}{Html.If(part.Sweeps.Any(static s => s.IsGuarded), () => Html.Of($"""<br><span class="badge bad">{part.Sweeps.Count(static s => s.IsGuarded)} of {part.Sweeps.Count} set to 0</span>"""))}</td><td class="number">{Score(part.Reliability)}</td><td class="number">{Score(part.Gamma / part.Reliability)}</td><td class="number">{Score(part.Similarity)}</td><td class="number">{part.Sweeps.Sum(static s => s.Model.Count)}</td><td class="number">{part.Sweeps.Sum(static s => s.Recorded.Count)}</td><td class="number">{NumberText.Number(part.Sweeps.Average(static s => s.VictorPurpura))}</td><td class="number">{NumberText.Number(part.Sweeps.Average(static s => s.VanRossum))}</td></tr>
        """);

    private static string Reading(ReportSpikes spikes) =>
        $"Γ is the coincidence factor within {NumberText.Number(spikes.Precision)} ms, the mean over sweeps: 1 where all spikes coincide, 0 by chance. It is set to 0 where the number of spikes is off by more than 30 %, "
        + "or so high that chance coincidences would make any score. Md* tells how alike random trains and repeats are. Both distances are means over sweeps, with the same time scale; a spike too many adds 1 to that of Victor and Purpura, ½ to that of van Rossum.";

    private static string RasterTitle(ReportSpikes spikes) =>
        spikes.RasterPart == "test" ? "Spikes of the sweeps held out" : "Spikes of the fitted sweeps; none are held out";

    private static int Omitted(ReportSpikes spikes) => spikes.Rasters.Sum(static r => r.Sweeps.Count) - SpikeJson.Drawn(spikes).Sum(static r => Math.Min(r.Sweeps.Count, SpikeJson.MostRows / 2));

    private static Html Sweeps(ReportSpikes spikes) => Html.Of($"""
        <div class="scroll tall" tabindex="0"><table>
        <thead>
        <tr><th rowspan="2">Sweep</th><th rowspan="2"></th><th rowspan="2">Γ</th><th rowspan="2">Victor-Purpura</th><th rowspan="2">Van Rossum</th><th colspan="2" scope="colgroup">Spikes</th><th colspan="2" scope="colgroup">Rate (Hz)</th><th colspan="2" scope="colgroup">First-spike latency (ms)</th><th colspan="2" scope="colgroup">CV of intervals</th></tr>
        <tr>{Html.Each(Enumerable.Range(0, 4), static _ => Html.Of($"<th>Model</th><th>Recorded</th>"))}</tr>
        </thead>
        <tbody>{Html.Each(spikes.Parts.SelectMany(static p => p.Sweeps.Select(s => (p.Name, Sweep: s))), static s => Row(s.Name, s.Sweep))}</tbody></table></div>
        """);

    private static Html Row(string part, ReportSpikeSweep sweep) => Html.Of($"""
        <tr><th scope="row">{sweep.Number}</th><td>{StageSection.Badge(part)}</td><td class="number strong">{Score(sweep.Gamma)}{Html.If(sweep.IsGuarded, static () => Html.Of($" <span class=\"badge bad\">number of spikes</span>"))}</td><td class="number">{NumberText.Number(sweep.VictorPurpura)}</td><td class="number">{NumberText.Number(sweep.VanRossum)}</td>
        {Pair(sweep.Model.Count, sweep.Recorded.Count)}{Pair(sweep.Model.Rate, sweep.Recorded.Rate)}{Pair(sweep.Model.Latency, sweep.Recorded.Latency)}{Pair(sweep.Model.IntervalVariation, sweep.Recorded.IntervalVariation)}</tr>
        """);

    private static Html Features(ReportSpikes spikes)
    {
        var sweeps = spikes.Parts.SelectMany(static p => p.Sweeps.Select(s => (p.Name, Sweep: s))).ToList();
        return Html.Of($"""
            <h4>Features</h4>
            <div class="scroll tall" tabindex="0"><table>
            <thead>
            <tr><th rowspan="2">Sweep</th><th rowspan="2"></th>{Html.Each(sweeps[0].Sweep.Features, static f => Html.Of($"""<th colspan="2" scope="colgroup">{f.Name}{Html.If(f.Unit != "1", () => Html.Of($" ({f.Unit})"))}</th>"""))}</tr>
            <tr>{Html.Each(sweeps[0].Sweep.Features, static _ => Html.Of($"<th>Model</th><th>Recorded</th>"))}</tr>
            </thead>
            <tbody>{Html.Each(sweeps, static s => Html.Of($"""<tr><th scope="row">{s.Sweep.Number}</th><td>{StageSection.Badge(s.Name)}</td>{Html.Each(s.Sweep.Features, static f => Pair(f.Model, f.Recorded))}</tr>"""))}</tbody></table></div>
            <p class="quiet">Means over spikes above −20 mV, as eFEL defines them. A model that is reset in place of firing has no shape of spikes.</p>
            """);
    }

    private static Html Pair(double? model, double? recorded) => Html.Of($"""<td class="number">{NumberText.Number(model)}</td><td class="number">{NumberText.Number(recorded)}</td>""");

    private static string Score(double? score) => NumberText.Fixed(score ?? double.NaN);
}
