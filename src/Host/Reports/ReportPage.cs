using System.Globalization;

namespace BrainModular.Host.Reports;

/// <summary>The page as a whole: head, a section for each stage, warnings, where everything came from.</summary>
internal static class ReportPage
{
    /// <param name="data">What to show.</param>
    /// <param name="plotLibrary">The source of plotly.js; null leaves the interactive plots out and says so.</param>
    public static Html Render(ReportData data, string? plotLibrary) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
        <title>{data.Title} · BrainModular</title>
        <style>{new Html(PageResource.Style)}</style>
        </head>
        <body>
        <a class="skip" href="#content">Skip to the results</a>
        {Header(data)}
        <main id="content">
        <p id="fault" class="fault" role="alert" hidden></p>
        {Warnings(data.Warnings)}
        {Html.Each(data.Stages.Index(), stage => StageSection.Render(stage.Index, stage.Item, withPlots: plotLibrary is not null))}
        {ComparisonSection.Render(data.Stages, withPlots: plotLibrary is not null)}
        {Provenance(data)}
        </main>
        <footer>Written by BrainModular {data.Version}. This page is complete in itself: nothing is loaded from anywhere.</footer>
        {Scripts(data, plotLibrary)}
        </body>
        </html>

        """);

    private static Html Header(ReportData data) => Html.Of($"""
        <header class="top">
        <div class="inside">
        <h1>{data.Title} <span class="status {(data.Status == "completed" ? "good" : "bad")}">{data.Status}</span></h1>
        {Html.If(data.Description is not null, () => Html.Of($"""<p class="description">{data.Description}</p>"""))}
        <dl class="facts">
        {Fact("Configuration", data.Configuration)}
        {Fact("Started", data.Started.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture))}
        {Fact("Took", NumberText.Seconds(data.Seconds))}
        {Fact("Seed", data.Seed.ToString(CultureInfo.InvariantCulture))}
        {Fact("Version", data.Version)}
        </dl>
        <nav aria-label="Stages">{Html.Each(data.Stages.Index(), stage => Html.Of($"""<a href="#stage-{stage.Index}">{stage.Item.Name}</a>"""))}{Html.If(data.Stages.Count(static s => s.Training is not null) > 1, static () => Html.Of($"<a href=\"#comparison\">Comparison</a>"))}<a href="#provenance">Provenance</a></nav>
        </div>
        </header>
        """);

    private static Html Fact(string term, string fact) => Html.Of($"<div><dt>{term}</dt><dd>{fact}</dd></div>");

    private static Html Warnings(IReadOnlyList<string> warnings) => Html.If(warnings.Count > 0, () => Html.Of($"""
        <section class="card warnings" aria-labelledby="warnings"><h2 id="warnings">Warnings</h2><ul>{Html.Each(warnings, warning => Html.Of($"<li>{warning}</li>"))}</ul></section>
        """));

    private static Html Provenance(ReportData data) => Html.Of($"""
        <section class="card" aria-labelledby="provenance">
        <h2 id="provenance">Provenance</h2>
        <h3>Command</h3>
        <pre>{data.Command}</pre>
        {Html.If(data.Plugins.Count > 0, () => Html.Of($"""
            <h3>Plugins</h3>
            <div class="scroll" tabindex="0"><table><thead><tr><th>Name</th><th>Version</th><th>File</th><th>SHA-256</th></tr></thead><tbody>
            {Html.Each(data.Plugins, plugin => Html.Of($"""<tr><th scope="row">{plugin.Name}</th><td>{plugin.Version}</td><td class="path">{plugin.Path}</td><td class="hash">{plugin.Sha256}</td></tr>"""))}
            </tbody></table></div>
            """))}
        {Html.If(data.Files.Count > 0, () => Html.Of($"""
            <h3>Files</h3>
            <div class="scroll" tabindex="0"><table><thead><tr><th>Role</th><th>File</th><th>SHA-256</th></tr></thead><tbody>
            {Html.Each(data.Files, file => Html.Of($"""<tr><th scope="row">{file.Role}</th><td class="path">{file.Path}</td><td class="hash">{file.Sha256}</td></tr>"""))}
            </tbody></table></div>
            """))}
        </section>
        """);

    private static Html Scripts(ReportData data, string? plotLibrary) => Html.If(plotLibrary is not null, () => Html.Of($"""
        <script type="application/json" id="data">{PlotJson.Write(data.Stages)}</script>
        <script type="application/json" id="compared">{PlotJson.Compared(data.Stages)}</script>
        <script>{new Html(plotLibrary!)}</script>
        <script>{new Html(PageResource.Script)}</script>
        """));
}
