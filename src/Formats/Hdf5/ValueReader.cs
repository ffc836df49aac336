namespace BrainModular.Formats.Hdf5;

/// <summary>Reads attributes, and the shapes of dataspaces.</summary>
internal static unsafe class ValueReader
{
    // An attribute larger than this is damage: HDF5 itself keeps them below 64 KiB unless told otherwise.
    private const long LargestAttribute = 1L << 26;

    /// <summary>An attribute's content, or null where it cannot be read.</summary>
    public static Hdf5Value? Attribute(long location, string name)
    {
        using var attribute = new Handle(Native.H5Aopen(location, name, 0));
        using var type = new Handle(attribute.Failed ? -1 : Native.H5Aget_type(attribute));
        using var space = new Handle(attribute.Failed ? -1 : Native.H5Aget_space(attribute));
        if (type.Failed || space.Failed || Shape(space) is not { } shape)
        {
            return null;
        }

        var described = TypeReader.Describe(type);
        return Decode(described, shape, type, space, buffer => Native.H5Aread(attribute, type, buffer));
    }

    /// <summary>The lengths of a dataspace's dimensions: none for a scalar, {0} for an empty one, null where they make no sense.</summary>
    public static long[]? Shape(long space)
    {
        switch (Native.H5Sget_simple_extent_type(space))
        {
            case NativeConstants.SpaceScalar:
                return [];
            case NativeConstants.SpaceNull:
                return [0];
            case NativeConstants.SpaceSimple:
                var sizes = stackalloc ulong[32];
                var rank = Native.H5Sget_simple_extent_dims(space, sizes, null);
                if (rank < 0)
                {
                    return null;
                }

                var shape = new long[rank];
                for (var i = 0; i < rank; i++)
                {
                    if (sizes[i] > long.MaxValue)
                    {
                        return null;
                    }

                    shape[i] = (long)sizes[i];
                }

                return shape;
            default:
                return null;
        }
    }

    public delegate int Filling(void* buffer);

    /// <summary>Reads elements in the file's own type through <paramref name="fill"/> and decodes them; null where reading fails.</summary>
    public static Hdf5Value? Decode(Hdf5Type type, IReadOnlyList<long> shape, long nativeType, long memorySpace, Filling fill, long largest = LargestAttribute)
    {
        long count = 1;
        foreach (var length in shape)
        {
            count = length == 0 ? 0 : count > largest / length ? long.MaxValue : count * length;
        }

        if (count == 0)
        {
            return new Hdf5Value(type, shape, []);
        }

        if (type.Size <= 0 || count > largest / type.Size)
        {
            return null;
        }

        var buffer = GC.AllocateUninitializedArray<byte>((int)(count * type.Size), pinned: true);
        Array.Clear(buffer);
        fixed (byte* start = buffer)
        {
            if (fill(start) < 0)
            {
                return null;
            }

            var elements = new object[count];
            for (long i = 0; i < count; i++)
            {
                elements[i] = ValueDecoder.Decode(start + (i * type.Size), type);
            }

            if (OwnsMemory(type))
            {
                _ = Native.H5Dvlen_reclaim(nativeType, memorySpace, 0, start);
            }

            return new Hdf5Value(type, shape, elements);
        }
    }

    private static bool OwnsMemory(Hdf5Type type) =>
        type.Variable || type.Kind == Hdf5Kind.Ragged
        || (type.Element is { } element && OwnsMemory(element))
        || (type.Members is { } members && members.Any(member => OwnsMemory(member.Type)));
}
