using BrainModular.Diagnostics;
using BrainModular.Formats.Arrays;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nir;

/// <summary>
/// NIR graphs in HDF5: <c>/version</c>, and in <c>/node</c> a <c>type</c>, the <c>edges</c> as pairs of names and <c>nodes/NAME</c> with a <c>type</c> and a dataset
/// for each parameter.
/// </summary>
public static class NirFile
{
    private const string Root = "/node";
    private const string GraphType = "NIRGraph";
    private const string MetadataGroup = "metadata";

    /// <summary>The version of the format that is written.</summary>
    private const string Version = "1.0";

    /// <summary>Writes a graph; the file appears whole or not at all.</summary>
    /// <exception cref="DiagnosticException">BM3621: the graph is faulty; BM3007, BM6103, BM6104: it cannot be written.</exception>
    public static void Write(NirGraph graph, string path)
    {
        NirVerifier.Check(graph, path);
        using var file = Hdf5Writer.Create(path);
        file.Dataset("/version", Version);
        file.Dataset($"{Root}/type", GraphType);
        file.Dataset($"{Root}/edges", graph.Edges.SelectMany(static e => new[] { e.From, e.To }).ToArray(), [graph.Edges.Count, 2]);
        foreach (var (name, text) in graph.Metadata)
        {
            file.Dataset($"{Root}/{MetadataGroup}/{name}", text);
        }

        foreach (var node in graph.Nodes)
        {
            var group = $"{Root}/nodes/{node.Name}";
            file.Dataset($"{group}/type", node.Type);
            foreach (var (name, values) in node.Values)
            {
                Write(file, $"{group}/{name}", values, isWhole: NirPrimitives.IsEnd(node.Type));
            }

            foreach (var (name, values) in node.Metadata)
            {
                Write(file, $"{group}/{MetadataGroup}/{name}", values, isWhole: false);
            }
        }

        file.Commit();
    }

    /// <summary>Reads a graph and checks it.</summary>
    /// <exception cref="DiagnosticException">As <see cref="Hdf5File.Open(string)"/>; BM3620: the file holds no NIR graph; BM3621: the graph is faulty.</exception>
    public static NirGraph Read(string path)
    {
        using var file = Hdf5File.Open(path);
        if (Text(file, $"{Root}/type") != GraphType || file.Find($"{Root}/nodes") is null || file.Find($"{Root}/edges") is null)
        {
            throw new DiagnosticException("BM3620", "the file holds no graph", new Place(path, Root), $"a group {Root} of the type {GraphType} with nodes and edges", "name a file in the Neuromorphic Intermediate Representation");
        }

        var texts = file.ReadTexts($"{Root}/edges");
        var graph = new NirGraph(
            [.. file.Links($"{Root}/nodes").Select(l => Node(file, l.Name))],
            [.. texts.Chunk(2).Where(static pair => pair.Length == 2).Select(static pair => new NirEdge(pair[0], pair[1]))])
        {
            Metadata = Names(file, $"{Root}/{MetadataGroup}").ToDictionary(static n => n, n => Text(file, $"{Root}/{MetadataGroup}/{n}") ?? ""),
        };
        NirVerifier.Check(graph, path);
        return graph;
    }

    private static NirNode Node(Hdf5File file, string name)
    {
        var group = $"{Root}/nodes/{name}";
        return new(name, Text(file, $"{group}/type") ?? "", Numbers(file, group)) { Metadata = Numbers(file, $"{group}/{MetadataGroup}") };
    }

    private static Dictionary<string, NumberArray> Numbers(Hdf5File file, string group) => Names(file, group)
        .Select(n => (Name: n, Set: file.Get($"{group}/{n}").IsDataset ? file.Dataset($"{group}/{n}") : null))
        .Where(static d => d.Set?.Type.IsNumber == true)
        .ToDictionary(static d => d.Name, d => new NumberArray(d.Set!.Shape, file.ReadDoubles($"{group}/{d.Name}"), d.Set.Type is { Kind: Hdf5Kind.Float, Size: 4 }));

    private static IEnumerable<string> Names(Hdf5File file, string group) => file.Find(group) is { IsDataset: false } ? file.Links(group).Select(static l => l.Name) : [];

    private static string? Text(Hdf5File file, string path) => file.Find(path) is { IsDataset: true } ? file.Read(path).Text : null;

    private static void Write(Hdf5Writer file, string path, NumberArray values, bool isWhole) => file.Dataset(
        path,
        isWhole ? values.Elements.Select(static x => (long)x).ToArray() : values.IsSingle ? values.Elements.Select(static x => (float)x).ToArray() : values.Elements,
        values.Shape);
}
