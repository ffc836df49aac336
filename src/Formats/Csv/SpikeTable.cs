using BrainModular.Diagnostics;

namespace BrainModular.Formats.Csv;

/// <summary>Spikes of a table that has a row for each, in any order.</summary>
/// <param name="Nodes">The node of each spike.</param>
/// <param name="Times">When it spiked, in the table's own unit.</param>
public sealed record SpikeTable(IReadOnlyList<long> Nodes, IReadOnlyList<double> Times)
{
    private const string PopulationColumn = "population";

    /// <summary>Reads a table.</summary>
    /// <param name="path">The file.</param>
    /// <param name="delimiter">What stands between two cells.</param>
    /// <param name="header">Whether the first row names the columns.</param>
    /// <param name="time">The column of times, by name or by number from 1.</param>
    /// <param name="node">The column of nodes.</param>
    /// <param name="population">The population whose spikes are taken, by the column <c>population</c>; null for all rows.</param>
    /// <exception cref="DiagnosticException">As <see cref="CsvTable.Open"/> and its columns; BM3250: a node is no whole number; BM3251: the table has spikes of several populations, or none of the one that is asked for.</exception>
    public static SpikeTable Read(string path, char delimiter, bool header, string time, string node, string? population)
    {
        using var table = CsvTable.Open(path, delimiter, header, isBlank: true);
        var (times, nodes) = (table.Column(time), table.Column(node));
        var populations = population is not null ? table.Column(PopulationColumn) : table.Names.ToList().IndexOf(PopulationColumn);
        var (ids, at, seen) = (new List<long>(), new List<double>(), new SortedSet<string>(StringComparer.Ordinal));
        while (table.Read())
        {
            if (populations >= 0)
            {
                seen.Add(table.Text(populations));
                if (population is not null && table.Text(populations) != population)
                {
                    continue;
                }
            }

            var id = table.Number(nodes);
            if (id < 0 || id > long.MaxValue / 2 || id != Math.Floor(id))
            {
                throw new DiagnosticException("BM3250", $"'{table.Text(nodes)}' is no number of a node", table.PlaceOf(nodes), "a whole number from 0", "mend the cell, or name another column");
            }

            ids.Add((long)id);
            at.Add(table.Number(times));
        }

        return (population is null ? seen.Count <= 1 : seen.Contains(population)) ? new(ids, at) : throw new DiagnosticException(
            "BM3251", population is null ? "there are spikes of several populations" : $"there are no spikes of population '{population}'", new Place(path),
            $"one of {string.Join(", ", seen)}", "name another population");
    }
}
