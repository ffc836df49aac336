namespace BrainModular.Export.Checking;

/// <summary>What the engine computed, to hold a file against. All arrays are in engine units and laid out [step][unit].</summary>
/// <param name="Name">Which sweep or trial, for messages.</param>
/// <param name="Steps">The number of steps.</param>
/// <param name="Rows">What the step read, by the name of the port or noise row: steps x units.</param>
/// <param name="States">Each state at the start of every step and after the last: (steps + 1) x units.</param>
/// <param name="Events">Each event output: steps x units of 0 or 1.</param>
public sealed record ReferenceTrajectory(
    string Name,
    int Steps,
    IReadOnlyDictionary<string, double[]> Rows,
    IReadOnlyDictionary<string, double[]> States,
    IReadOnlyDictionary<string, double[]> Events);
