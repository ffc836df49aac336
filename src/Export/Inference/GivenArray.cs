using BrainModular.Diagnostics;
using BrainModular.Formats.Arrays;

namespace BrainModular.Export.Inference;

/// <summary>Numbers for an input of a model.</summary>
/// <param name="Array">The numbers, [time, batch, n]; [batch, n] for a first state, with an axis of steps between them for a delay line.</param>
/// <param name="Place">Where they come from, for messages.</param>
public sealed record GivenArray(NumberArray Array, Place Place = default);
