using System.Runtime.InteropServices;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Hdf5;

/// <summary>An open dataset: its description, and its elements or a window of them.</summary>
internal sealed unsafe class DatasetReader : IDisposable
{
    // One reading gives at most this many bytes; larger data is read by windows.
    private const long LargestReading = int.MaxValue - 64;

    private readonly Handle _dataset;
    private readonly Handle _type;
    private readonly Handle _space;

    /// <summary>Takes over the handle, unless it throws.</summary>
    public DatasetReader(Handle dataset, Hdf5Object described)
    {
        var place = new Place(described.File, described.Path);
        if (!described.IsDataset)
        {
            throw new DiagnosticException("BM3011", "this is a group", place, "a dataset");
        }

        _dataset = dataset;
        _type = new Handle(Native.H5Dget_type(dataset));
        _space = new Handle(Native.H5Dget_space(dataset));
        using var creation = new Handle(Native.H5Dget_create_plist(dataset));
        var shape = _space.Failed ? null : ValueReader.Shape(_space);
        if (_type.Failed || creation.Failed || shape is null)
        {
            var fault = Hdf5Fault.Native(described.File, described.Path, "reading the dataset's type and shape");
            _type.Dispose();
            _space.Dispose();
            throw fault;
        }

        var (chunk, filters, obstacle) = Storage(creation, shape.Length, place);
        Dataset = new Hdf5Dataset(described, TypeReader.Describe(_type), shape, chunk, filters);
        Obstacle = obstacle ?? Shortage(creation, place);
    }

    public Hdf5Dataset Dataset { get; }

    // Why the elements cannot be read although the dataset can be described.
    private Diagnostic? Obstacle { get; }

    private Place Place => new(Dataset.Object.File, Dataset.Object.Path);

    public T[] Numbers<T>(Hdf5Window? window)
        where T : unmanaged
    {
        if (!Dataset.Type.IsNumber && Dataset.Type.Kind != Hdf5Kind.Boolean && !IsOddFloat())
        {
            throw new DiagnosticException("BM3011", $"the dataset holds {Dataset.Type}", Place, "numbers");
        }

        var (start, count, size) = Extent(window, sizeof(T));
        var numbers = new T[size];
        if (size == 0)
        {
            return numbers;
        }

        // A boolean is an enumeration, which libhdf5 turns into no float: its bytes are read as they are.
        if (Dataset.Type.Kind == Hdf5Kind.Boolean)
        {
            var values = Values(window).Elements;
            for (var i = 0; i < size; i++)
            {
                numbers[i] = Convert<T>(values[i] is true ? 1 : 0);
            }

            return numbers;
        }

        fixed (T* buffer = numbers)
        {
            Fill(buffer, Hdf5Library.Constants.Number(typeof(T)), start, count);
        }

        return numbers;
    }

    public Hdf5Value Values(Hdf5Window? window)
    {
        var (start, count, size) = Extent(window, Math.Max(1, Dataset.Type.Size));
        var shape = Array.ConvertAll(count, length => (long)length);
        if (size == 0)
        {
            return new Hdf5Value(Dataset.Type, Dataset.Shape.Count == 0 ? [0] : shape, []);
        }

        using var memory = MemorySpace(count);
        return ValueReader.Decode(
            Dataset.Type, shape, _type, memory, buffer =>
            {
                Fill(buffer, _type, start, count);
                return 0;
            },
            LargestReading)!;
    }

    public void Dispose()
    {
        _space.Dispose();
        _type.Dispose();
        _dataset.Dispose();
    }

    private static T Convert<T>(int number)
        where T : unmanaged => (T)System.Convert.ChangeType(number, typeof(T), System.Globalization.CultureInfo.InvariantCulture);

