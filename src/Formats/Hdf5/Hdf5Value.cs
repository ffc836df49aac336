namespace BrainModular.Formats.Hdf5;

/// <summary>A reference to an object, as the address of its header in the file; 0 refers to nothing.</summary>
/// <param name="Address">The address, equal to <see cref="Hdf5Object.Address"/> of the object.</param>
public readonly record struct Hdf5Reference(ulong Address);

/// <summary>
/// The content of an attribute, or of a dataset or a window of it, as plain .NET data.
/// </summary>
/// <param name="Type">The element's type in the file.</param>
/// <param name="Shape">The lengths of the dimensions; empty for a scalar. An empty dataspace has the shape {0}.</param>
/// <param name="Elements">
/// One element per position, last dimension fastest: <c>long</c>, <c>ulong</c> (only 8-byte unsigned), <c>double</c>, <c>string</c>,
/// <c>bool</c>, <see cref="Hdf5Reference"/>, <c>byte[]</c> (opaque), <c>object[]</c> (ragged row, block), or a
/// <c>IReadOnlyDictionary&lt;string, object&gt;</c> by member name (compound).
/// </param>
public sealed record Hdf5Value(Hdf5Type Type, IReadOnlyList<long> Shape, object[] Elements)
{
    /// <summary>The first element as text, or null where there is none or it is not text.</summary>
    public string? Text => Elements.Length > 0 ? Elements[0] as string : null;

    /// <summary>The first element as a number, or null where there is none or it is not a number.</summary>
    public double? Number => Elements.Length == 0
        ? null
        : Elements[0] switch { double real => real, long whole => whole, ulong whole => whole, _ => null };

    /// <summary>The elements that are text.</summary>
    public IReadOnlyList<string> Texts => [.. Elements.OfType<string>()];

    /// <summary>The first element as a reference, or null where there is none or it is not a reference.</summary>
    public Hdf5Reference? Reference => Elements.Length > 0 && Elements[0] is Hdf5Reference reference ? reference : null;
}
