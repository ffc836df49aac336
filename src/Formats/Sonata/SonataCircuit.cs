using System.Text.Json;
using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Sonata;

/// <summary>A file of populations and, where there is one, the table of their types.</summary>
/// <param name="File">The HDF5 file.</param>
/// <param name="Types">The table of types; null where the circuit names none.</param>
public sealed record SonataSource(string File, string? Types);

/// <summary>
/// What a SONATA circuit configuration names (Dai et al. 2020, DOI 10.1371/journal.pcbi.1007696): files of nodes and edges, and folders of
/// components. A configuration that only names another one under <c>network</c> stands for it.
/// </summary>
/// <param name="Path">The configuration's full path.</param>
/// <param name="Nodes">The files of nodes.</param>
/// <param name="Edges">The files of edges.</param>
/// <param name="Components">The folders of components, by the configuration's key.</param>
public sealed record SonataCircuit(
    string Path, IReadOnlyList<SonataSource> Nodes, IReadOnlyList<SonataSource> Edges, IReadOnlyDictionary<string, string> Components)
{
    private const string Expected = "a SONATA circuit configuration with networks.nodes and networks.edges";

    // Longer chains of variables or of configurations than this are a circle.
    private const int MostSteps = 16;

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="DiagnosticException">BM3001 missing, BM3002 a folder, BM3003 empty, BM3230: not a circuit configuration.</exception>
    public static SonataCircuit Read(string path)
    {
        for (var step = 0; step < MostSteps; step++)
        {
            using var json = Parse(path);
            var root = json.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("networks", out var networks) && networks.ValueKind == JsonValueKind.Object)
            {
                var variables = Variables(root);
                string Full(string name) => System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, Expand(path, name, variables)));
                return new SonataCircuit(
                    path, Sources(path, networks, "nodes", "nodes_file", "node_types_file", Full), Sources(path, networks, "edges", "edges_file", "edge_types_file", Full),
                    Texts(root, "components").ToDictionary(component => component.Key, component => Full(component.Value)));
            }

            path = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("network", out var other) && other.ValueKind == JsonValueKind.String
                ? System.IO.Path.GetFullPath(System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path)!, Expand(path, other.GetString()!, Variables(root))))
                : throw Fault(path, "the configuration names no networks");
        }

        throw Fault(path, "the configurations name each other in a circle");
    }

    /// <summary>The file that has a population; null where none has.</summary>
    /// <param name="sources">The files to look in.</param>
    /// <param name="kind">"nodes" or "edges".</param>
    /// <param name="name">The population.</param>
    /// <exception cref="DiagnosticException">BM3235: several files have it.</exception>
    internal SonataSource? OnlySource(IReadOnlyList<SonataSource> sources, string kind, string name)
    {
        List<SonataSource> found = [.. sources.Where(source =>
        {
            using var file = Hdf5File.Open(source.File);
            return file.Find($"/{kind}/{name}") is { IsDataset: false };
        })];
        return found.Count > 1
            ? throw new DiagnosticException("BM3235", $"several files of the circuit have {kind} '{name}'", new Place(Path), $"one file for each population of {kind}", "rename one of them, or name one of the files only")
            : found.SingleOrDefault();
    }

    private static JsonDocument Parse(string path)
    {
        using var stream = InputFile.Open(path, Expected);
        try
        {
            return JsonDocument.Parse(stream, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException exception)
        {
            throw new DiagnosticException(
                "BM3230", "the file is no JSON", new Place(path, null, (int?)exception.LineNumber + 1, (int?)exception.BytePositionInLine + 1), Expected, "mend the file", exception);
        }
    }

    private static List<SonataSource> Sources(string path, JsonElement networks, string key, string fileKey, string typesKey, Func<string, string> full)
    {
        var sources = new List<SonataSource>();
        if (networks.TryGetProperty(key, out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in list.EnumerateArray())
            {
                var file = Text(entry, fileKey) ?? throw Fault(path, $"an entry of networks.{key} has no {fileKey}");
                sources.Add(new SonataSource(full(file), Text(entry, typesKey) is { } types ? full(types) : null));
            }
        }

        return sources;
    }

    private static string? Text(JsonElement entry, string key) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String
            && value.GetString() is { Length: > 0 } text && text != "NULL" ? text : null;

    private static Dictionary<string, string> Texts(JsonElement root, string key) =>
        root.TryGetProperty(key, out var values) && values.ValueKind == JsonValueKind.Object
            ? values.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).GroupBy(p => p.Name).ToDictionary(g => g.Key, g => g.Last().Value.GetString()!)
            : [];

    // ${configdir} is the configuration's own folder, which relative paths start from, too.
    private static Dictionary<string, string> Variables(JsonElement root)
    {
        var variables = Texts(root, "manifest");
        variables.TryAdd("configdir", ".");
        return variables;
    }

    // Longer names first: $NETWORK_DIR is not $NETWORK with something after it.
    private static string Expand(string path, string text, Dictionary<string, string> variables)
    {
        for (var step = 0; text.Contains('$', StringComparison.Ordinal); step++)
        {
            var found = variables.Keys.Select(name => name.Trim('$', '{', '}')).OrderByDescending(name => name.Length)
                .Select(name => new[] { $"${{{name}}}", $"${name}" }.FirstOrDefault(form => text.Contains(form, StringComparison.Ordinal)) is { } form
                    ? (Form: form, Value: variables.First(v => v.Key.Trim('$', '{', '}') == name).Value)
                    : default).FirstOrDefault(f => f.Form is not null);
            text = found.Form is not null && step < MostSteps
                ? text.Replace(found.Form, found.Value, StringComparison.Ordinal)
                : throw Fault(path, $"the manifest has no value for a variable of '{text}'");
        }

        return text;
    }

    private static DiagnosticException Fault(string path, string problem) => new("BM3230", problem, new Place(path), Expected, "name a circuit's configuration, or mend it");
}
