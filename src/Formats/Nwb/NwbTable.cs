using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>A DynamicTable, read whole.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Description">What it holds.</param>
/// <param name="Ids">The number of each row, in the file's own counting.</param>
/// <param name="Columns">Its columns, in the file's order.</param>
/// <param name="Categories">The tables that an aligned table joins row by row, by name.</param>
public sealed record NwbTable(
    string Path, string Description, IReadOnlyList<long> Ids, IReadOnlyList<NwbColumn> Columns, IReadOnlyDictionary<string, NwbTable> Categories)
{
    /// <summary>A column by name, or null.</summary>
    public NwbColumn? Column(string name) => Columns.FirstOrDefault(column => column.Name == name);

    internal static NwbTable Read(Hdf5File file, string path, FaultLog log)
    {
        var attributes = file.Attributes(path);
        var names = Names(attributes, "colnames");
        var columns = new List<NwbColumn>();
        foreach (var name in names)
        {
            var column = $"{path}/{name}";
            if (file.Find(column) is { IsDataset: true })
            {
                columns.Add(NwbColumn.Read(file, column, log));
            }
            else
            {
                log.Add(new Diagnostic("BM3025", $"the table lacks its column {name}", new Place(file.Path, path)));
            }
        }

        var categories = Names(attributes, "categories")
            .Where(name => file.Find($"{path}/{name}") is { IsDataset: false })
            .ToDictionary(name => name, name => Read(file, $"{path}/{name}", log));
        return new NwbTable(path, attributes.GetValueOrDefault("description")?.Text ?? "", ReadIds(file, path, columns), columns, categories);
    }

    private static IEnumerable<string> Names(IReadOnlyDictionary<string, Hdf5Value> attributes, string name) =>
        attributes.GetValueOrDefault(name)?.Texts.Distinct() ?? [];

    private static long[] ReadIds(Hdf5File file, string path, List<NwbColumn> columns) =>
        file.Find($"{path}/id") is { IsDataset: true } && file.Dataset($"{path}/id").Type.Kind == Hdf5Kind.Integer
            ? file.ReadLongs($"{path}/id")
            : [.. Enumerable.Range(0, columns.Count == 0 ? 0 : columns.Max(column => column.Cells.Count)).Select(row => (long)row)];
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it holds.</param>
/// <param name="Cells">
/// One cell per row, as <see cref="Hdf5Value.Elements"/> has it; in a ragged column an <c>object[]</c> of such values, nested as deep as the column's indices.
/// In a column with more than one dimension each cell is an <c>object[]</c>.
/// </param>
public sealed record NwbColumn(string Name, string Description, IReadOnlyList<object> Cells)
{
    internal static NwbColumn Read(Hdf5File file, string path, FaultLog log)
    {
        var value = file.Read(path);
        IReadOnlyList<object> cells = value.Shape.Count > 1 ? Rows(value) : value.Elements;
        for (var index = path + "_index"; file.Find(index) is { IsDataset: true }; index += "_index")
        {
            cells = Group(cells, file.ReadLongs(index), new Place(file.Path, index), log);
        }

        return new NwbColumn(path[(path.LastIndexOf('/') + 1)..], file.Attribute(path, "description")?.Text ?? "", cells);
    }

    private static object[] Rows(Hdf5Value value)
    {
        var width = value.Shape[0] == 0 ? 0 : (int)(value.Elements.Length / value.Shape[0]);
        return [.. Enumerable.Range(0, (int)value.Shape[0]).Select(row => value.Elements[(row * width)..((row + 1) * width)])];
    }

    // An index holds where each row's cells end; they begin where the row before ends.
    private static object[] Group(IReadOnlyList<object> cells, long[] ends, Place place, FaultLog log)
    {
        var rows = new object[ends.Length];
        var start = 0;
        for (var row = 0; row < ends.Length; row++)
        {
            var end = (int)Math.Clamp(ends[row], start, cells.Count);
            if (end != ends[row])
            {
                log.Add(new Diagnostic(
                    "BM3025", $"row {row} ends at {ends[row]}, outside the column", place, $"rising numbers from {start} to {cells.Count}", "the row is cut to what there is"));
            }

            rows[row] = cells.Skip(start).Take(end - start).ToArray();
            start = end;
        }

        return rows;
    }
}
