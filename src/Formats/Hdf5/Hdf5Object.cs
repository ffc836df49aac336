namespace BrainModular.Formats.Hdf5;

/// <summary>A group or a dataset.</summary>
/// <param name="File">The path of the file that holds it: another than the one asked where an external link leads there.</param>
/// <param name="Path">Its path in that file, after all links.</param>
/// <param name="Address">Its identity in that file: the same for two paths that are hard links to one object.</param>
/// <param name="IsDataset">Whether it is a dataset; else it is a group (or a named type).</param>
/// <param name="AttributeCount">The number of its attributes.</param>
public sealed record Hdf5Object(string File, string Path, ulong Address, bool IsDataset, int AttributeCount);

/// <summary>What a dataset holds, known without reading its elements.</summary>
/// <param name="Object">The dataset.</param>
/// <param name="Type">The element's type.</param>
/// <param name="Shape">The lengths of the dimensions; empty for a scalar.</param>
/// <param name="Chunk">The shape of a chunk where the dataset is chunked, else null.</param>
/// <param name="Filters">The names of the filters that its chunks went through.</param>
public sealed record Hdf5Dataset(Hdf5Object Object, Hdf5Type Type, IReadOnlyList<long> Shape, IReadOnlyList<long>? Chunk, IReadOnlyList<string> Filters)
{
    /// <summary>The number of elements; a damaged file may claim more than a long can count, which gives the largest long.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (var length in Shape)
            {
                count = length == 0 || count <= long.MaxValue / length ? count * length : long.MaxValue;
            }

            return count;
        }
    }
}

/// <summary>How a link names its target.</summary>
public enum Hdf5LinkKind
{
    /// <summary>Directly.</summary>
    Hard,

    /// <summary>By a path in the same file.</summary>
    Soft,

    /// <summary>By a path in another file.</summary>
    External,
}

/// <summary>An entry of a group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">How it names its target.</param>
/// <param name="Target">The path that a soft or external link names.</param>
/// <param name="File">The file that an external link names.</param>
public sealed record Hdf5Link(string Name, Hdf5LinkKind Kind, string? Target = null, string? File = null);
