using BrainModular.Connectomes;
using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;
using BrainModular.Symbolics;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>Nodes with their attributes, in order.</summary>
/// <param name="Count">How many nodes.</param>
/// <param name="Numbers">Numeric attributes, by name: a value per node, NaN where a node has none.</param>
/// <param name="Texts">Attributes of text, by name: a value per node.</param>
/// <param name="Units">The units of the numeric attributes that have one.</param>
internal sealed record NodeTable(
    int Count, IReadOnlyDictionary<string, double[]> Numbers, IReadOnlyDictionary<string, string[]> Texts, IReadOnlyDictionary<string, Unit> Units)
{
    /// <summary>The attribute that holds the names of nodes.</summary>
    public const string Label = "label";

    private static readonly Dictionary<string, Unit> NoUnits = [];

    /// <summary>Nodes of which nothing is known.</summary>
    public static NodeTable Bare(int count) => new(count, new Dictionary<string, double[]>(), new Dictionary<string, string[]>(), NoUnits);

    /// <summary>Nodes of which the names are known.</summary>
    public static NodeTable Named(IReadOnlyCollection<string> labels) =>
        new(labels.Count, new Dictionary<string, double[]>(), new Dictionary<string, string[]> { [Label] = [.. labels] }, NoUnits);

    /// <summary>Columns of text; one whose cells are all numbers is a numeric attribute.</summary>
    public static NodeTable OfColumns(int count, IReadOnlyDictionary<string, string[]> columns, string? label)
    {
        var numbers = new Dictionary<string, double[]>();
        var texts = new Dictionary<string, string[]>();
        foreach (var (name, cells) in columns)
        {
            var values = new double[cells.Length];
            if (name != label && cells.Select((cell, i) => CsvTable.TryNumber(cell, out values[i])).All(static isNumber => isNumber))
            {
                numbers[name] = values;
            }
            else
            {
                texts[name == label ? Label : name] = cells;
            }
        }

        return new NodeTable(count, numbers, texts, NoUnits);
    }

    /// <summary>Reads a table whose first column names the nodes.</summary>
    public static NodeTable Read(string path, char delimiter, string? name)
    {
        using var table = CsvTable.Open(path, delimiter, header: true, name, isBlank: true);
        table.RefuseNumbersAsNames();
        var columns = table.Names.Select(_ => new List<string>()).ToArray();
        while (table.Read())
        {
            for (var i = 0; i < columns.Length; i++)
            {
                columns[i].Add(table.Text(i));
            }
        }

        var named = new Dictionary<string, string[]>();
        for (var i = 0; i < columns.Length; i++)
        {
            if (!named.TryAdd(table.Names[i], [.. columns[i]]))
            {
                throw new DiagnosticException("BM3222", $"two columns are named '{table.Names[i]}'", new Place(path, Line: 1), "columns of different names", "rename one of them");
            }
        }

        return OfColumns(columns[0].Count, named, table.Names[0]);
    }

    /// <summary>The description that the contract asks for.</summary>
    public NodeGroup Describe(string name) => new(
        name, Count, Numbers.Keys.ToDictionary(attribute => attribute, attribute => Units.TryGetValue(attribute, out var unit) ? unit : Unit.One), [.. Texts.Keys]);

    /// <summary>The nodes at the given places.</summary>
    public NodeTable Take(IReadOnlyList<int> places) => new(
        places.Count,
        Numbers.ToDictionary(a => a.Key, a => places.Select(i => a.Value[i]).ToArray()),
        Texts.ToDictionary(a => a.Key, a => places.Select(i => a.Value[i]).ToArray()),
        Units);
}
