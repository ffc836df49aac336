namespace BrainModular.Engine.Networks;

/// <summary>
/// Who is connected to whom, as compressed sparse rows by source: the connections of source i are those from RowStart[i] up to
/// RowStart[i + 1], in ascending order of delay where they have one each, then of target (<see cref="ConnectionOrder"/>). Several connections
/// from one unit to another are kept apart.
/// </summary>
/// <param name="Sources">How many source units.</param>
/// <param name="Targets">How many target units.</param>
/// <param name="RowStart">[Sources + 1].</param>
/// <param name="Target">[connection].</param>
/// <param name="Weight">[connection], in engine units; empty where the weights are elsewhere.</param>
/// <param name="Delay">[connection], in steps; null where all connections have the projection's own.</param>
public sealed record Connections(int Sources, int Targets, long[] RowStart, int[] Target, float[] Weight, ushort[]? Delay = null)
{
    /// <summary>How many connections.</summary>
    public int Count => Target.Length;
}
