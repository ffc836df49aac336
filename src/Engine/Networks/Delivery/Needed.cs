namespace BrainModular.Engine.Networks.Delivery;

/// <summary>Where the adjoint of what was sent in a step matters: elsewhere the surrogate has no slope.</summary>
/// <param name="count">How many units it matters of, in at least one lane.</param>
/// <param name="units">These units, in ascending order; null for all.</param>
/// <param name="masks">Of each of them the lanes, a bit each; null for all.</param>
/// <param name="numbers">How many units and lanes that makes together.</param>
internal readonly unsafe ref struct Needed(int count, int* units, ulong* masks, long numbers)
{
    public int Count => count;

    public int* Units => units;

    public ulong* Masks => masks;

    public long Numbers => numbers;

    public int Unit(int i) => units is null ? i : units[i];
}
