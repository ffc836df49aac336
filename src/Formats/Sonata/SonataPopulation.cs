using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Sonata;

/// <summary>
/// What populations of nodes and of edges have in common: a row for each, whose attributes lie in groups, at an index in its group, and
/// otherwise with its type. What the HDF5 file says of a row goes before what the table says of its type.
/// </summary>
internal sealed class SonataPopulation
{
    // A group of this name holds, for each attribute that is a number of a text, the texts.
    private const string Libraries = "@library";

    private readonly Hdf5File file;
    private readonly string path;
    private readonly string kind;
    private readonly Dictionary<long, IReadOnlyDictionary<string, Hdf5Dataset>> attributes = [];
    private readonly Dictionary<string, Lazy<string[]>> libraries = [];
    private readonly HashSet<string> names;

    /// <summary>Finds the groups of a population and what lies in them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Where the population lies in it.</param>
    /// <param name="kind">"node" or "edge".</param>
    /// <param name="types">The types of its rows.</param>
    /// <exception cref="DiagnosticException">BM3010, BM3014, BM3015, or what opening a file throws that is linked: an attribute is a link that leads nowhere, out of the file's folder or round in a circle.</exception>
    public SonataPopulation(Hdf5File file, string path, string kind, SonataTypes types)
    {
        (this.file, this.path, this.kind, Types) = (file, path, kind, types);
        names = Names(path);
        foreach (var name in names)
        {
            if (long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var group) && !file.Get(At(name)).IsDataset)
            {
                attributes[group] = Attributes(At(name), "").ToDictionary(static a => a.Key, static a => a.Value);
                foreach (var library in Names(At(name)).Contains(Libraries) ? Names($"{At(name)}/{Libraries}") : [])
                {
                    var texts = $"{At(name)}/{Libraries}/{library}";
                    if (file.Get(texts).IsDataset && attributes[group].ContainsKey(library))
                    {
                        libraries[$"{At(name)}/{library}"] = new(() => file.ReadTexts(texts));
                    }
                }
            }
        }
    }

    public string File => file.Path;

    public SonataTypes Types { get; }

    /// <summary>The groups of attributes, by number.</summary>
    public IReadOnlyCollection<long> Groups => attributes.Keys;

    /// <summary>Where a dataset of the population lies.</summary>
    public string At(string name) => $"{path}/{name}";

    /// <summary>Whether the population has a dataset of that name; one behind a link that leads nowhere is not taken for absent.</summary>
    public bool Has(string name) => names.Contains(name) && file.Get(At(name)).IsDataset;

    public long[] Longs(string name, long start, long count) => file.ReadLongs(At(name), Hdf5Window.Rows(start, count));

    /// <summary>The attributes of one number a row in a group, those of <c>dynamics_params</c> by that name before a stroke.</summary>
    public IEnumerable<string> NumericAttributes(long group) =>
        attributes[group].Where(a => a.Value is { Type.IsNumber: true, Shape.Count: 1 } && !libraries.ContainsKey(At($"{group}/{a.Key}"))).Select(static a => a.Key);

    /// <summary>The attributes of one text a row in a group, also those that give the text's number in a library.</summary>
    public IEnumerable<string> TextAttributes(long group) =>
        attributes[group].Where(a => a.Value is { Shape.Count: 1 } && (a.Value.Type.Kind == Hdf5Kind.Text || libraries.ContainsKey(At($"{group}/{a.Key}")))).Select(static a => a.Key);

    /// <summary>Which group each of some rows lies in, at which index, and of which type it is.</summary>
    public RowPlaces Rows(long start, long count)
    {
        // Without a column of groups there is one group, in which rows lie in order; without one of types there are none.
        var groups = Has($"{kind}_group_id") ? Longs($"{kind}_group_id", start, count) : new long[count];
        long[] indices = Has($"{kind}_group_index") ? Longs($"{kind}_group_index", start, count) : [.. Enumerable.Range(0, (int)count).Select(i => start + i)];
        return new RowPlaces(start, groups, indices, Has($"{kind}_type_id") ? Longs($"{kind}_type_id", start, count) : null);
    }

    /// <summary>An attribute of some rows: a number each, or null where neither a row's group nor its type has one.</summary>
    /// <exception cref="DiagnosticException">BM3232: rows and attributes are at odds, or a group's attribute is a text.</exception>
    public double?[] Numbers(RowPlaces rows, string attribute)
    {
        var values = new double?[rows.Groups.Length];
        foreach (var group in rows.Groups.Distinct())
        {
            var at = At($"{group}/{attribute}");
            if (!Stands(group, attribute))
            {
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = rows.Groups[i] == group && rows.Types is { } ids ? Types.Number(ids[i], attribute) : values[i];
                }

                continue;
            }

            if (libraries.ContainsKey(at))
            {
                throw new DiagnosticException("BM3232", "the attribute is a text, by its number in a library, where a number is wanted", new Place(file.Path, at), "numbers", "name another attribute");
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
            var at = At($"{group}/{attribute}");
            var stands = Stands(group, attribute);
            var (first, last) = stands ? Span(rows, group, at) : default;
            var read = stands ? TextsOf(at, Hdf5Window.Rows(first, last - first + 1)) : [];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = rows.Groups[i] != group ? values[i] : stands ? read[rows.Indices[i] - first] : (rows.Types is { } ids ? Types.Cell(ids[i], attribute) : null) ?? "";
            }
        }

        return values;
    }

    public DiagnosticException Fault(string id, string problem, string name, string expected, string cure) => new(id, problem, new Place(file.Path, At(name)), expected, cure);

    private HashSet<string> Names(string group) => [.. file.Links(group).Select(static link => link.Name)];

    private bool Stands(long group, string attribute) => attributes.TryGetValue(group, out var known) && known.ContainsKey(attribute);

    private IEnumerable<KeyValuePair<string, Hdf5Dataset>> Attributes(string group, string prefix) => file.Links(group).SelectMany(link =>
        file.Get($"{group}/{link.Name}").IsDataset ? [new(prefix + link.Name, file.Dataset($"{group}/{link.Name}"))]
        : prefix.Length == 0 && link.Name == SonataParameters.Column ? Attributes($"{group}/{link.Name}", SonataParameters.Column + "/")
        : Array.Empty<KeyValuePair<string, Hdf5Dataset>>());

    private string[] TextsOf(string at, Hdf5Window window)
    {
        if (!libraries.TryGetValue(at, out var texts))
        {
            return file.ReadTexts(at, window);
        }

        var library = texts.Value;
        return [.. file.ReadLongs(at, window).Select(number => number >= 0 && number < library.Length ? library[number] : throw new DiagnosticException(
            "BM3232", $"a row has text {number}, of which the library has {library.Length}", new Place(file.Path, at), "a number from 0 for each text of the library", "have the file's author mend it"))];
    }

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
