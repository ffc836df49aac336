namespace BrainModular.Engine.Networks;

/// <summary>What turns the numbers of edges into those of connections.</summary>
/// <param name="Weight">Engine units in one unit of the edges' weights.</param>
/// <param name="Delay">Steps in one unit of the edges' delays; null where connections keep no delays of their own.</param>
public readonly record struct EdgeFactors(double Weight, double? Delay = null);
