using BrainModular.Diagnostics;

namespace BrainModular.Formats.Hdf5;

/// <summary>A rectangular part of a dataset.</summary>
/// <param name="Start">Where it starts, by dimension. Missing trailing dimensions start at 0.</param>
/// <param name="Count">How many positions it takes, by dimension. Missing trailing dimensions are taken whole.</param>
public sealed record Hdf5Window(IReadOnlyList<long> Start, IReadOnlyList<long> Count)
{
    /// <summary>A part of the first dimension; the others are taken whole.</summary>
    public static Hdf5Window Rows(long start, long count) => new([start], [count]);

    /// <summary>The window with every dimension of the given shape spelt out.</summary>
    /// <exception cref="DiagnosticException">BM3012: it reaches outside the shape.</exception>
    internal (ulong[] Start, ulong[] Count) In(IReadOnlyList<long> shape, Place place)
    {
        var start = new ulong[shape.Count];
        var count = new ulong[shape.Count];
        var fits = Start.Count <= shape.Count && Count.Count == Start.Count;
        for (var i = 0; i < shape.Count && fits; i++)
        {
            var from = i < Start.Count ? Start[i] : 0;
            var length = i < Count.Count ? Count[i] : shape[i];
            fits = from >= 0 && length >= 0 && length <= shape[i] && from <= shape[i] - length;
            start[i] = (ulong)from;
            count[i] = (ulong)length;
        }

        return fits ? (start, count) : throw new DiagnosticException(
            "BM3012",
            $"the part from {string.Join(" x ", Start)}, {string.Join(" x ", Count)} long, reaches outside the dataset",
            place,
            $"a part of {string.Join(" x ", shape)}",
            "ask for a smaller part");
    }
}
