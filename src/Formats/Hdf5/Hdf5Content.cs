namespace BrainModular.Formats.Hdf5;

/// <summary>Stands for a reference to the object at a path, in what is written.</summary>
/// <param name="Path">The object's path; it must exist when the reference is written.</param>
public readonly record struct Hdf5Target(string Path);

/// <summary>A column of a compound dataset that is to be written.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Values">Its values by row: an array of numbers or of <see cref="Hdf5Target"/>.</param>
public sealed record Hdf5Column(string Name, Array Values);

/// <summary>How a dataset that is to be written is stored.</summary>
/// <param name="Chunk">The shape of a chunk, or null for one contiguous block without compression.</param>
/// <param name="Deflate">gzip's level, 1 to 9; 0 for none.</param>
/// <param name="Shuffle">Whether bytes of equal weight are put together before compression.</param>
public sealed record Hdf5Storage(IReadOnlyList<long>? Chunk = null, int Deflate = 0, bool Shuffle = false);
