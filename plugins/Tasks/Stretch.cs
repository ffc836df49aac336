namespace BrainModular.Plugins.Tasks;

/// <summary>A part of a trial, in the trial's order.</summary>
/// <param name="Name">The period's name, or null for steps that belong to none.</param>
/// <param name="Duration">In ms; a stretch of 0 ms is left out.</param>
internal readonly record struct Stretch(string? Name, double Duration);
