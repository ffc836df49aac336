using System.Runtime.InteropServices;

namespace BrainModular.Formats.Hdf5;

/// <summary>Describes an element type of libhdf5 as plain data.</summary>
internal static unsafe class TypeReader
{
    // A type nests as deep as its author likes; a damaged one for ever.
    private const int DeepestNesting = 16;

    public static Hdf5Type Describe(long type, int depth = 0)
    {
        var size = (int)Native.H5Tget_size(type);
        var opaque = new Hdf5Type(Hdf5Kind.Opaque, size);
        if (depth > DeepestNesting)
        {
            return opaque;
        }

        var bigEndian = Native.H5Tget_order(type) == 1;
        switch (Native.H5Tget_class(type))
        {
            case NativeConstants.ClassInteger when size is 1 or 2 or 4 or 8:
                return new Hdf5Type(Hdf5Kind.Integer, size, Signed: Native.H5Tget_sign(type) == 1, BigEndian: bigEndian);
            case NativeConstants.ClassFloat when size is 2 or 4 or 8:
                return new Hdf5Type(Hdf5Kind.Float, size, Signed: true, BigEndian: bigEndian);
            case NativeConstants.ClassString:
                return new Hdf5Type(Hdf5Kind.Text, size, Variable: Native.H5Tis_variable_str(type) > 0);
            case NativeConstants.ClassEnum:
                return Enumeration(type, size);
            case NativeConstants.ClassCompound:
                return Compound(type, size, depth);
            case NativeConstants.ClassReference when size == 8:
                return new Hdf5Type(Hdf5Kind.Reference, size);
            case NativeConstants.ClassVlen:
                using (var element = new Handle(Native.H5Tget_super(type)))
                {
                    return element.Failed ? opaque : new Hdf5Type(Hdf5Kind.Ragged, size, Element: Describe(element, depth + 1));
                }

            case NativeConstants.ClassArray:
                return Block(type, size, depth);
            default:
                return opaque;
        }
    }

    private static Hdf5Type Enumeration(long type, int size)
    {
        using var number = new Handle(Native.H5Tget_super(type));
        var element = number.Failed ? new Hdf5Type(Hdf5Kind.Opaque, size) : Describe(number);
        if (element.Kind != Hdf5Kind.Integer || element.Size != size)
        {
            return new Hdf5Type(Hdf5Kind.Opaque, size);
        }

        var names = new Dictionary<long, string>();
        var value = stackalloc byte[8];
        for (var i = 0; i < Native.H5Tget_nmembers(type); i++)
        {
            if (Native.H5Tget_member_value(type, (uint)i, value) >= 0)
            {
                names[ValueDecoder.Integer(value, element)] = MemberName(type, i);
            }
        }

        var isBoolean = names.Count == 2 && names.GetValueOrDefault(0) == "FALSE" && names.GetValueOrDefault(1) == "TRUE";
        return new Hdf5Type(isBoolean ? Hdf5Kind.Boolean : Hdf5Kind.Enumeration, size, element.Signed, element.BigEndian, Element: element, Names: names);
    }

    private static Hdf5Type Compound(long type, int size, int depth)
    {
        var members = new List<Hdf5Member>();
        for (var i = 0; i < Native.H5Tget_nmembers(type); i++)
        {
            using var member = new Handle(Native.H5Tget_member_type(type, (uint)i));
            if (!member.Failed)
            {
                members.Add(new Hdf5Member(MemberName(type, i), (int)Native.H5Tget_member_offset(type, (uint)i), Describe(member, depth + 1)));
            }
        }

        // A damaged type may place a member outside its record or give two one name.
        var sound = members.TrueForAll(member => member.Offset >= 0 && member.Type.Size <= size && member.Offset <= size - member.Type.Size)
            && members.DistinctBy(member => member.Name).Count() == members.Count;
        return sound ? new Hdf5Type(Hdf5Kind.Compound, size, Members: members) : new Hdf5Type(Hdf5Kind.Opaque, size);
    }

    private static Hdf5Type Block(long type, int size, int depth)
    {
        using var element = new Handle(Native.H5Tget_super(type));
        if (element.Failed)
        {
            return new Hdf5Type(Hdf5Kind.Opaque, size);
        }

        var described = Describe(element, depth + 1);
        return new Hdf5Type(Hdf5Kind.Block, size, Element: described, Length: described.Size == 0 ? 0 : size / described.Size);
    }

    private static string MemberName(long type, int index)
    {
        var name = Native.H5Tget_member_name(type, (uint)index);
        var text = Marshal.PtrToStringUTF8((nint)name) ?? "";
        _ = Native.H5free_memory(name);
        return text;
    }
}
