using BrainModular.Connectomes;
using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>Tells whether what names the nodes of a list are the numbers of units.</summary>
internal static class NodeNumbers
{
    /// <summary>The numbers of nodes by their cells.</summary>
    /// <param name="from">The cells of the sources.</param>
    /// <param name="to">Those of the targets.</param>
    /// <param name="request">What the list is opened for.</param>
    /// <param name="limit">One more than the largest number that there can be.</param>
    /// <param name="place">The file.</param>
    /// <returns>
    /// Null where they are names: cells that are no whole numbers from 0 on and below the limit, or numbers that begin above 1 and are not those of populations whose sizes are known.
    /// </returns>
    /// <exception cref="DiagnosticException">BM3253: the numbers begin with 1 and have gaps, so that 1 can be the first unit or the second. Without gaps, or up to the size of a population, it is the first.</exception>
    public static (Dictionary<string, int> From, Dictionary<string, int> To)? Of(
        IReadOnlyCollection<string> from, IReadOnlyCollection<string> to, ConnectomeRequest request, int limit, Place place)
    {
        if (Numbers(from, limit) is not { } sources || Numbers(to, limit) is not { } targets)
        {
            return null;
        }

        var lowest = Math.Min(sources.Values.Min(), targets.Values.Min());
        var (most, all) = ((From: sources.Values.Max(), To: targets.Values.Max()), sources.Values.Concat(targets.Values).ToHashSet());
        if (lowest == 1 && (most.From == request.Sources || most.To == request.Targets || all.Count == Math.Max(most.From, most.To)))
        {
            return (FromOne(sources), FromOne(targets));
        }

        if (lowest == 1)
        {
            throw new DiagnosticException(
                "BM3253", $"the nodes are numbered from 1 to {Math.Max(most.From, most.To)}, with gaps: whether node 1 is the first unit or the second is not said", place,
                "nodes numbered from 0, or a word on where they begin",
                "set \"firstNode\" to 1 where node 1 is the first unit, as in MATLAB; \"nodeCells\" to \"numbers\" where it is the second, and the first has no edge; or \"nodeCells\" to \"labels\" to number nodes in the order of the list");
        }

        return lowest == 0 || (most.From < request.Sources && most.To < request.Targets) ? (sources, targets) : null;
    }

    private static Dictionary<string, int> FromOne(Dictionary<string, int> numbers) => numbers.ToDictionary(static n => n.Key, static n => n.Value - 1);

    private static Dictionary<string, int>? Numbers(IReadOnlyCollection<string> cells, int limit)
    {
        var numbers = new Dictionary<string, int>(cells.Count);
        foreach (var cell in cells)
        {
            if (!CsvTable.TryNumber(cell, out var number) || number < 0 || number >= limit || number != Math.Floor(number))
            {
                return null;
            }

            numbers[cell] = (int)number;
        }

        return numbers;
    }
}
