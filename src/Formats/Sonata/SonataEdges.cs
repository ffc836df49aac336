using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Sonata;

/// <summary>Some edges of a population.</summary>
/// <param name="Sources">[edge]: the source's number in its population.</param>
/// <param name="Targets">[edge]: the target's number in its population.</param>
/// <param name="Attributes">By the attribute's place among those asked for, [edge]: null where neither the edge nor its type has it.</param>
public sealed record SonataEdgeWindow(long[] Sources, long[] Targets, IReadOnlyList<double?[]> Attributes);

/// <summary>
/// A population of edges, open for reading. Edges are read in the file's order; the indices that some files add for looking edges up by node
/// are not needed. An attribute is looked for with the edge, then with its type; <c>dynamics_params/NAME</c> last in the JSON file that the type
/// names under <c>dynamics_params</c>.
/// </summary>
public sealed class SonataEdges : IDisposable
{
    private readonly Hdf5File file;
    private readonly SonataPopulation population;
    private readonly SonataParameters parameters;

    private SonataEdges(Hdf5File file, string name, SonataTypes types, SonataParameters parameters)
    {
        this.file = file;
        this.parameters = parameters;
        Name = name;
        population = new SonataPopulation(file, $"/edges/{name}", "edge", types);
        Count = file.Dataset(population.At("source_node_id")).Count;
        Source = PopulationOf("source_node_id");
        Target = PopulationOf("target_node_id");
        var others = file.Dataset(population.At("target_node_id")).Count;
        if (others != Count)
        {
            throw population.Fault("BM3232", $"there are {Count} sources and {others} targets", "target_node_id", "one of each for each edge", "have the file's author mend it");
        }
    }

    /// <summary>The population's name.</summary>
    public string Name { get; }

    /// <summary>How many edges it has.</summary>
    public long Count { get; }

    /// <summary>The population of the sources.</summary>
    public string Source { get; }

    /// <summary>The population of the targets.</summary>
    public string Target { get; }

    /// <summary>The names of the populations of edges in a circuit.</summary>
    public static IReadOnlyList<string> Names(SonataCircuit circuit)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        var names = new List<string>();
        foreach (var source in circuit.Edges)
        {
            using var file = Hdf5File.Open(source.File);
            names.AddRange(file.Links("/edges").Select(link => link.Name));
        }

        return names;
    }

    /// <summary>Opens a population; null where none of the circuit's files has it.</summary>
    /// <exception cref="DiagnosticException">What <see cref="Hdf5File.Open(string)"/> throws; BM3231, BM3232, BM3234: what it holds is at odds; BM3235: two files have the population.</exception>
    public static SonataEdges? Open(SonataCircuit circuit, string name)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        if (circuit.OnlySource(circuit.Edges, "edges", name) is not { } source)
        {
            return null;
        }

        var file = Hdf5File.Open(source.File);
        try
        {
            return new SonataEdges(file, name, SonataTypes.Read(source.Types, "edge_type_id"), new SonataParameters(circuit, source.Types, ["synaptic_models_dir"]));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether an edge could have an attribute: one of the groups has it, or the types do.</summary>
    public bool Has(string attribute) =>
        population.Types.Columns.Contains(attribute) || population.Groups.Any(group => population.NumericAttributes(group).Contains(attribute))
        || (SonataParameters.Names(attribute) && population.Types.Columns.Contains(SonataParameters.Column));

    /// <summary>Reads some edges.</summary>
    /// <param name="start">The first.</param>
    /// <param name="count">How many.</param>
    /// <param name="attributes">The attributes to read.</param>
    /// <exception cref="DiagnosticException">BM3232: groups and rows are at odds; BM3231: a type is missing; BM3001: a file of parameters is.</exception>
    public SonataEdgeWindow Read(long start, long count, IReadOnlyList<string> attributes)
    {
        var rows = population.Rows(start, count);
        return new SonataEdgeWindow(
            population.Longs("source_node_id", start, count), population.Longs("target_node_id", start, count), [.. attributes.Select(attribute => Values(rows, attribute))]);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private double?[] Values(RowPlaces rows, string attribute)
    {
        var values = population.Numbers(rows, attribute);
        if (SonataParameters.Names(attribute) && rows.Types is { } types)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] ??= parameters.Find(population.Types.Cell(types[i], SonataParameters.Column), attribute);
            }
        }

        return values;
    }

    private string PopulationOf(string ends) => file.Attribute(population.At(ends), "node_population")?.Text ?? throw population.Fault(
        "BM3234", "the dataset does not say which population its nodes are of", ends, "an attribute node_population", "have the file's author add it");
}
