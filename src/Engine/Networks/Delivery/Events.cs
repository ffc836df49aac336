using System.Numerics;

namespace BrainModular.Engine.Networks.Delivery;

/// <summary>What was sent in one step.</summary>
/// <param name="count">How many units were active.</param>
/// <param name="units">The active units, ascending.</param>
/// <param name="masks">For each of them, a bit for every lane in which it was active.</param>
/// <param name="values">Their values, [active unit][lane].</param>
internal readonly unsafe ref struct Events<T>(int count, int* units, ulong* masks, T* values)
    where T : unmanaged, INumberBase<T>
{
    public int Count { get; } = count;

    public int* Units { get; } = units;

    public ulong* Masks { get; } = masks;

    public T* Values { get; } = values;
}
