using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Sonata;

/// <summary>
/// What populations of nodes and of edges have in common: a row for each, whose attributes lie in groups, at an index in its group, and
/// otherwise with its type. What the HDF5 file says of a row goes before what the table says of its type.
/// </summary>
internal sealed class SonataPopulation(Hdf5File file, string path, string kind, SonataTypes types)
{
    public string File => file.Path;

    public SonataTypes Types => types;

    /// <summary>Where a dataset of the population lies.</summary>
    public string At(string name) => $"{path}/{name}";

    /// <summary>The groups of attributes, by number.</summary>
    public IReadOnlyList<long> Groups { get; } =
        [.. file.Links(path).Where(link => long.TryParse(link.Name, out _) && file.Find($"{path}/{link.Name}") is { IsDataset: false }).Select(link => long.Parse(link.Name, System.Globalization.CultureInfo.InvariantCulture))];

    public bool Has(string name) => file.Find(At(name)) is { IsDataset: true };

    public long[] Longs(string name, long start, long count) => file.ReadLongs(At(name), Hdf5Window.Rows(start, count));

    /// <summary>The attributes of one number a row in a group, those of <c>dynamics_params</c> by that name before a stroke.</summary>
    public IEnumerable<string> NumericAttributes(long group) => Attributes($"{path}/{group}", "").Where(name => file.Dataset($"{path}/{group}/{name}") is { Type.IsNumber: true, Shape.Count: 1 });

    /// <summary>The attributes of one text a row in a group.</summary>
    public IEnumerable<string> TextAttributes(long group) => Attributes($"{path}/{group}", "").Where(name => file.Dataset($"{path}/{group}/{name}") is { Type.Kind: Hdf5Kind.Text, Shape.Count: 1 });

    /// <summary>Which group each of some rows lies in, at which index, and of which type it is.</summary>
    public RowPlaces Rows(long start, long count)
    {
        // Without a column of groups there is one group, in which rows lie in order; without one of types there are none.
        var groups = Has($"{kind}_group_id") ? Longs($"{kind}_group_id", start, count) : new long[count];
        long[] indices = Has($"{kind}_group_index") ? Longs($"{kind}_group_index", start, count) : [.. Enumerable.Range(0, (int)count).Select(i => start + i)];
        return new RowPlaces(start, groups, indices, Has($"{kind}_type_id") ? Longs($"{kind}_type_id", start, count) : null);
    }

    /// <summary>An attribute of some rows: a number each, or null where neither a row's group nor its type has one.</summary>
    public double?[] Numbers(RowPlaces rows, string attribute)
    {
        var values = new double?[rows.Groups.Length];
        foreach (var group in rows.Groups.Distinct())
        {
            var at = $"{path}/{group}/{attribute}";
            if (file.Find(at) is not { IsDataset: true })
            {
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = rows.Groups[i] == group && rows.Types is { } ids ? types.Number(ids[i], attribute) : values[i];
                }

                continue;
            }

            var (first, last) = Span(rows, group, at);
            var read = file.ReadDoubles(at, Hdf5Window.Rows(first, last - first + 1));
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = rows.Groups[i] == group ? read[rows.Indices[i] - first] : values[i];
            }
        }

        return values;
    }

    /// <summary>An attribute of some rows: a text each, empty where neither a row's group nor its type has one.</summary>
    public string[] Texts(RowPlaces rows, string attribute)
    {
        var values = new string[rows.Groups.Length];
        foreach (var group in rows.Groups.Distinct())
        {
            var at = $"{path}/{group}/{attribute}";
            var stands = file.Find(at) is { IsDataset: true };
            var (first, last) = stands ? Span(rows, group, at) : default;
            var read = stands ? file.ReadTexts(at, Hdf5Window.Rows(first, last - first + 1)) : [];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = rows.Groups[i] != group ? values[i] : stands ? read[rows.Indices[i] - first] : (rows.Types is { } ids ? types.Cell(ids[i], attribute) : null) ?? "";
            }
        }

        return values;
    }

    public DiagnosticException Fault(string id, string problem, string name, string expected, string cure) => new(id, problem, new Place(file.Path, At(name)), expected, cure);

    private IEnumerable<string> Attributes(string group, string prefix) => file.Links(group).SelectMany(link => file.Find($"{group}/{link.Name}") switch
    {
        { IsDataset: true } => [prefix + link.Name],
        { IsDataset: false } when prefix.Length == 0 && link.Name == "dynamics_params" => Attributes($"{group}/{link.Name}", "dynamics_params/"),
        _ => Array.Empty<string>(),
    });

    private (long First, long Last) Span(RowPlaces rows, long group, string at)
    {
        var (first, last) = (long.MaxValue, long.MinValue);
        for (var i = 0; i < rows.Groups.Length; i++)
        {
            if (rows.Groups[i] == group)
            {
                (first, last) = (Math.Min(first, rows.Indices[i]), Math.Max(last, rows.Indices[i]));
            }
        }

        var length = file.Dataset(at).Shape is [var one, ..] ? one : 0;
        return first >= 0 && last < length ? (first, last) : throw new DiagnosticException(
            "BM3232", $"rows lie at {first} to {last} of their group, whose attribute has {length}", new Place(file.Path, at), "an attribute for each row", "have the file's author mend it");
    }
}

/// <summary>Where the attributes of some rows lie.</summary>
/// <param name="Start">The first row.</param>
/// <param name="Groups">[row]: the group.</param>
/// <param name="Indices">[row]: the index in the group.</param>
/// <param name="Types">[row]: the type; null where rows have none.</param>
internal sealed record RowPlaces(long Start, long[] Groups, long[] Indices, long[]? Types);
