using System.Diagnostics;
using BrainModular.Host.Conversion;

namespace BrainModular.Bench.Cells;

/// <summary>Fits neurons to the training sweeps of recordings, and prints what the fits come to on the sweeps that are held out.</summary>
internal sealed class Measurement(string config, string data, int threads)
{
    public void Run(ChosenCells cells, IReadOnlyList<string> names)
    {
        Console.WriteLine("| recording | neuron | held out | passive | training | passive | spikes (recorded) | held out by sweep | seconds |\n|---|---|---|---|---|---|---|---|---|");
        var folder = Directory.CreateTempSubdirectory("cells-").FullName;
        try
        {
            foreach (var recording in cells.Recordings.Where(r => names.Count == 0 || names.Contains(r.Name)))
            {
                var path = AsNwb(Path.Combine(data, recording.Path), folder);
                string[] sweeps = recording.Sweeps is { } some ? [$"recording.sweeps=\"{string.Join(',', some)}\""] : [];
                foreach (var (neuron, settings) in cells.Neurons)
                {
                    Measure(recording.Name, neuron, [$"neuron.type={neuron}", .. settings, $"recording.path={path}", .. sweeps]);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string AsNwb(string path, string folder)
    {
        if (Path.GetExtension(path) != ".abf")
        {
            return path;
        }

        var converted = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(path)}.nwb");
        RecordingConverter.Convert([path], converted, new(), DateTimeOffset.UtcNow, static () => { }, CancellationToken.None);
        return converted;
    }

    private void Measure(string recording, string neuron, string[] set)
    {
        var watch = Stopwatch.StartNew();
        var fitted = new CellFit(config, set, threads);
        var seconds = watch.Elapsed.TotalSeconds;
        var (test, train) = (fitted.Test, fitted.Train);
        var spikes = $"{string.Join(", ", test.Sweeps.Select(static s => s.Spikes.Length))} ({string.Join(", ", test.Sweeps.Select(static s => s.Sweep.Spikes.Length))})";
        var bySweep = string.Join(", ", test.Sweeps.Select(static s => $"{s.ExplainedVariance:0.000}"));
        Console.WriteLine(
            $"| {recording} | {neuron} | {test.ExplainedVariance:0.0000} | {test.PassiveExplainedVariance:0.0000} | {train.ExplainedVariance:0.0000} | {train.PassiveExplainedVariance:0.0000} | {spikes} | {bySweep} | {seconds:0} |");
    }
}
