using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Hdf5;

/// <summary>
/// An HDF5 file open for reading. Objects are named by path; soft and external links are followed, external ones only to files in
/// the same folder or below. Safe for use from several threads, one call at a time.
/// </summary>
public sealed unsafe class Hdf5File : IDisposable
{
    // Longer chains of external links than this are a circle.
    private const int MostNeighbours = 32;

    private readonly Dictionary<string, Hdf5File> _family;
    private readonly LinkResolver _links;
    private long _id;

    private Hdf5File(string path, long id, Dictionary<string, Hdf5File> family)
    {
        Path = path;
        _id = id;
        _family = family;
        _links = new LinkResolver(path, id, OpenNeighbour);
    }

    /// <summary>The file's full path.</summary>
    public string Path { get; }

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="DiagnosticException">
    /// BM3001 missing, BM3002 a folder, BM3003 empty, BM3004 not HDF5, BM3005 truncated, BM3006 not closed by its writer, BM3007 or BM3008 damaged,
    /// BM6101 libhdf5 missing, BM6103 permission denied.
    /// </exception>
    public static Hdf5File Open(string path)
    {
        var family = new Dictionary<string, Hdf5File>(StringComparer.Ordinal);
        return Open(System.IO.Path.GetFullPath(path), family);
    }

    /// <summary>The object at a path, or null where the path leads nowhere.</summary>
    public Hdf5Object? Find(string path) => Find(path, out _);

    /// <summary>The object at a path, or null with the reason why the path leads nowhere.</summary>
    public Hdf5Object? Find(string path, out Diagnostic? reason)
    {
        using var scope = Hdf5Library.Enter();
        var (file, hardPath) = Resolve(path, out reason);
        if (file is null)
        {
            return null;
        }

        using var handle = file.OpenObject(hardPath);
        return file.Describe(handle, hardPath);
    }

    /// <summary>The object at a path.</summary>
    /// <exception cref="DiagnosticException">BM3010 nothing there, BM3014 a link leaves the folder, BM3015 a link leads in a circle.</exception>
    public Hdf5Object Get(string path) => Find(path, out var reason) ?? throw new DiagnosticException(reason!);

    /// <summary>The entries of a group, by name.</summary>
    public IReadOnlyList<Hdf5Link> Links(string group)
    {
        using var scope = Hdf5Library.Enter();
        var (file, path) = Require(group);
        using var handle = file.OpenObject(path);
        var names = Collect(list => Hdf5Library.Constants.LinkIterate(handle, 0, 0, null, &AddLinkName, list));
        var parent = path == "/" ? "" : path;
        return [.. names.Select(name => file._links.Link($"{parent}/{name}", name)).OfType<Hdf5Link>()];
    }

    /// <summary>All attributes of an object. One whose content cannot be read is left out.</summary>
    public IReadOnlyDictionary<string, Hdf5Value> Attributes(string path)
    {
        using var scope = Hdf5Library.Enter();
        var (file, hardPath) = Require(path);
        using var handle = file.OpenObject(hardPath);
        var names = Collect(list => Native.H5Aiterate2(handle, 0, 0, null, &AddAttributeName, list));
        var attributes = new Dictionary<string, Hdf5Value>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (ValueReader.Attribute(handle, name) is { } value)
            {
                attributes[name] = value;
            }
        }

