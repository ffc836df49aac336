using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Sonata;

/// <summary>A population of nodes, read whole.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ids">[node]: the number by which edges name it.</param>
/// <param name="Numbers">Numeric attributes by name, [node]: NaN where neither a node nor its type has one.</param>
/// <param name="Texts">Attributes of text by name, [node]: empty where neither a node nor its type has one.</param>
public sealed record SonataNodes(string Name, long[] Ids, IReadOnlyDictionary<string, double[]> Numbers, IReadOnlyDictionary<string, string[]> Texts)
{
    /// <summary>Reads a population by name; null where none of the files has it.</summary>
    /// <exception cref="DiagnosticException">What <see cref="Hdf5File.Open(string)"/> throws; BM3010 a dataset is missing; BM3231, BM3232, BM3223: types or groups are at odds.</exception>
    public static SonataNodes? Read(IReadOnlyList<SonataSource> sources, string name)
    {
        foreach (var source in sources)
        {
            using var file = Hdf5File.Open(source.File);
            if (file.Find($"/nodes/{name}") is { IsDataset: false })
            {
                return Read(new SonataPopulation(file, $"/nodes/{name}", "node", SonataTypes.Read(source.Types, "node_type_id")), file, name);
            }
        }

        return null;
    }

    private static SonataNodes Read(SonataPopulation population, Hdf5File file, string name)
    {
        var count = file.Dataset(population.At(population.Has("node_id") ? "node_id" : "node_type_id")).Count;
        var rows = population.Rows(0, count);
        long[] ids = population.Has("node_id") ? population.Longs("node_id", 0, count) : [.. Enumerable.Range(0, (int)count).Select(i => (long)i)];
        var numbers = new Dictionary<string, double[]>();
        var texts = new Dictionary<string, string[]>();
        foreach (var attribute in population.Groups.SelectMany(population.NumericAttributes).Distinct())
        {
            numbers[attribute] = [.. population.Numbers(rows, attribute).Select(value => value ?? double.NaN)];
        }

        foreach (var attribute in population.Groups.SelectMany(population.TextAttributes).Concat(population.Types.Columns).Distinct().Where(a => !numbers.ContainsKey(a)))
        {
            texts[attribute] = population.Texts(rows, attribute);
        }

        if (rows.Types is { } types)
        {
            numbers["node_type_id"] = [.. types.Select(type => (double)type)];
        }

        return new SonataNodes(name, ids, numbers, texts);
    }
}
