using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;
using BrainModular.Plugins;
using BrainModular.Symbolics;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>
/// What loaders of tables have in common. Settings: <c>path</c>; <c>delimiter</c> (<c>by-name</c>: a tab in files named .tsv or .tab, else a
/// comma; a tab or semicolon where the first row has more of these; a space where a file of another name has none of them); <c>table</c>, the sheet of a workbook (.xlsx) or the table of an SQLite database; <c>nodes</c>, a table with a header whose first column names the nodes and whose others are their attributes, in its sheet or table <c>nodesTable</c>;
/// <c>shared</c> (false), to take only nodes that are named as source and as target both, such as the neurons of a connectome that also goes to
/// muscles; <c>weightUnit</c> (1).
/// </summary>
internal sealed class TableSettings
{
    private readonly string delimiter;
    private readonly string? nodes;
    private readonly string? table;
    private readonly string? nodesTable;
    private readonly string weightUnit;

    public TableSettings(ISettings settings)
    {
        Path = settings.Path("path", "the file of the connectome");
        delimiter = settings.Choice("delimiter", "by-name", ["by-name", "comma", "tab", "semicolon", "space"], "what stands between two cells");
        table = Named(settings.Text("table", "", "the sheet of a workbook or the table of an SQLite database; empty for the only one"));
        nodes = settings.OptionalPath("nodes", "a table of the nodes, the first column naming them");
        nodesTable = Named(settings.Text("nodesTable", "", "the sheet or table of the nodes, where their file has several"));
        Shared = settings.Flag("shared", false, "whether to take only nodes that are named as source and as target both");
        weightUnit = settings.Text("weightUnit", "1", "the unit of the weights");
    }

    public string Path { get; }

    public bool Shared { get; }

    /// <summary>The unit of the weights.</summary>
    /// <exception cref="DiagnosticException">BM3227: the setting is no unit.</exception>
    public Unit WeightUnit => UnitOf("weightUnit", weightUnit);

    /// <summary>What is known of the nodes beside the connectome; null where there is no table of them.</summary>
    public NodeTable? ReadNodes() => nodes is null ? null : NodeTable.Read(nodes, DelimiterOf(nodes), nodesTable);

    /// <summary>Opens the connectome's table.</summary>
    public CsvTable Open(bool header) => CsvTable.Open(Path, DelimiterOf(Path), header, table, isBlank: true);

    /// <exception cref="DiagnosticException">BM3224: nodes without names are to be taken by name.</exception>
    public void RefuseShared(Place place)
    {
        if (Shared)
        {
            throw new DiagnosticException("BM3224", "shared takes nodes by name, but these have none", place, "named nodes", "remove shared, or name the nodes");
        }
    }

    public static Unit UnitOf(string key, string text) => Unit.TryParse(text, out var unit) ? unit : throw new DiagnosticException(
        "BM3227", $"'{text}', the {key}, is no unit", expected: "a unit such as 1, nS, pA or ms", cure: $"mend {key}");

    private static string? Named(string text) => text.Length == 0 ? null : text;

    public char DelimiterOf(string path) => delimiter switch
    {
        "comma" => ',',
        "tab" => '\t',
        "semicolon" => ';',
        "space" => ' ',
        _ => CsvDelimiter.Of(path),
    };
}
