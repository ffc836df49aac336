using BrainModular.Diagnostics;

namespace BrainModular.Formats.Hdf5;

/// <summary>
/// Writes a new HDF5 file in the format that every reader knows. It is written beside its final place, as <c>name.partial</c>, and
/// moved there by <see cref="Commit"/>; disposing of the writer without a commit leaves nothing behind. The same calls give the same bytes.
/// </summary>
/// <remarks>
/// Values are scalars or arrays of <c>double</c>, <c>float</c>, any integer type, <c>bool</c>, <c>string</c> or <see cref="Hdf5Target"/>.
/// Missing parent groups are made. Every call throws a <see cref="DiagnosticException"/>: BM6103 permission denied, BM6104 disk full, BM3007 anything else.
/// </remarks>
public sealed class Hdf5Writer : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private Handle _linkCreation = new(-1);
    private Handle _groupCreation = new(-1);
    private long _file = -1;

    private Hdf5Writer(string path)
    {
        _path = path;
        _partial = path + ".partial";
    }

    /// <summary>Starts a file; its folder is made where it is missing.</summary>
    public static Hdf5Writer Create(string path)
    {
        var writer = new Hdf5Writer(Path.GetFullPath(path));
        writer.Start();
        return writer;
    }

    /// <summary>Makes an empty group.</summary>
    public void Group(string path)
    {
        using var scope = Hdf5Library.Enter();
        using var group = new Handle(Native.H5Gcreate2(_file, path, _linkCreation, _groupCreation, 0));
        Check(group.Id, path, "making a group");
    }

    /// <summary>Writes a dataset.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="values">A scalar, or an array with the last dimension fastest.</param>
    /// <param name="shape">The lengths of the dimensions, or null for a scalar or a row.</param>
    /// <param name="storage">How it is stored, or null for contiguous.</param>
    public unsafe void Dataset(string path, object values, IReadOnlyList<long>? shape = null, Hdf5Storage? storage = null)
    {
        using var scope = Hdf5Library.Enter();
        using var content = ElementEncoder.Encode(_file, values);
        Write(path, content, shape ?? content.Shape, storage);
    }

    /// <summary>Writes a dataset of one dimension piece by piece, so that it is never whole in memory.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="count">How many numbers.</param>
    /// <param name="pieces">The numbers in order, as many as <paramref name="count"/> in all.</param>
    /// <param name="storage">How it is stored.</param>
    /// <exception cref="ArgumentException">There are more or fewer numbers.</exception>
    public void Dataset<T>(string path, long count, IEnumerable<T[]> pieces, Hdf5Storage storage)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentNullException.ThrowIfNull(storage);
        var dataset = Start(path, typeof(T), count, storage);
        var written = 0L;
        try
        {
            foreach (var piece in pieces.Where(static p => p.Length > 0))
            {
                if ((written += piece.Length) <= count)
                {
                    WritePiece(dataset, path, written - piece.Length, piece);
                }
            }
        }
        finally
        {
            using var scope = Hdf5Library.Enter();
            dataset.Dispose();
        }

        if (written != count)
        {
            throw new ArgumentException($"{written} numbers came for a dataset of {count}", nameof(pieces));
        }
    }

    /// <summary>Writes a dataset of records, one row of each column a record.</summary>
    public void Records(string path, IReadOnlyList<Hdf5Column> columns)
    {
        using var scope = Hdf5Library.Enter();
        using var content = ElementEncoder.EncodeRecords(_file, columns);
        Write(path, content, content.Shape, null);
    }

    /// <summary>Writes an attribute of an object that exists.</summary>
    public unsafe void Attribute(string path, string name, object value)
    {
        using var scope = Hdf5Library.Enter();
        using var content = ElementEncoder.Encode(_file, value);
        using var owner = new Handle(Native.H5Oopen(_file, path, 0));
        Check(owner.Id, path, "opening the object");
        using var space = Space(content.Shape);
        using var attribute = new Handle(Native.H5Acreate2(owner, name, content.Type, space, 0, 0));
        Check(attribute.Id, path, $"making the attribute {name}");
        if (content.Count == 0)
        {
            return;
        }

        fixed (byte* bytes = content.Bytes)
        {
            Check(Native.H5Awrite(attribute, content.Type, bytes), path, $"writing the attribute {name}");
        }
    }

    /// <summary>Makes a link by path.</summary>
    public void SoftLink(string path, string target)
    {
        using var scope = Hdf5Library.Enter();
        Check(Native.H5Lcreate_soft(target, _file, path, _linkCreation, 0), path, "making a link");
    }

    /// <summary>Makes a second name of an object.</summary>
    public void HardLink(string path, string target)
    {
        using var scope = Hdf5Library.Enter();
        Check(Native.H5Lcreate_hard(_file, target, _file, path, _linkCreation, 0), path, "making a link");
    }

    /// <summary>Makes a link to an object of another file, named relative to this one.</summary>
    public void ExternalLink(string path, string file, string target)
    {
        using var scope = Hdf5Library.Enter();
        Check(Native.H5Lcreate_external(file, target, _file, path, _linkCreation, 0), path, "making a link");
    }

    /// <summary>Closes the file, makes sure that it is on the disk, and moves it to its place.</summary>
    public void Commit()
    {
        using (Hdf5Library.Enter())
        {
            Check(Native.H5Fflush(_file, 1), null, "writing the file");
            Check(Close(), null, "closing the file");
        }

        try
        {
            using (var stream = new FileStream(_partial, FileMode.Open, FileAccess.Write))
            {
                stream.Flush(flushToDisk: true);
            }

            File.Move(_partial, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Hdf5Fault.System(_path, exception);
        }
    }

    /// <summary>Gives up the file unless it was committed.</summary>
    public void Dispose()
    {
        using var scope = Hdf5Library.Enter();
        _ = Close();
        File.Delete(_partial);
    }

    private void Start()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            using var stream = new FileStream(_partial, FileMode.Create, FileAccess.Write);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Hdf5Fault.System(_path, exception);
        }

        using var scope = Hdf5Library.Enter();
        var constants = Hdf5Library.Constants;
        using var access = new Handle(Native.H5Pcreate(constants.FileAccess));
        using var creation = new Handle(Native.H5Pcreate(constants.FileCreation));
        _ = Native.H5Pset_fclose_degree(access, NativeConstants.CloseStrong);

        // libhdf5 leaves its files open in processes that are started meanwhile, and with them their locks: for as long as
        // such a process runs, the file could be neither finished nor read. Nothing else opens a file under its partial name.
        Check(Native.H5Pset_file_locking(access, 0, 1), null, "leaving out the file's lock");

        // Times of change in object headers would make every file differ.
        _ = Native.H5Pset_obj_track_times(creation, 0);
        _file = Native.H5Fcreate(_partial, 2, creation, access);
        Check(_file, null, "making the file");
        _groupCreation = new Handle(Native.H5Pcreate(constants.GroupCreation));
        _ = Native.H5Pset_obj_track_times(_groupCreation, 0);
        _linkCreation = new Handle(Native.H5Pcreate(constants.LinkCreation));
        _ = Native.H5Pset_create_intermediate_group(_linkCreation, 1);
        _ = Native.H5Pset_char_encoding(_linkCreation, NativeConstants.Utf8);
    }

    private unsafe void Write(string path, EncodedElements content, IReadOnlyList<long> shape, Hdf5Storage? storage)
    {
        var count = shape.Aggregate(1L, (product, length) => product * length);
        if (count != content.Count)
        {
            throw new ArgumentException($"{content.Count} values do not fill {string.Join(" x ", shape)}", nameof(shape));
        }

        using var dataset = Make(path, content.Type, shape, storage);
        if (count > 0)
        {
            fixed (byte* bytes = content.Bytes)
            {
                Check(Native.H5Dwrite(dataset, content.Type, 0, 0, 0, bytes), path, "writing a dataset");
            }
        }
    }

    private Handle Start(string path, Type number, long count, Hdf5Storage storage)
    {
        using var scope = Hdf5Library.Enter();
        using var type = new Handle(Native.H5Tcopy(Hdf5Library.Constants.Number(number)));
        return Make(path, type, [count], storage);
    }

    private unsafe void WritePiece<T>(Handle dataset, string path, long first, T[] piece)
        where T : unmanaged
    {
        using var scope = Hdf5Library.Enter();
        using var type = new Handle(Native.H5Tcopy(Hdf5Library.Constants.Number(typeof(T))));
        using var memory = Space([piece.Length]);
        using var place = new Handle(Native.H5Dget_space(dataset));
        var (start, count) = ((ulong)first, (ulong)piece.Length);
        Check(Native.H5Sselect_hyperslab(place, 0, &start, null, &count, null), path, "choosing a part of a dataset");
        fixed (T* numbers = piece)
        {
            Check(Native.H5Dwrite(dataset, type, memory, place, 0, numbers), path, "writing a dataset");
        }
    }

    private unsafe Handle Make(string path, Handle type, IReadOnlyList<long> shape, Hdf5Storage? storage)
    {
        using var space = Space(shape);
        using var creation = new Handle(Native.H5Pcreate(Hdf5Library.Constants.DatasetCreation));
        _ = Native.H5Pset_obj_track_times(creation, 0);
        if (storage?.Chunk is { } chunk && !shape.Contains(0))
        {
            var sizes = chunk.Select(size => (ulong)size).ToArray();
            fixed (ulong* pointer = sizes)
            {
                Check(Native.H5Pset_chunk(creation, sizes.Length, pointer), path, "setting the chunk's shape");
            }

            if (storage.Shuffle)
            {
                _ = Native.H5Pset_shuffle(creation);
            }

            if (storage.Deflate > 0)
            {
                Check(Native.H5Pset_deflate(creation, (uint)storage.Deflate), path, "setting the compression");
            }
        }

        var dataset = new Handle(Native.H5Dcreate2(_file, path, type, space, _linkCreation, creation, 0));
        Check(dataset.Id, path, "making a dataset");
        return dataset;
    }

    private static unsafe Handle Space(IReadOnlyList<long> shape)
    {
        var sizes = shape.Select(length => (ulong)length).ToArray();
        fixed (ulong* pointer = sizes)
        {
            return new Handle(sizes.Length == 0 ? Native.H5Screate(NativeConstants.SpaceScalar) : Native.H5Screate_simple(sizes.Length, pointer, null));
        }
    }

    private long Close()
    {
        _linkCreation.Dispose();
        _groupCreation.Dispose();
        _linkCreation = _groupCreation = new Handle(-1);
        var file = _file;
        _file = -1;
        return file < 0 ? 0 : Native.H5Fclose(file);
    }

    private void Check(long result, string? path, string doing)
    {
        if (result < 0)
        {
            throw Hdf5Fault.Native(_path, path, doing);
        }
    }
}
