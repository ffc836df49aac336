using BrainModular.Connectomes;
using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;
using BrainModular.Plugins;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>
/// <c>edge-list</c>: a table (CSV, TSV) with a row for each edge. Settings, beside those of <see cref="TableSettings"/> and
/// <see cref="NodeChoice"/>: <c>header</c> (true), whether the first row names the columns; <c>source</c>, <c>target</c>,
/// <c>weight</c> and <c>delay</c>, columns by name or by number from 1, by default as <see cref="EdgeColumns"/> finds them, the last two empty where edges have none, which gives
/// weights of 1; <c>delayUnit</c> (ms); <c>nodeCells</c>, whether cells hold the nodes' <c>labels</c>, which are numbered as they appear or as
/// the table of nodes has them, or <c>numbers</c>, counted from <c>firstNode</c> (0); by default (<c>by-cells</c>) numbers where firstNode is 1 or, nodes being asked for by no name,
/// all cells are numbers (<see cref="NodeNumbers"/>), else labels; <c>edges</c>, a <see cref="Choice"/> by the columns of the
/// list. The nodes are one group for a recurrent projection, otherwise those of the source column and those of the target column.
/// </summary>
internal sealed class EdgeListLoader : IConnectomeLoader
{
    // Nodes up to the highest number are kept, so that one wrong cell must not ask for all memory.
    private const int MostNodes = 1 << 24;

    private const string ByCells = "by-cells";
    private const string AsNumbers = "numbers";

    private readonly TableSettings table;
    private readonly NodeChoice choice;
    private readonly bool header;
    private readonly string source;
    private readonly string target;
    private readonly string weight;
    private readonly string delay;
    private readonly string delayUnit;
    private readonly string nodeCells;
    private readonly int firstNode;
    private readonly string edges;
    private int mostNodes;

    public EdgeListLoader(ISettings settings)
    {
        table = new TableSettings(settings);
        header = settings.Flag("header", true, "whether the first row names the columns");
        source = settings.Text("source", EdgeColumns.ByName, "the column of the source, by name or number; by-name: one named source, pre, from or the like, else the first");
        target = settings.Text("target", EdgeColumns.ByName, "the column of the target, by name or number; by-name: one named target, post, to or the like, else the second");
        weight = settings.Text("weight", EdgeColumns.ByName, "the column of the weight, by name or number; by-name: one named weight, w, synapses or the like, else the third; empty for weights of 1");
        delay = settings.Text("delay", EdgeColumns.ByName, "the column of the delay, by name or number; by-name: one named delay or the like, else none; empty for none");
        delayUnit = settings.Text("delayUnit", "ms", "the unit of the delays");
        nodeCells = settings.Choice(
            "nodeCells", ByCells, [ByCells, "labels", AsNumbers], "what stands in the columns of source and target; by-cells: numbers where all cells are whole numbers from 0, or firstNode is 1, else labels");
        firstNode = settings.Integer("firstNode", 0, 0, 1, "the number of the first node");
        edges = settings.Text("edges", "", "which edges to take: column=value|value");
        choice = new NodeChoice(settings);
    }

    /// <inheritdoc/>
    public IConnectome Open(ConnectomeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var place = new Place(table.Path);
        var columns = Columns();
        var known = table.ReadNodes();
        var (from, to) = (new Dictionary<string, int>(), new Dictionary<string, int>());
        var (sources, targets) = (request.Sources ?? 0, request.Targets ?? 0);
        mostNodes = Math.Max(Math.Max(MostNodes, known?.Count ?? 0), Math.Max(sources, targets));
        var isNumbered = nodeCells == AsNumbers || (nodeCells == ByCells && firstNode > 0);
        var isEmpty = true;
        foreach (var edge in isNumbered ? Read(columns, Node, Node) : Read(columns, (rows, column) => Named(from, rows, column), (rows, column) => Named(to, rows, column)))
        {
            (sources, targets) = isNumbered ? (Math.Max(sources, edge.Source + 1), Math.Max(targets, edge.Target + 1)) : (sources, targets);
            isEmpty = false;
        }

        if (isEmpty)
        {
            throw new DiagnosticException(
                "BM3252", edges.Length == 0 ? "the list has no edge" : $"the list has no edge that '{edges}' takes", place, "a row for each edge",
                edges.Length == 0 ? "name a list with rows, or leave the projection out" : "mend edges, or leave the projection out");
        }

        var isNamed = !isNumbered;
        if (isNamed && nodeCells == ByCells && known is null && !table.Shared && !choice.IsGiven && NodeNumbers.Of(from.Keys, to.Keys, request, mostNodes, place) is { } numbers)
        {
            ((from, to), isNamed) = (numbers, false);
            (sources, targets) = (Math.Max(sources, from.Values.Max() + 1), Math.Max(targets, to.Values.Max() + 1));
        }

        if (!isNamed)
        {
            table.RefuseShared(place);
        }

        var ends = isNamed
            ? choice.ByName([.. from.Keys], [.. to.Keys], known, table.Shared, request.Recurrent, place)
            : choice.ByNumber(known, sources, targets, request.Recurrent, place);
        return new FileConnectome(
            Path.GetFileNameWithoutExtension(table.Path), ends.Sources, ends.Targets, table.WeightUnit,
            columns.Delay < 0 ? null : TableSettings.UnitOf("delayUnit", delayUnit),
            () => isNumbered ? Read(columns, Node, Node) : Read(columns, (rows, column) => from[rows.Text(column)], (rows, column) => to[rows.Text(column)]));
    }

    private static int Named(Dictionary<string, int> nodes, CsvTable rows, int column)
    {
        var label = rows.Text(column);
        if (label.Length == 0)
        {
            throw new DiagnosticException("BM3226", "the cell is empty", rows.PlaceOf(column), "the name of a node", "mend the cell, or name the columns of source and target");
        }

        nodes.TryAdd(label, nodes.Count);
        return nodes[label];
    }

    private EdgeColumns Columns()
    {
        using var rows = table.Open(header);
        return EdgeColumns.Of(rows, source, target, weight, delay);
    }

    private IEnumerable<FileEdge> Read(EdgeColumns columns, Func<CsvTable, int, int> sourceOf, Func<CsvTable, int, int> targetOf)
    {
        using var rows = table.Open(header);
        var taken = new Choice(edges);
        var asked = taken.Columns.Distinct().ToDictionary(name => name, rows.Column);
        while (rows.Read())
        {
            if (taken.TakesAll || taken.Takes(name => rows.Text(asked[name])))
            {
                yield return new FileEdge(
                    sourceOf(rows, columns.Source), targetOf(rows, columns.Target),
                    columns.Weight < 0 ? 1 : rows.Single(columns.Weight), columns.Delay < 0 ? 0 : rows.Single(columns.Delay));
            }
        }
    }

    private int Node(CsvTable rows, int column)
    {
        var number = rows.Number(column) - firstNode;
        if (number >= mostNodes && number == Math.Floor(number))
        {
            throw new DiagnosticException(
                "BM3237", $"'{rows.Text(column)}' would be the number of one of more than {mostNodes} nodes", rows.PlaceOf(column), $"numbers below {mostNodes + firstNode}, without large gaps",
                "mend the cell, or set nodeCells to labels, which numbers nodes as they appear");
        }

        return number is >= 0 and < int.MaxValue && number == Math.Floor(number) ? (int)number : throw new DiagnosticException(
            "BM3226", $"'{rows.Text(column)}' is no number of a node", rows.PlaceOf(column), $"a whole number from {firstNode}", "mend the cell, or set firstNode or nodeCells");
    }
}
