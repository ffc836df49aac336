namespace BrainModular.Engine.Networks;

/// <summary>Units of a population that lie side by side.</summary>
/// <param name="First">The first one's number, a multiple of <see cref="Alignment"/>.</param>
/// <param name="Count">How many.</param>
internal readonly record struct UnitRange(int First, int Count)
{
    /// <summary>Ranges begin where vectors of any kind and lines of memory begin, so that each unit is computed in the same place of a vector however many ranges there are.</summary>
    public const int Alignment = 16;

    public int End => First + Count;

    /// <summary>One of several ranges of nearly the same size that together hold all units.</summary>
    public static UnitRange Of(int units, int part, int parts)
    {
        var (first, end) = (Bound(units, part, parts), Bound(units, part + 1, parts));
        return new(first, end - first);
    }

    private static int Bound(int units, int part, int parts) => part == parts ? units : (int)((long)units * part / parts / Alignment * Alignment);
}
