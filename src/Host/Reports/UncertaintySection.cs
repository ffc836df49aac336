using System.Globalization;

namespace BrainModular.Host.Reports;

/// <summary>The part of a fit that shows how well the recording determines the parameters.</summary>
internal static class UncertaintySection
{
    public static Html Render(ReportUncertainty uncertainty, bool withPlots) => Html.Of($"""
        <div class="columns">
        <div class="card"><h3>Uncertainty</h3>
        <p class="quiet lead">{uncertainty.Lead}</p>
        <div class="scroll" tabindex="0"><table class="estimates">
        <thead><tr><th>Name</th><th>Value</th><th>Standard error</th><th>95 % interval</th><th>Unit</th></tr></thead>
        <tbody>{Html.Each(uncertainty.Estimates, static e => Html.Of($"""
            <tr><th scope="row">{e.Name}</th><td class="number strong">{NumberText.Number(e.Value)}</td><td class="number">{Error(e)}</td><td class="number">{Interval(e.Lower, e.Upper)}</td><td>{NumberText.Unit(e.Unit)}</td></tr>
            """))}</tbody></table></div>
        <p class="quiet">From the curvature of the likelihood at the best parameters. Its eigenvalues are {string.Join(", ", uncertainty.Eigenvalues.Select(static e => NumberText.Number(e)))}, in nats per squared logit of the place between the bounds; one much smaller than the others is a combination of parameters that the recording hardly determines.{Html.If(uncertainty.Inside is not null, () => Html.Of($" Of the samples away from spikes {NumberText.Percent(uncertainty.Inside)} lie within the shaded 95 % bands of the sweeps' plot."))}</p></div>
        {Html.If(uncertainty.Correlated.Count > 1, () => Correlation(uncertainty))}
        {Html.If(uncertainty.Profiles.Count > 0, () => Profiles(uncertainty.Profiles))}
        {Html.If(uncertainty.Sampled.Count > 0, () => Sampled(uncertainty))}
        </div>
        {Html.If(uncertainty.Profiles.Count > 0 && withPlots, () => Html.Of($"""<div class="card"><h3>Profile likelihood</h3><div class="weight-plots">{Html.Each(uncertainty.Profiles.Index(), static p => Html.Of($"""<div class="profile-plot" data-profile="{p.Index}" role="group" aria-label="The fall of the likelihood over {p.Item.Name}, all others fitted anew"></div>"""))}</div></div>"""))}
        """);

    private static Html Profiles(IReadOnlyList<ReportProfile> profiles) => Html.Of($"""
        <div class="card"><h3>Intervals of profile likelihood</h3>
        <div class="scroll" tabindex="0"><table class="profiles">
        <thead><tr><th>Name</th><th>From</th><th>To</th><th>Unit</th></tr></thead>
        <tbody>{Html.Each(profiles, static p => Html.Of($"""
            <tr><th scope="row">{p.Name}</th><td class="number">{End(p.Lower)}</td><td class="number">{End(p.Upper)}</td><td>{NumberText.Unit(p.Unit)}</td></tr>
            """))}</tbody></table></div>
        <p class="quiet">95 %: where the likelihood, with all others fitted anew, stays within 1.92 nats of its best.</p></div>
        """);

    private static Html End(double? end) => end is { } value ? Html.Of($"{NumberText.Number(value)}") : Html.Of($"""<span class="badge bad">not limited</span>""");

    private static Html Sampled(ReportUncertainty uncertainty) => Html.Of($"""
        <div class="card"><h3>Posterior</h3>
        <p class="quiet lead">{uncertainty.SampleLead}</p>
        <div class="scroll" tabindex="0"><table class="sampled">
        <thead><tr><th>Name</th><th>Mean</th><th>Deviation</th><th>95 % interval</th><th>Unit</th><th>R-hat</th><th>Draws: bulk</th><th>tail</th></tr></thead>
        <tbody>{Html.Each(uncertainty.Sampled, static p => Html.Of($"""
            <tr><th scope="row">{p.Name}</th><td class="number strong">{NumberText.Number(p.Mean)}</td><td class="number">{NumberText.Number(p.Deviation)}</td><td class="number">{Interval(p.Lower, p.Upper)}</td><td>{NumberText.Unit(p.Unit)}</td><td class="number">{NumberText.Fixed(p.RHat)}</td><td class="number">{(long)p.BulkSize}</td><td class="number">{(long)p.TailSize}</td></tr>
            """))}</tbody></table></div>
        <p class="quiet">Under a prior that is uniform between the bounds, of the logarithm where a parameter's scale is logarithmic. R-hat compares chains: 1 where they agree. The effective numbers of draws are those of the middle and of the tails.</p></div>
        """);

    private static Html Error(ReportEstimate estimate) =>
        estimate.StandardError is { } error ? Html.Of($"{NumberText.Number(error)}") : Html.Of($"""<span class="badge bad">at its bound</span>""");

    private static string Interval(double? lower, double? upper) => lower is null ? NumberText.Number(null) : $"{NumberText.Number(lower)} to {NumberText.Number(upper)}";

    private static Html Correlation(ReportUncertainty uncertainty) => Html.Of($"""
        <div class="card"><h3>Correlation of parameters</h3>
        <div class="scroll" tabindex="0"><table class="correlation">
        <thead><tr><th></th>{Html.Each(uncertainty.Correlated, static name => Html.Of($"<th>{name}</th>"))}</tr></thead>
        <tbody>{Html.Each(uncertainty.Correlated.Zip(uncertainty.Correlation), static row => Html.Of($"""
            <tr><th scope="row">{row.First}</th>{Html.Each(row.Second, static r => Html.Of($"""<td class="number {(r < 0 ? "minus" : "plus")}" style="--size:{Shade(r)}">{Text(r)}</td>"""))}</tr>
            """))}</tbody></table></div>
        <p class="quiet">In unbounded coordinates. Near 1 or −1, only a combination of the two is determined.</p></div>
        """);

    private static string Shade(double correlation) => NumberText.Plain(double.IsNaN(correlation) ? 0 : 0.75 * Math.Abs(correlation));

    private static string Text(double correlation) => correlation.ToString("0.00", CultureInfo.InvariantCulture).Replace("-", "\u2212", StringComparison.Ordinal);
}
