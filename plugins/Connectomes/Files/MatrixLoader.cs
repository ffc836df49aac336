using BrainModular.Connectomes;
using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;
using BrainModular.Plugins;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>
/// <c>matrix</c>: a table (CSV, TSV) of weights, one cell for each pair of nodes; 0 and an empty cell are no connection. Settings, beside those of
/// <see cref="TableSettings"/> and <see cref="NodeChoice"/>: <c>labels</c>, what names the nodes in the matrix itself: <c>none</c> (nothing),
/// <c>first-row</c> (those of a square matrix) or <c>both</c> (the first row and the first column); <c>labelFile</c>, a table whose cells name the nodes of an unlabelled square matrix;
/// <c>orientation</c>, whether <c>rows-are-sources</c> or <c>rows-are-targets</c>. The nodes are one group for a recurrent projection, otherwise
/// those of the rows and those of the columns.
/// </summary>
internal sealed class MatrixLoader : IConnectomeLoader
{
    private readonly TableSettings table;
    private readonly NodeChoice choice;
    private readonly bool header;
    private readonly bool rowNames;
    private readonly string? labelFile;
    private readonly bool rowsAreSources;

    public MatrixLoader(ISettings settings)
    {
        table = new TableSettings(settings);
        var labels = settings.Choice("labels", "none", ["none", "first-row", "both"], "what names the nodes in the matrix: nothing, the first row, or first row and column");
        (header, rowNames) = (labels != "none", labels == "both");
        labelFile = settings.OptionalPath("labelFile", "a table whose cells name the nodes of a square matrix");
        rowsAreSources = settings.Choice("orientation", "rows-are-sources", ["rows-are-sources", "rows-are-targets"], "what the rows are") == "rows-are-sources";
        choice = new NodeChoice(settings);
    }

    /// <inheritdoc/>
    public IConnectome Open(ConnectomeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var place = new Place(table.Path);
        var (rows, columns) = Size();
        var names = Names(rows, columns, place);
        if (request.Recurrent && names is null && rows != columns)
        {
            throw new DiagnosticException(
                "BM3228", $"the matrix has {rows} rows and {columns} columns", place, "a square matrix for a recurrent projection",
                "join two populations, or name rows and columns");
        }

        var known = table.ReadNodes();
        (EdgeEnd Sources, EdgeEnd Targets) ends;
        if (names is { } named)
        {
            var (from, to) = rowsAreSources ? named : (named.Columns, named.Rows);
            ends = choice.ByName(from, to, known, table.Shared, request.Recurrent, place);
        }
        else
        {
            table.RefuseShared(place);
            var (from, to) = rowsAreSources ? (rows, columns) : (columns, rows);
            ends = choice.ByNumber(known, from, to, request.Recurrent, place);
        }

        return new FileConnectome(Path.GetFileNameWithoutExtension(table.Path), ends.Sources, ends.Targets, table.WeightUnit, null, Read);
    }

    private (int Rows, int Columns) Size()
    {
        using var matrix = table.Open(header);
        var (rows, columns) = (0, matrix.Width);
        for (; matrix.Read(); rows++)
        {
            columns = matrix.Width;
        }

        return (rows, rowNames ? columns - 1 : columns);
    }

    private (IReadOnlyList<string> Rows, IReadOnlyList<string> Columns)? Names(int rows, int columns, Place place)
    {
        if (rowNames)
        {
            using var matrix = table.Open(header: true);
            var names = new List<string>(rows);
            while (matrix.Read())
            {
                names.Add(matrix.Text(0));
            }

            return (names, [.. matrix.Names.Skip(1)]);
        }

        if (!header && labelFile is null)
        {
            return null;
        }

        var labels = header ? FirstRow() : Cells(labelFile!);
        return labels.Count == rows && rows == columns ? (labels, labels) : throw new DiagnosticException(
            "BM3228", $"the matrix has {rows} rows and {columns} columns, and there are {labels.Count} labels", place, "a square matrix with a label for each row",
            "name the label file of this matrix, or say where its labels are");
    }

    private IReadOnlyList<string> FirstRow()
    {
        using var matrix = table.Open(header: true);
        return matrix.Names;
    }

    private List<string> Cells(string path)
    {
        using var cells = CsvTable.Open(path, table.DelimiterOf(path), header: false, isBlank: true);
        var labels = new List<string>();
        while (cells.Read())
        {
            labels.AddRange(Enumerable.Range(0, cells.Width).Select(cells.Text));
        }

        return labels;
    }

    private IEnumerable<FileEdge> Read()
    {
        using var matrix = table.Open(header);
        var first = rowNames ? 1 : 0;
        for (var row = 0; matrix.Read(); row++)
        {
            for (var column = first; column < matrix.Width; column++)
            {
                if (!matrix.IsEmpty(column) && matrix.Single(column) is var weight && weight != 0)
                {
                    yield return rowsAreSources
                        ? new FileEdge(row, column - first, weight, 0)
                        : new FileEdge(column - first, row, weight, 0);
                }
            }
        }
    }
}