    private static (IReadOnlyList<long>? Chunk, IReadOnlyList<string> Filters, Diagnostic? Obstacle) Storage(long creation, int rank, Place place)
    {
        Diagnostic? obstacle = null;
        if (Native.H5Pget_external_count(creation) > 0 || Native.H5Pget_layout(creation) == NativeConstants.LayoutVirtual)
        {
            obstacle = new Diagnostic(
                "BM3014", "the dataset's elements lie in other files", place, "elements in the file itself", "write a copy of the file that contains the elements");
        }

        var sizes = stackalloc ulong[32];
        IReadOnlyList<long>? chunk = null;
        if (Native.H5Pget_layout(creation) == 2 && Native.H5Pget_chunk(creation, 32, sizes) == rank)
        {
            chunk = [.. new ReadOnlySpan<ulong>(sizes, rank).ToArray().Select(size => (long)size)];
        }

        var filters = new List<string>();
        var name = stackalloc byte[64];
        for (var i = 0; i < Native.H5Pget_nfilters(creation); i++)
        {
            uint flags, configuration;
            nuint none = 0;
            name[0] = 0;
            var id = Native.H5Pget_filter2(creation, (uint)i, &flags, &none, null, 64, name, &configuration);
            name[63] = 0;
            filters.Add(Marshal.PtrToStringUTF8((nint)name) is { Length: > 0 } known ? known : $"filter {id}");
            if (Native.H5Zfilter_avail(id) <= 0)
            {
                obstacle ??= new Diagnostic(
                    "BM3013", $"the dataset is compressed with filter {id} ({filters[^1]}), which the HDF5 library here does not know", place,
                    "gzip, shuffle, lzf, szip or no compression",
                    "install the filter's plugin and set HDF5_PLUGIN_PATH to its folder, or repack the file with h5repack");
            }
        }

        return (chunk, filters, obstacle);
    }

    // libhdf5 reads past the end of a contiguous dataset whose header claims more elements than there is room for. One that was never written has none.
    private Diagnostic? Shortage(long creation, Place place)
    {
        var (held, claimed) = (Native.H5Dget_storage_size(_dataset), (UInt128)Dataset.Count * (UInt128)Math.Max(0, Dataset.Type.Size));
        return Native.H5Pget_layout(creation) != NativeConstants.LayoutContiguous || held == 0 || held >= claimed ? null : new(
            "BM3007", $"the dataset has the shape [{string.Join(", ", Dataset.Shape)}], and room for {held} bytes", place, "an undamaged HDF5 file", "copy or download the file again, or check it with h5dump");
    }

    // A float of a size that .NET does not know (long double): libhdf5 converts it.
    private bool IsOddFloat() => Native.H5Tget_class(_type) == NativeConstants.ClassFloat;

    private (ulong[] Start, ulong[] Count, int Size) Extent(Hdf5Window? window, int elementSize)
    {
        if (Obstacle is not null)
        {
            throw new DiagnosticException(Obstacle);
        }

        var (start, count) = (window ?? new Hdf5Window([], [])).In(Dataset.Shape, Place);
        UInt128 size = 1;
        foreach (var length in count)
        {
            size = UInt128.Min(size * length, ulong.MaxValue);
        }

        return size * (UInt128)elementSize <= LargestReading ? (start, count, (int)size) : throw new DiagnosticException(
            "BM3012", $"{size} elements are more than one reading can hold", Place, $"at most {LargestReading / elementSize}", "read a part of the dataset at a time");
    }

    // The memory space has the rank of the file's: one of another rank makes libhdf5 copy element by element.
    private static Handle MemorySpace(ulong[] count)
    {
        fixed (ulong* sizes = count)
        {
            return new Handle(count.Length == 0 ? Native.H5Screate(NativeConstants.SpaceScalar) : Native.H5Screate_simple(count.Length, sizes, null));
        }
    }

    private void Fill(void* buffer, long memoryType, ulong[] start, ulong[] count)
    {
        using var memory = MemorySpace(count);
        var failed = memory.Failed;
        if (start.Length > 0 && !failed)
        {
            fixed (ulong* from = start)
            fixed (ulong* sizes = count)
            {
                failed = Native.H5Sselect_hyperslab(_space, 0, from, null, sizes, null) < 0;
            }
        }

        if (failed || Native.H5Dread(_dataset, memoryType, memory, _space, 0, buffer) < 0)
        {
            throw Hdf5Fault.Native(Dataset.Object.File, Dataset.Object.Path, "reading the dataset");
        }
    }
}
