namespace BrainModular.Formats.Hdf5;

/// <summary>What kind of value a dataset's or an attribute's elements are.</summary>
public enum Hdf5Kind
{
    /// <summary>A whole number of 1 to 8 bytes.</summary>
    Integer,

    /// <summary>A floating-point number of 2, 4 or 8 bytes.</summary>
    Float,

    /// <summary>Text, of fixed or variable length.</summary>
    Text,

    /// <summary>An enumeration of exactly FALSE and TRUE.</summary>
    Boolean,

    /// <summary>Any other enumeration; read as its names.</summary>
    Enumeration,

    /// <summary>A record of named members.</summary>
    Compound,

    /// <summary>A reference to an object of the same file.</summary>
    Reference,

    /// <summary>A row of elements whose length differs from value to value.</summary>
    Ragged,

    /// <summary>A block of elements of fixed shape.</summary>
    Block,

    /// <summary>Bytes that this reader does not interpret: opaque data, bit fields, times, region references, unusual numbers.</summary>
    Opaque,
}

/// <summary>The type of one element.</summary>
/// <param name="Kind">What kind of value it is.</param>
/// <param name="Size">Bytes in memory.</param>
/// <param name="Signed">Whether an integer, or an enumeration's number, has a sign.</param>
/// <param name="BigEndian">Whether the most significant byte comes first.</param>
/// <param name="Variable">Whether a text has variable length.</param>
/// <param name="Element">The element of a ragged row or a block, and the number under an enumeration.</param>
/// <param name="Length">The number of elements of a block.</param>
/// <param name="Members">The members of a compound.</param>
/// <param name="Names">The names of an enumeration by number.</param>
public sealed record Hdf5Type(
    Hdf5Kind Kind,
    int Size,
    bool Signed = false,
    bool BigEndian = false,
    bool Variable = false,
    Hdf5Type? Element = null,
    int Length = 0,
    IReadOnlyList<Hdf5Member>? Members = null,
    IReadOnlyDictionary<long, string>? Names = null)
{
    /// <summary>Whether the elements are numbers (a boolean is not).</summary>
    public bool IsNumber => Kind is Hdf5Kind.Integer or Hdf5Kind.Float;

    /// <summary>The type in words, for messages.</summary>
    public override string ToString() => Kind switch
    {
        Hdf5Kind.Integer => $"{8 * Size}-bit {(Signed ? "signed" : "unsigned")} integer",
        Hdf5Kind.Float => $"{8 * Size}-bit floating-point number",
        Hdf5Kind.Text => "text",
        Hdf5Kind.Boolean => "boolean",
        Hdf5Kind.Enumeration => "enumeration",
        Hdf5Kind.Compound => $"record of {string.Join(", ", Members!.Select(member => member.Name))}",
        Hdf5Kind.Reference => "object reference",
        Hdf5Kind.Ragged => $"ragged row of {Element}",
        Hdf5Kind.Block => $"block of {Length} x {Element}",
        _ => $"{Size} opaque bytes",
    };
}

/// <summary>A member of a compound type.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Bytes from the start of the record in memory.</param>
/// <param name="Type">Its type.</param>
public sealed record Hdf5Member(string Name, int Offset, Hdf5Type Type);