        return attributes;
    }

    /// <summary>An attribute of an object, or null where it has none of that name.</summary>
    public Hdf5Value? Attribute(string path, string name)
    {
        using var scope = Hdf5Library.Enter();
        var (file, hardPath) = Require(path);
        using var handle = file.OpenObject(hardPath);
        return Native.H5Aexists(handle, name) > 0 ? ValueReader.Attribute(handle, name) : null;
    }

    /// <summary>What a dataset holds, without its elements.</summary>
    /// <exception cref="DiagnosticException">BM3011: the object is no dataset.</exception>
    public Hdf5Dataset Dataset(string path)
    {
        using var scope = Hdf5Library.Enter();
        using var reader = OpenDataset(path);
        return reader.Dataset;
    }

    /// <summary>A dataset or a window of it, of any type.</summary>
    public Hdf5Value Read(string path, Hdf5Window? window = null)
    {
        using var scope = Hdf5Library.Enter();
        using var reader = OpenDataset(path);
        return reader.Values(window);
    }

    /// <summary>Numbers, as double.</summary>
    /// <exception cref="DiagnosticException">BM3011: the dataset holds no numbers; BM3012: the window reaches outside it; BM3013: compressed with an unknown filter.</exception>
    public double[] ReadDoubles(string path, Hdf5Window? window = null) => ReadNumbers<double>(path, window);

    /// <summary>Numbers, as float.</summary>
    /// <exception cref="DiagnosticException">As <see cref="ReadDoubles"/>.</exception>
    public float[] ReadFloats(string path, Hdf5Window? window = null) => ReadNumbers<float>(path, window);

    /// <summary>Numbers, as long; larger ones are cut to its range.</summary>
    /// <exception cref="DiagnosticException">As <see cref="ReadDoubles"/>.</exception>
    public long[] ReadLongs(string path, Hdf5Window? window = null) => ReadNumbers<long>(path, window);

    /// <summary>Texts; the text of any element that is none is empty.</summary>
    public string[] ReadTexts(string path, Hdf5Window? window = null) => [.. Read(path, window).Elements.Select(element => element as string ?? "")];

    /// <summary>A path of the object that a reference points to, or null where it points to nothing.</summary>
    public string? PathOf(Hdf5Reference reference)
    {
        using var scope = Hdf5Library.Enter();
        var address = reference.Address;
        if (address is 0 or ulong.MaxValue)
        {
            return null;
        }

        using var handle = new Handle(Native.H5Rdereference2(Id, 0, NativeConstants.ReferenceObject, &address));
        var length = handle.Failed ? 0 : Native.H5Iget_name(handle, null, 0);
        if (length <= 0)
        {
            return null;
        }

        var name = new byte[length + 1];
        fixed (byte* pointer = name)
        {
            _ = Native.H5Iget_name(handle, pointer, (nuint)name.Length);
        }

        return Encoding.UTF8.GetString(name, 0, (int)length);
    }

    /// <summary>Closes the file, and the files that its external links led to.</summary>
    public void Dispose()
    {
        using var scope = Hdf5Library.Enter();
        foreach (var file in _family.Values)
        {
            if (file._id >= 0)
            {
                _ = Native.H5Fclose(file._id);
                file._id = -1;
            }
        }
    }

    private long Id => _id >= 0 ? _id : throw new ObjectDisposedException(Path);

    private static Hdf5File Open(string path, Dictionary<string, Hdf5File> family)
    {
        FileInspection.CheckReadable(path);
        using var scope = Hdf5Library.Enter();
        using var access = new Handle(Native.H5Pcreate(Hdf5Library.Constants.FileAccess));
        _ = Native.H5Pset_fclose_degree(access, NativeConstants.CloseStrong);
        var id = Native.H5Fopen(path, 0, access);
        if (id < 0)
        {
            throw Hdf5Fault.Native(path, null, "opening the file");
        }

        try
        {
            StructureInspection.Check(path);
        }
        catch
        {
            _ = Native.H5Fclose(id);
            throw;
        }

        return family[path] = new Hdf5File(path, id, family);
    }

    private Hdf5File OpenNeighbour(string path) =>
        _family.TryGetValue(path, out var open) ? open : Open(path, _family);

    private (Hdf5File? File, string Path) Resolve(string path, out Diagnostic? reason)
    {
        _ = Id;
        var file = this;
        for (var crossings = 0; crossings < MostNeighbours; crossings++)
        {
            var found = file._links.Resolve(path, out reason);
            if (found is not { } target)
            {
                return (null, path);
            }

            if (target.Neighbour is null)
            {
                return (file, target.Path);
            }

            (file, path) = (target.Neighbour, target.Path);
        }

        reason = new Diagnostic("BM3015", "the external links lead round in a circle", new Place(Path, path), "a link to an object", "have the files' author mend the links");
        return (null, path);
    }

    private (Hdf5File File, string Path) Require(string path)
    {
        var (file, hardPath) = Resolve(path, out var reason);
        return file is null ? throw new DiagnosticException(reason!) : (file, hardPath);
    }

    private Handle OpenObject(string path)
    {
        var handle = new Handle(Native.H5Oopen(Id, path, 0));
        return handle.Failed ? throw Hdf5Fault.Native(Path, path, "opening the object") : handle;
    }

    private Hdf5Object Describe(Handle handle, string path)
    {
        Native.ObjectInfo info;
        return Native.H5Oget_info2(handle, &info, 5) < 0
            ? throw Hdf5Fault.Native(Path, path, "reading the object's header")
            : new Hdf5Object(Path, path, info.Address, info.Kind == NativeConstants.ObjectDataset, (int)info.AttributeCount);
    }

    private DatasetReader OpenDataset(string path)
    {
        var (file, hardPath) = Require(path);
        var handle = file.OpenObject(hardPath);
        try
        {
            return new DatasetReader(handle, file.Describe(handle, hardPath));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private T[] ReadNumbers<T>(string path, Hdf5Window? window)
        where T : unmanaged
    {
        using var scope = Hdf5Library.Enter();
        using var reader = OpenDataset(path);
        return reader.Numbers<T>(window);
    }

    private delegate int Iteration(void* list);

    private static List<string> Collect(Iteration iterate)
    {
        var names = new List<string>();
        var handle = GCHandle.Alloc(names);
        _ = iterate((void*)GCHandle.ToIntPtr(handle));
        handle.Free();
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AddLinkName(long group, byte* name, Native.LinkInfo* info, void* list) => Add(name, list);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AddAttributeName(long location, byte* name, void* info, void* list) => Add(name, list);

    private static int Add(byte* name, void* list)
    {
        ((List<string>)GCHandle.FromIntPtr((nint)list).Target!).Add(Marshal.PtrToStringUTF8((nint)name)!);
        return 0;
    }
}
