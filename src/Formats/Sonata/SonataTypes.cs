using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;

namespace BrainModular.Formats.Sonata;

/// <summary>The table of the types of nodes or edges: cells parted by spaces, one row for each type; NULL stands for nothing.</summary>
internal sealed class SonataTypes
{
    private readonly string? path;
    private readonly Dictionary<long, int> rows = [];
    private readonly Dictionary<string, List<string?>> columns = [];

    private SonataTypes(string? path) => this.path = path;

    /// <summary>The columns, but for the one that numbers the types.</summary>
    public IReadOnlyCollection<string> Columns => columns.Keys;

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file; null for none, which gives no columns.</param>
    /// <param name="id">The column that numbers the types.</param>
    public static SonataTypes Read(string? path, string id)
    {
        var types = new SonataTypes(path);
        if (path is null)
        {
            return types;
        }

        using var table = CsvTable.Open(path, ' ', header: true);
        var idColumn = table.Column(id);
        if (table.Names.GroupBy(static name => name).FirstOrDefault(static g => g.Count() > 1) is { } twice)
        {
            throw new DiagnosticException("BM3222", $"two columns have the name '{twice.Key}'", new Place(path), "a name for each column", "remove or rename one of them");
        }

        foreach (var name in table.Names.Where(name => name != id))
        {
            types.columns[name] = [];
        }

        while (table.Read())
        {
            if (!types.rows.TryAdd((long)table.Number(idColumn), types.rows.Count))
            {
                throw new DiagnosticException("BM3231", $"the type {table.Text(idColumn)} stands in two rows", table.PlaceOf(idColumn), "a row for each type", "remove one of them");
            }

            for (var i = 0; i < table.Names.Count; i++)
            {
                if (i != idColumn)
                {
                    types.columns[table.Names[i]].Add(table.Text(i) is "NULL" or "" ? null : table.Text(i));
                }
            }
        }

        return types;
    }

    /// <summary>The cell of a type in a column; null where there is no such column, or nothing in it.</summary>
    /// <exception cref="DiagnosticException">BM3231: there is no such type.</exception>
    public string? Cell(long type, string column)
    {
        if (!columns.TryGetValue(column, out var cells))
        {
            return null;
        }

        return rows.TryGetValue(type, out var row) ? cells[row] : throw new DiagnosticException(
            "BM3231", $"there is no type {type}", new Place(path), $"one of {string.Join(", ", rows.Keys)}", "add the type's row, or name the table of these types");
    }

    /// <summary>A cell as a number; null as <see cref="Cell"/>.</summary>
    /// <exception cref="DiagnosticException">BM3223: it is none.</exception>
    public double? Number(long type, string column) => Cell(type, column) is not { } text ? null
        : CsvTable.TryNumber(text, out var number) ? number
        : throw new DiagnosticException("BM3223", $"'{text}' of type {type} is no number", new Place(path, $"column {column}"), "a finite number", "mend the cell, or choose another attribute");
}
