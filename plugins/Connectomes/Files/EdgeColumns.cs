using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>
/// Which columns of a list of edges hold what, counted from 0; -1 where edges have none. A column that is not chosen is the one of a well-known name, in
/// capitals or not; where the header has none for it, sources, targets and weights are the first three columns, and there are no delays.
/// </summary>
internal sealed record EdgeColumns(int Source, int Target, int Weight, int Delay)
{
    /// <summary>What stands for a column that is not chosen.</summary>
    public const string ByName = "by-name";

    private static readonly string[] Suffixes = ["", "id", "_id", "_node", "_node_id", "nodeid", "_neuron", "_cell", "_index", "_root_id"];
    private static readonly string[] Sources = Named("source", "src", "from", "pre", "presynaptic");
    private static readonly string[] Targets = Named("target", "tgt", "dst", "dest", "destination", "to", "post", "postsynaptic");
    private static readonly string[] Weights = ["weight", "weights", "w", "syn_weight", "synaptic_weight", "synapses", "syn_count"];
    private static readonly string[] Delays = ["delay", "delays", "syn_delay", "synaptic_delay"];

    /// <summary>Finds the columns of a table.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="source">The chosen column, by name or number, or <see cref="ByName"/>; so are the others.</param>
    /// <param name="target">That of targets.</param>
    /// <param name="weight">That of weights; empty for none.</param>
    /// <param name="delay">That of delays; empty for none.</param>
    /// <exception cref="DiagnosticException">
    /// BM3222: there is no such column, or there are several of well-known names, or only one end has one; or a number stands in the place of the name of weights or delays.
    /// </exception>
    public static EdgeColumns Of(CsvTable rows, string source, string target, string weight, string delay)
    {
        var (from, to) = (Known(rows, "source", source, Sources), Known(rows, "target", target, Targets));
        if (source == ByName && target == ByName && from is null != to is null)
        {
            var (end, other) = from is null ? ("target", "source") : ("source", "target");
            throw Fault(
                rows, $"the column '{rows.Names[(from ?? to)!.Value]}' has the name of a {end}, and no column has that of a {other}", "well-known names for both ends, or for neither",
                "set source and target to the names of their columns");
        }

        var columns = new EdgeColumns(
            from ?? Chosen(rows, source, "1"), to ?? Chosen(rows, target, "2"), weight.Length == 0 ? -1 : Known(rows, "weight", weight, Weights) ?? Chosen(rows, weight, "3"),
            delay.Length == 0 ? -1 : Known(rows, "delay", delay, Delays) ?? (delay == ByName ? -1 : rows.Column(delay)));
        if (weight == ByName && (columns.Weight == columns.Source || columns.Weight == columns.Target || columns.Weight == columns.Delay))
        {
            throw Fault(rows, "no column has the name of a weight, and the third one is another's", "a column named weight", "set weight to the name of its column, or to an empty text where edges have none");
        }

        rows.RefuseNumbersAsNames([.. new[] { (Column: columns.Weight, Chosen: weight), (Column: columns.Delay, Chosen: delay) }.Where(c => IsByPlace(rows, c.Column, c.Chosen)).Select(static c => c.Column)]);
        return columns;
    }

    private static string[] Named(params string[] ends) => [.. ends.SelectMany(static end => Suffixes.Select(suffix => end + suffix))];

    private static int Chosen(CsvTable rows, string chosen, string byDefault) => rows.Column(chosen == ByName ? byDefault : chosen);

    /// <summary>The column of a well-known name; null where there is none, or another was chosen.</summary>
    private static int? Known(CsvTable rows, string what, string chosen, string[] names)
    {
        int[] found = chosen == ByName ? [.. Enumerable.Range(0, rows.Names.Count).Where(i => names.Contains(rows.Names[i], StringComparer.OrdinalIgnoreCase))] : [];
        return found.Length < 2 ? found.Cast<int?>().SingleOrDefault() : throw Fault(
            rows, $"{string.Join(" and ", found.Select(i => $"'{rows.Names[i]}'"))} are both names of a {what}", $"one column of a {what}", $"set {what} to the name of its column");
    }

    // "3" chooses the third column, also where a weight of 3 stands above it; "2019" the one of that name.
    private static bool IsByPlace(CsvTable rows, int column, string chosen) =>
        column >= 0 && rows.Names.Count > 0 && (rows.Names[column] != chosen || chosen == (column + 1).ToString(CultureInfo.InvariantCulture));

    private static DiagnosticException Fault(CsvTable rows, string problem, string expected, string cure) => new("BM3222", problem, rows.PlaceOf(0) with { Path = null, Column = null }, expected, cure);
}
