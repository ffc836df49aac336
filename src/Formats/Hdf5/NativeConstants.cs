using System.Runtime.InteropServices;

namespace BrainModular.Formats.Hdf5;

/// <summary>
/// What libhdf5's headers define as macros over exported variables, and the two functions that were renamed after 1.10. The
/// variables hold nothing before H5open, so this is made after it.
/// </summary>
internal sealed unsafe class NativeConstants
{
    public const int ClassInteger = 0, ClassFloat = 1, ClassTime = 2, ClassString = 3, ClassBitfield = 4, ClassOpaque = 5,
        ClassCompound = 6, ClassReference = 7, ClassEnum = 8, ClassVlen = 9, ClassArray = 10;

    public const int LinkHard = 0, LinkSoft = 1, LinkExternal = 64;
    public const int ObjectGroup = 0, ObjectDataset = 1;
    public const int SpaceScalar = 0, SpaceSimple = 1, SpaceNull = 2;
    public const int LayoutContiguous = 1;
    public const int LayoutVirtual = 3;
    public const int CloseStrong = 3;
    public const int Utf8 = 1;
    public const int ReferenceObject = 0;

    /// <summary>H5T_VARIABLE.</summary>
    public static readonly nuint VariableSize = nuint.MaxValue;

    private readonly nint _library;

    public NativeConstants(nint library)
    {
        _library = library;
        Double = Read("H5T_NATIVE_DOUBLE_g");
        Float = Read("H5T_NATIVE_FLOAT_g");
        Int8 = Read("H5T_NATIVE_SCHAR_g");
        UInt8 = Read("H5T_NATIVE_UCHAR_g");
        Int16 = Read("H5T_NATIVE_SHORT_g");
        UInt16 = Read("H5T_NATIVE_USHORT_g");
        Int32 = Read("H5T_NATIVE_INT_g");
        UInt32 = Read("H5T_NATIVE_UINT_g");
        Int64 = Read("H5T_NATIVE_LLONG_g");
        UInt64 = Read("H5T_NATIVE_ULLONG_g");
        String = Read("H5T_C_S1_g");
        ObjectReference = Read("H5T_STD_REF_OBJ_g");
        FileAccess = Read("H5P_CLS_FILE_ACCESS_ID_g");
        FileCreation = Read("H5P_CLS_FILE_CREATE_ID_g");
        GroupCreation = Read("H5P_CLS_GROUP_CREATE_ID_g");
        DatasetCreation = Read("H5P_CLS_DATASET_CREATE_ID_g");
        LinkCreation = Read("H5P_CLS_LINK_CREATE_ID_g");
        LinkInfo = (delegate* unmanaged[Cdecl]<long, byte*, Native.LinkInfo*, long, int>)Renamed("H5Lget_info");
        LinkIterate = (delegate* unmanaged[Cdecl]<long, int, int, ulong*, delegate* unmanaged[Cdecl]<long, byte*, Native.LinkInfo*, void*, int>, void*, int>)Renamed("H5Literate");
    }

    public long Double { get; }
    public long Float { get; }
    public long Int8 { get; }
    public long UInt8 { get; }
    public long Int16 { get; }
    public long UInt16 { get; }
    public long Int32 { get; }
    public long UInt32 { get; }
    public long Int64 { get; }
    public long UInt64 { get; }
    public long String { get; }
    public long ObjectReference { get; }
    public long FileAccess { get; }
    public long FileCreation { get; }
    public long GroupCreation { get; }
    public long DatasetCreation { get; }
    public long LinkCreation { get; }
    public delegate* unmanaged[Cdecl]<long, byte*, Native.LinkInfo*, long, int> LinkInfo { get; }
    public delegate* unmanaged[Cdecl]<long, int, int, ulong*, delegate* unmanaged[Cdecl]<long, byte*, Native.LinkInfo*, void*, int>, void*, int> LinkIterate { get; }

    /// <summary>The native type of a number that C# writes, by its .NET type; 0 for any other type.</summary>
    public long Number(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Double => Double,
        TypeCode.Single => Float,
        TypeCode.SByte => Int8,
        TypeCode.Byte => UInt8,
        TypeCode.Int16 => Int16,
        TypeCode.UInt16 => UInt16,
        TypeCode.Int32 => Int32,
        TypeCode.UInt32 => UInt32,
        TypeCode.Int64 => Int64,
        TypeCode.UInt64 => UInt64,
        _ => 0,
    };

    private long Read(string name) => *(long*)NativeLibrary.GetExport(_library, name);

    // From 1.12 on the plain name has gone and the old function carries a 1.
    private nint Renamed(string name) =>
        NativeLibrary.TryGetExport(_library, name, out var function) ? function : NativeLibrary.GetExport(_library, name + "1");
}
