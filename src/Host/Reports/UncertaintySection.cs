using System.Globalization;

namespace BrainModular.Host.Reports;

/// <summary>The part of a fit that shows how well the recording determines the parameters.</summary>
internal static class UncertaintySection
{
    public static Html Render(ReportUncertainty uncertainty) => Html.Of($"""
        <div class="columns">
        <div class="card"><h3>Uncertainty</h3>
        <p class="quiet lead">{uncertainty.Lead}</p>
        <div class="scroll" tabindex="0"><table class="estimates">
        <thead><tr><th>Name</th><th>Value</th><th>Standard error</th><th>95 % interval</th><th>Unit</th></tr></thead>
        <tbody>{Html.Each(uncertainty.Estimates, static e => Html.Of($"""
            <tr><th scope="row">{e.Name}</th><td class="number strong">{NumberText.Number(e.Value)}</td><td class="number">{Error(e)}</td><td class="number">{Interval(e.Lower, e.Upper)}</td><td>{NumberText.Unit(e.Unit)}</td></tr>
            """))}</tbody></table></div>
        <p class="quiet">From the curvature of the likelihood at the best parameters. Its eigenvalues are {string.Join(", ", uncertainty.Eigenvalues.Select(static e => NumberText.Number(e)))}, in nats per squared logit of the place between the bounds; one much smaller than the others is a combination of parameters that the recording hardly determines.</p></div>
        {Html.If(uncertainty.Correlated.Count > 1, () => Correlation(uncertainty))}
        </div>
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
