using System.Text.Json;

namespace BrainModular.Bench.Cells;

/// <summary>A recording, or the part of it that may be seen.</summary>
/// <param name="Name">What tables call it.</param>
/// <param name="Path">The file, below the folder of data.</param>
/// <param name="Sweeps">Its sweeps, by the file's own numbers; null: all of them.</param>
internal sealed record CellRecording(string Name, string Path, long[]? Sweeps);

/// <summary>Something that can be chosen.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Neuron">The neuron that has it; null: all have it.</param>
/// <param name="Levels">What there is to choose from: of each its name, and the keys of the stage that it sets.</param>
internal sealed record Factor(string Name, string? Neuron, Dictionary<string, string[]> Levels);

/// <summary>What is compared on what.</summary>
/// <param name="Folds">In how many parts the training sweeps are cut, each of which is predicted by a fit to the others.</param>
/// <param name="Recordings">The recordings, each with its training sweeps.</param>
/// <param name="Factors">What can be chosen, in the order in which it is.</param>
internal sealed record Study(int Folds, CellRecording[] Recordings, Factor[] Factors)
{
    public IEnumerable<string> Neurons => Factors.Select(static f => f.Neuron).OfType<string>().Distinct();

    public IReadOnlyList<Factor> FactorsOf(string neuron) => [.. Factors.Where(f => f.Neuron is null || f.Neuron == neuron)];
}

/// <summary>What is measured.</summary>
/// <param name="Neurons">The neurons, each with the keys of the stage that were chosen for it.</param>
/// <param name="Recordings">The recordings; every third of their sweeps is held out.</param>
internal sealed record ChosenCells(Dictionary<string, string[]> Neurons, CellRecording[] Recordings);

/// <summary>Reads what is to be done: JSON with comments.</summary>
internal static class StudyFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static T Read<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllText(path), Format) ?? throw new InvalidDataException($"{path} is empty");
}
