using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Sonata;

/// <summary>
/// A population of nodes, read whole. <c>dynamics_params/NAME</c> are the node's own where it has them, else those of the JSON file that its type
/// names; where that file is not there, nodes have none.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Ids">[node]: the number by which edges name it.</param>
/// <param name="Numbers">Numeric attributes by name, [node]: NaN where neither a node nor its type has one.</param>
/// <param name="Texts">Attributes of text by name, [node]: empty where neither a node nor its type has one.</param>
public sealed record SonataNodes(string Name, long[] Ids, IReadOnlyDictionary<string, double[]> Numbers, IReadOnlyDictionary<string, string[]> Texts)
{
    // Where circuits keep the parameters of cells.
    private static readonly string[] ParameterFolders = ["point_neuron_models_dir", "biophysical_neuron_models_dir"];

    /// <summary>Reads a population by name; null where none of the circuit's files has it.</summary>
    /// <exception cref="DiagnosticException">
    /// What <see cref="Hdf5File.Open(string)"/> throws; BM3010 a dataset is missing; BM3231, BM3232, BM3223: types or groups are at odds; BM3230: a file of parameters is no JSON; BM3235: two files have the population.
    /// </exception>
    public static SonataNodes? Read(SonataCircuit circuit, string name)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (circuit.OnlySource(circuit.Nodes, "nodes", name) is not { } source)
        {
            return null;
        }

        using var file = Hdf5File.Open(source.File);
        return Read(new SonataPopulation(file, $"/nodes/{name}", "node", SonataTypes.Read(source.Types, "node_type_id")), new SonataParameters(circuit, source.Types, ParameterFolders), file, name);
    }

    private static SonataNodes Read(SonataPopulation population, SonataParameters parameters, Hdf5File file, string name)
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

        numbers["node_id"] = [.. ids.Select(static id => (double)id)];
        if (rows.Types is { } types)
        {
            numbers["node_type_id"] = [.. types.Select(type => (double)type)];
            AddParameters(numbers, [.. types.Select(type => population.Types.Cell(type, SonataParameters.Column))], parameters);
        }

        return new SonataNodes(name, ids, numbers, texts);
    }

    private static void AddParameters(Dictionary<string, double[]> numbers, string?[] files, SonataParameters parameters)
    {
        var found = files.Distinct().OfType<string>().Where(parameters.Has).ToList();
        foreach (var attribute in found.SelectMany(parameters.AttributesOf).Distinct())
        {
            var values = numbers.TryGetValue(attribute, out var own) ? own : [.. files.Select(static _ => double.NaN)];
            for (var i = 0; i < files.Length; i++)
            {
                values[i] = double.IsNaN(values[i]) && files[i] is { } file && found.Contains(file) ? parameters.Find(file, attribute) ?? double.NaN : values[i];
            }

            numbers[attribute] = values;
        }
    }
}
