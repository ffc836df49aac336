using System.Diagnostics;

namespace BrainModular.Bench.Cells;

/// <summary>
/// Chooses a neuron's levels factor by factor: the one of the highest mean figure over the recordings, with the levels chosen before and the first of
/// those that are still to come. Prints a line as soon as a combination is done.
/// </summary>
internal sealed class Selection(Study study, CrossValidation validation, string neuron)
{
    private readonly IReadOnlyList<Factor> factors = study.FactorsOf(neuron);
    private readonly Dictionary<string, double> means = [];

    public void Run()
    {
        Console.WriteLine($"\n{neuron}\n");
        Row([.. factors.Select(static f => f.Name), .. study.Recordings.Select(static r => r.Name), "mean", "passive", "seconds"]);
        Row([.. Enumerable.Repeat("---", factors.Count + study.Recordings.Length + 3)]);
        string[] chosen = [.. factors.Select(static f => f.Levels.Keys.First())];
        for (var i = 0; i < factors.Count; i++)
        {
            chosen = factors[i].Levels.Keys.Select(level => (string[])[.. chosen[..i], level, .. chosen[(i + 1)..]]).MaxBy(MeanOf)!;
        }

        Console.WriteLine($"\nchosen: {string.Join(' ', SettingsOf(chosen).Select(static s => $"--set 'stages.fit.{s}'"))}");
    }

    private static void Row(IEnumerable<string> cells) => Console.WriteLine($"| {string.Join(" | ", cells)} |");

    private IEnumerable<string> SettingsOf(string[] levels) => factors.Zip(levels).SelectMany(static p => p.First.Levels[p.Second]);

    private double MeanOf(string[] levels)
    {
        var key = string.Join('|', levels);
        return means.TryGetValue(key, out var known) ? known : means[key] = Measure(levels);
    }

    private double Measure(string[] levels)
    {
        var watch = Stopwatch.StartNew();
        var figures = study.Recordings.Select(recording => validation.Of(neuron, [.. SettingsOf(levels)], recording)).ToList();
        var mean = figures.Average(static f => f.Model);
        Row(
        [
            .. levels, .. figures.Select(static f => f.Model.ToString("0.0000")), mean.ToString("0.0000"),
            string.Join(", ", figures.Select(static f => f.Passive.ToString("0.0000"))), watch.Elapsed.TotalSeconds.ToString("0"),
        ]);
        return mean;
    }
}
