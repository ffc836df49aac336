using System.Text.Json;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Sonata;

/// <summary>
/// The numbers of the JSON files that types of nodes or edges name in their column <c>dynamics_params</c>. The files lie in one of the circuit's
/// folders of components.
/// </summary>
/// <param name="circuit">The circuit.</param>
/// <param name="table">The table of types, for messages.</param>
/// <param name="components">The keys of the folders in the circuit's configuration, in the order in which a file is looked for.</param>
internal sealed class SonataParameters(SonataCircuit circuit, string? table, IReadOnlyList<string> components)
{
    /// <summary>The column of the types, and the group of attributes that goes before it.</summary>
    public const string Column = "dynamics_params";

    private const string Prefix = Column + "/";

    private readonly Dictionary<string, IReadOnlyDictionary<string, double>> files = [];

    /// <summary>Whether an attribute is a number of such a file.</summary>
    public static bool Names(string attribute) => attribute.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The attribute's value in a file; null where it has none, or there is no file.</summary>
    /// <exception cref="DiagnosticException">BM3001: the file is missing; BM3230: it is no JSON; BM3233: no folder is named for it.</exception>
    public double? Find(string? file, string attribute) => file is not null && Read(file).TryGetValue(attribute[Prefix.Length..], out var value) ? value : null;

    /// <summary>Whether there is a file of that name.</summary>
    public bool Has(string file) => Path.GetFileName(file) == file && Folders().Any(folder => File.Exists(Path.Combine(folder, file)));

    /// <summary>The attributes of a file.</summary>
    public IEnumerable<string> AttributesOf(string file) => Read(file).Keys.Select(static name => Prefix + name);

    private string[] Folders() => [.. components.Where(circuit.Components.ContainsKey).Select(key => circuit.Components[key])];

    private IReadOnlyDictionary<string, double> Read(string name)
    {
        if (files.TryGetValue(name, out var known))
        {
            return known;
        }

        var folders = Folders();
        if (folders.Length == 0 || Path.GetFileName(name) != name)
        {
            throw new DiagnosticException(
                "BM3233", $"the parameters '{name}' of a type cannot be found", new Place(table, $"column {Column}"),
                $"a file's name, and components.{string.Join(" or components.", components)} in the circuit's configuration", "add the folder to the configuration");
        }

        var path = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) ?? Path.Combine(folders[0], name);
        using var stream = InputFile.Open(path, "a JSON file of parameters");
        try
        {
            using var json = JsonDocument.Parse(stream);
            return files[name] = json.RootElement.ValueKind == JsonValueKind.Object
                ? json.RootElement.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.Number).GroupBy(p => p.Name).ToDictionary(g => g.Key, g => g.Last().Value.GetDouble())
                : [];
        }
        catch (JsonException exception)
        {
            throw new DiagnosticException("BM3230", "the file is no JSON", new Place(path), "a JSON file of parameters", "mend the file", exception);
        }
    }
}
