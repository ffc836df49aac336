using System.Globalization;
using BrainModular.Host.Composition.Recordings;
using BrainModular.Host.Configuration;

namespace BrainModular.Host.Reports;

/// <summary>The page of a run of many recordings: what failed, a table for each fit, and the way to each recording's own report. Nothing on it needs a script.</summary>
internal static class RecordingsPage
{
    public static Html Render(ExperimentConfig config, IReadOnlyList<RecordingRow> rows, string status, string command, DateTimeOffset started)
    {
        var failed = rows.Where(static r => r.Status == "failed").ToList();
        var waiting = rows.Count(static r => r.Status is "waiting" or "cancelled");
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{config.Name} · BrainModular</title>
            <style>{new Html(PageResource.Style)}</style>
            </head>
            <body>
            <header class="top"><div class="inside">
            <h1>{config.Name} <span class="status {(status == "completed" ? "good" : "bad")}">{status}</span></h1>
            {Html.If(config.Description.Length > 0, () => Html.Of($"""<p class="description">{config.Description}</p>"""))}
            <dl class="facts">
            {Fact("Recordings", Counted(rows.Count, failed.Count, waiting))}
            {Fact("Configuration", config.File)}
            {Fact("Started", started.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture))}
            {Fact("Fits took", NumberText.Seconds(rows.Sum(static r => r.Seconds)))}
            {Fact("Seed", config.Seed.ToString(CultureInfo.InvariantCulture))}
            {Fact("Version", Product.Version)}
            </dl>
            </div></header>
            <main>
            {Html.If(failed.Count > 0, () => Html.Of($"""
                <section class="card warnings" aria-labelledby="failed"><h2 id="failed">Failed</h2><ul>{Html.Each(failed, static r => Html.Of($"""<li><b>{r.Recording.Name}</b>: {string.Join("; ", r.Faults.Select(static f => $"{f.Id}: {f.Problem}"))}</li>"""))}</ul></section>
                """))}
            {Html.Each(RecordingsTable.Stages(rows), stage => Stage(rows, stage))}
            <section class="card" aria-labelledby="provenance"><h2 id="provenance">Provenance</h2>
            <h3>Command</h3><pre>{command}</pre>
            <h3>Files</h3>
            <div class="scroll" tabindex="0"><table><thead><tr><th>Recording</th><th>Status</th><th>File</th></tr></thead><tbody>
            {Html.Each(rows, static r => Html.Of($"""<tr><th scope="row">{r.Recording.Name}</th><td>{r.Status}</td><td class="path">{r.Recording.File}</td></tr>"""))}
            </tbody></table></div></section>
            </main>
            <footer>Written by BrainModular {Product.Version}. This page loads nothing; its links lead to the recordings' own reports beside it.</footer>
            </body>
            </html>

            """);
    }

    private static Html Stage(IReadOnlyList<RecordingRow> rows, string stage)
    {
        var parameters = RecordingsTable.Parameters(rows, stage);
        return Html.Of($"""
            <h2>{stage}</h2>
            <div class="card">{Table(rows, RecordingsTable.Figures(rows, stage))}
            <p class="quiet">Spikes, Gamma and what follows are those of the sweeps held out, where there are any. The same figures, with all parameters, are in recordings.csv.</p></div>
            {Html.If(parameters.Count > 0, () => Html.Of($"""<div class="card"><h3>Fitted parameters</h3>{Table(rows, parameters)}</div>"""))}
            """);
    }

    private static Html Table(IReadOnlyList<RecordingRow> rows, IReadOnlyList<string[]> table) => Html.Of($"""
        <div class="scroll" tabindex="0"><table>
        <thead><tr>{Html.Each(table[0], static cell => Html.Of($"<th>{cell}</th>"))}</tr></thead>
        <tbody>{Html.Each(table.Skip(1), row => Html.Of($"""<tr><th scope="row">{Link(rows, row[0])}</th>{Html.Each(row.Skip(1), static cell => Html.Of($"""<td class="number">{cell}</td>"""))}</tr>"""))}</tbody></table></div>
        """);

    private static Html Link(IReadOnlyList<RecordingRow> rows, string name) => rows.FirstOrDefault(r => r.Recording.Name == name) is { } row
        ? Html.Of($"""<a href="{RecordingRow.Folder}/{Uri.EscapeDataString(row.Recording.Name)}/report.html">{name}</a>""")
        : Html.Of($"{name}");

    private static Html Fact(string term, string fact) => Html.Of($"<div><dt>{term}</dt><dd>{fact}</dd></div>");

    private static string Counted(int all, int failed, int waiting) => string.Join(
        ", ", new[] { $"{all}", failed > 0 ? $"{failed} failed" : "", waiting > 0 ? $"{waiting} to be done" : "" }.Where(static t => t.Length > 0));
}
