using System.Runtime.InteropServices;

namespace BrainModular.Formats.Hdf5;

/// <summary>
/// The functions of libhdf5 that reading and writing need. Types as in its headers: hid_t is long, hsize_t and haddr_t are ulong,
/// size_t is nuint, ssize_t is nint, herr_t and enumerations are int, and hbool_t is one byte. Macros such as H5T_NATIVE_INT are
/// exported variables, found in <see cref="NativeConstants"/>.
/// </summary>
internal static unsafe partial class Native
{
    public const string Library = "hdf5";

    [LibraryImport(Library)] public static partial int H5dont_atexit();
    [LibraryImport(Library)] public static partial int H5open();
    [LibraryImport(Library)] public static partial int H5get_libversion(out uint major, out uint minor, out uint release);
    [LibraryImport(Library)] public static partial int H5free_memory(void* memory);
    [LibraryImport(Library)] public static partial void* H5allocate_memory(nuint size, byte clear);

    [LibraryImport(Library)] public static partial int H5Eset_auto2(long stack, nint function, nint data);
    [LibraryImport(Library)] public static partial int H5Ewalk2(long stack, int direction, delegate* unmanaged[Cdecl]<uint, ErrorEntry*, void*, int> function, void* data);

    [LibraryImport(Library)] public static partial int H5Idec_ref(long id);
    [LibraryImport(Library)] public static partial nint H5Iget_name(long id, byte* name, nuint size);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int H5Fis_hdf5(string path);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial long H5Fopen(string path, uint flags, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial long H5Fcreate(string path, uint flags, long creation, long access);
    [LibraryImport(Library)] public static partial int H5Fflush(long file, int scope);
    [LibraryImport(Library)] public static partial int H5Fclose(long file);

    [LibraryImport(Library)] public static partial long H5Pcreate(long kind);
    [LibraryImport(Library)] public static partial int H5Pset_fclose_degree(long access, int degree);
    [LibraryImport(Library)] public static partial int H5Pset_file_locking(long access, byte use, byte ignoreWhenDisabled);
    [LibraryImport(Library)] public static partial int H5Pset_obj_track_times(long creation, byte track);
    [LibraryImport(Library)] public static partial int H5Pset_create_intermediate_group(long creation, uint create);
    [LibraryImport(Library)] public static partial int H5Pset_char_encoding(long creation, int encoding);
    [LibraryImport(Library)] public static partial int H5Pset_chunk(long creation, int rank, ulong* sizes);
    [LibraryImport(Library)] public static partial int H5Pset_shuffle(long creation);
    [LibraryImport(Library)] public static partial int H5Pset_deflate(long creation, uint level);
    [LibraryImport(Library)] public static partial int H5Pset_alloc_time(long creation, int time);
    [LibraryImport(Library)] public static partial int H5Pget_layout(long creation);
    [LibraryImport(Library)] public static partial int H5Pget_chunk(long creation, int rank, ulong* sizes);
    [LibraryImport(Library)] public static partial int H5Pget_external_count(long creation);
    [LibraryImport(Library)] public static partial int H5Pget_nfilters(long creation);
    [LibraryImport(Library)] public static partial int H5Pget_filter2(long creation, uint index, uint* flags, nuint* valueCount, uint* values, nuint nameSize, byte* name, uint* configuration);
    [LibraryImport(Library)] public static partial int H5Zfilter_avail(int filter);
    [LibraryImport(Library)] public static partial int H5Zregister(void* filterClass);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial long H5Gcreate2(long location, string name, long linkCreation, long creation, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial long H5Oopen(long location, string name, long access);
    [LibraryImport(Library)] public static partial int H5Oget_info2(long id, ObjectInfo* info, uint fields);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int H5Lexists(long location, string name, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int H5Lget_val(long location, string name, byte* value, nuint size, long access);
    [LibraryImport(Library)] public static partial int H5Lunpack_elink_val(byte* value, nuint size, uint* flags, byte** file, byte** path);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int H5Lcreate_soft(string target, long location, string name, long creation, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int H5Lcreate_hard(long targetLocation, string target, long location, string name, long creation, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int H5Lcreate_external(string file, string target, long location, string name, long creation, long access);

    [LibraryImport(Library)] public static partial int H5Aiterate2(long location, int index, int order, ulong* start, delegate* unmanaged[Cdecl]<long, byte*, void*, void*, int> function, void* data);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int H5Aexists(long location, string name);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial long H5Aopen(long location, string name, long access);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial long H5Acreate2(long location, string name, long type, long space, long creation, long access);
    [LibraryImport(Library)] public static partial long H5Aget_type(long attribute);
    [LibraryImport(Library)] public static partial long H5Aget_space(long attribute);
    [LibraryImport(Library)] public static partial int H5Aread(long attribute, long type, void* buffer);
    [LibraryImport(Library)] public static partial int H5Awrite(long attribute, long type, void* buffer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial long H5Dcreate2(long location, string name, long type, long space, long linkCreation, long creation, long access);
    [LibraryImport(Library)] public static partial long H5Dget_type(long dataset);
    [LibraryImport(Library)] public static partial long H5Dget_space(long dataset);
    [LibraryImport(Library)] public static partial ulong H5Dget_storage_size(long dataset);
    [LibraryImport(Library)] public static partial long H5Dget_create_plist(long dataset);
    [LibraryImport(Library)] public static partial int H5Dread(long dataset, long type, long memorySpace, long fileSpace, long transfer, void* buffer);
    [LibraryImport(Library)] public static partial int H5Dwrite(long dataset, long type, long memorySpace, long fileSpace, long transfer, void* buffer);
    [LibraryImport(Library)] public static partial int H5Dvlen_reclaim(long type, long space, long transfer, void* buffer);

    [LibraryImport(Library)] public static partial long H5Screate(int kind);
    [LibraryImport(Library)] public static partial long H5Screate_simple(int rank, ulong* sizes, ulong* maximumSizes);
    [LibraryImport(Library)] public static partial int H5Sget_simple_extent_type(long space);
    [LibraryImport(Library)] public static partial int H5Sget_simple_extent_ndims(long space);
    [LibraryImport(Library)] public static partial int H5Sget_simple_extent_dims(long space, ulong* sizes, ulong* maximumSizes);
    [LibraryImport(Library)] public static partial int H5Sselect_hyperslab(long space, int operation, ulong* start, ulong* stride, ulong* count, ulong* block);

    [LibraryImport(Library)] public static partial long H5Tcopy(long type);
    [LibraryImport(Library)] public static partial long H5Tcreate(int kind, nuint size);
    [LibraryImport(Library)] public static partial long H5Tenum_create(long baseType);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int H5Tenum_insert(long type, string name, void* value);
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int H5Tinsert(long type, string name, nuint offset, long member);
    [LibraryImport(Library)] public static partial int H5Tget_class(long type);
    [LibraryImport(Library)] public static partial nuint H5Tget_size(long type);
    [LibraryImport(Library)] public static partial int H5Tset_size(long type, nuint size);
    [LibraryImport(Library)] public static partial int H5Tget_sign(long type);
    [LibraryImport(Library)] public static partial int H5Tget_order(long type);
    [LibraryImport(Library)] public static partial int H5Tis_variable_str(long type);
    [LibraryImport(Library)] public static partial int H5Tset_cset(long type, int encoding);
    [LibraryImport(Library)] public static partial int H5Tget_nmembers(long type);
    [LibraryImport(Library)] public static partial byte* H5Tget_member_name(long type, uint index);
    [LibraryImport(Library)] public static partial long H5Tget_member_type(long type, uint index);
    [LibraryImport(Library)] public static partial nuint H5Tget_member_offset(long type, uint index);
    [LibraryImport(Library)] public static partial int H5Tget_member_value(long type, uint index, void* value);
    [LibraryImport(Library)] public static partial long H5Tget_super(long type);
    [LibraryImport(Library)] public static partial int H5Tget_array_ndims(long type);
    [LibraryImport(Library)] public static partial int H5Tget_array_dims2(long type, ulong* sizes);
    [LibraryImport(Library)] public static partial long H5Tvlen_create(long baseType);
    [LibraryImport(Library)] public static partial int H5Tequal(long first, long second);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)] public static partial int H5Rcreate(void* reference, long location, string name, int kind, long space);
    [LibraryImport(Library)] public static partial long H5Rdereference2(long location, long access, int kind, void* reference);

    /// <summary>H5E_error2_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ErrorEntry
    {
        public long Class;
        public long Major;
        public long Minor;
        public uint Line;
        public byte* Function;
        public byte* File;
        public byte* Description;
    }

    /// <summary>H5O_info1_t, as far as its fields are read here; the tail leaves room for the rest.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    public struct ObjectInfo
    {
        [FieldOffset(8)] public ulong Address;
        [FieldOffset(16)] public int Kind;
        [FieldOffset(20)] public uint LinkCount;
        [FieldOffset(56)] public ulong AttributeCount;
    }

    /// <summary>H5L_info_t of 1.10, H5L_info1_t of later versions.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct LinkInfo
    {
        [FieldOffset(0)] public int Kind;
        [FieldOffset(24)] public nuint ValueSize;
    }
}
