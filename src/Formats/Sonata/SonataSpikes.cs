using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Sonata;

/// <summary>
/// Spikes of a SONATA file: groups <c>/spikes/POPULATION</c> with node_ids and timestamps, or in the older layout <c>/spikes</c> with gids and
/// timestamps, which names no population.
/// </summary>
/// <param name="Nodes">The node of each spike.</param>
/// <param name="Times">When it spiked, in ms.</param>
public sealed record SonataSpikes(IReadOnlyList<long> Nodes, IReadOnlyList<double> Times)
{
    private const string Root = "/spikes";

    /// <summary>Whether a file could hold them: it is HDF5, and no table.</summary>
    /// <exception cref="DiagnosticException">BM3001 missing, BM3002 a folder, BM3003 empty, BM6103 permission denied.</exception>
    public static bool CanRead(string path) => FileInspection.IsHdf5(path, "a SONATA file of spikes, or a table");

    /// <summary>Reads the spikes of one population.</summary>
    /// <param name="path">The file.</param>
    /// <param name="population">The population; the older layout has only one, whatever its name. Null for the only one of a file.</param>
    /// <exception cref="DiagnosticException">As <see cref="Hdf5File.Open(string)"/>; BM3238: the file has no spikes of that population, or node ids and times differ in number or unit.</exception>
    public static SonataSpikes Read(string path, string? population = null)
    {
        using var file = Hdf5File.Open(path);
        if (file.Find(Root) is null)
        {
            throw Fault(path, Root, "there is no group of spikes", "a SONATA file of spikes");
        }

        var names = file.Links(Root).Select(static l => l.Name).ToList();
        var (group, nodes) = names.Contains("gids") ? (Root, "gids") : ($"{Root}/{Choose(path, names, population)}", "node_ids");
        foreach (var dataset in (string[])[nodes, "timestamps"])
        {
            if (file.Find($"{group}/{dataset}") is null)
            {
                throw Fault(path, $"{group}/{dataset}", "the dataset is missing", $"{nodes} and timestamps");
            }
        }

        var unit = file.Attribute($"{group}/timestamps", "units")?.Elements.FirstOrDefault() as string ?? "ms";
        var (ids, times) = (file.ReadLongs($"{group}/{nodes}"), file.ReadDoubles($"{group}/timestamps"));
        return unit is not ("ms" or "milliseconds") ? throw Fault(path, $"{group}/timestamps", $"times are in '{unit}'", "times in ms")
            : ids.Length != times.Length ? throw Fault(path, group, $"there are {ids.Length} nodes and {times.Length} times", "one of each for every spike")
            : new(ids, times);
    }

    private static string Choose(string path, List<string> names, string? population) =>
        population is null && names.Count == 1 ? names[0]
        : population is not null && names.Contains(population) ? population
        : throw Fault(path, Root, population is null ? "there are spikes of several populations" : $"there are no spikes of population '{population}'", $"one of {string.Join(", ", names)}");

    private static DiagnosticException Fault(string file, string place, string problem, string expected) =>
        new("BM3238", problem, new Place(file, place), expected, "name another file or population");
}
