using BrainModular.Host.Commands;
using BrainModular.Host.Composition;

namespace BrainModular.Host.Reports;

/// <summary>The page of a comparison of fitters: curves and a table. Nothing on it needs a script.</summary>
internal static class FitterPage
{
    public static Html Render(FitterComparison compared)
    {
        var rows = FitterTable.Rows(compared);
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>Fitters of {compared.Stage} · BrainModular</title>
            <style>{new Html(PageResource.Style)}</style>
            </head>
            <body>
            <header class="top"><div class="inside"><h1>Fitters of {compared.Stage}</h1><p class="description">{FitterTable.Heading(compared)}</p></div></header>
            <main>
            <h2>Convergence</h2>
            <div class="card">{ConvergencePlot.Draw(compared, static p => p.Steps, "simulated steps")}{Legend(compared)}
            <p class="quiet">Lines are medians over the seeds, bands their range, from where every seed has a loss.</p></div>
            <h2>Convergence over time</h2>
            <div class="card">{ConvergencePlot.Draw(compared, static p => p.Seconds, "seconds")}{Legend(compared)}
            <p class="quiet">Compiling the model, which is done once for all, is left out.</p></div>
            <h2>Figures</h2>
            <div class="card"><div class="scroll" tabindex="0"><table>
            <thead><tr>{Html.Each(rows[0], static cell => Html.Of($"<th>{cell}</th>"))}</tr></thead>
            <tbody>{Html.Each(rows.Skip(1), static row => Html.Of($"""<tr><th scope="row">{row[0]}</th>{Html.Each(row.Skip(1), static cell => Html.Of($"""<td class="number">{cell}</td>"""))}</tr>"""))}</tbody></table></div>
            <p class="quiet">Evaluations, steps and seconds are means of a run with one seed. An evaluation counts the same with a gradient and without, though a gradient takes two to three times as long.</p></div>
            </main>
            <footer>Written by BrainModular {Product.Version}. This page is complete in itself: nothing is loaded from anywhere.</footer>
            </body>
            </html>

            """);
    }

    private static Html Legend(FitterComparison compared) => Html.Of($"""
        <ul class="legend">{Html.Each(compared.Figures.Index(), f => Html.Of($"""<li data-training style="--hue: {ConvergencePlot.Hue(f.Index, compared.Figures.Count)}">{f.Item.Name}</li>"""))}</ul>
        """);
}
