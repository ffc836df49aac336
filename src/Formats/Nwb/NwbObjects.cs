using System.Security.Cryptography;
using System.Text;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>Writes neurodata objects: groups and datasets that carry their type, and tables of them.</summary>
/// <param name="writer">The file.</param>
/// <param name="identifier">The file's identifier, from which those of its objects are derived.</param>
internal sealed class NwbObjects(Hdf5Writer writer, string identifier)
{
    private readonly HashSet<string> modules = [];

    /// <summary>Makes a group of a type.</summary>
    public void Group(string path, string type, string space = "core")
    {
        writer.Group(path);
        Typed(path, type, space);
    }

    /// <summary>Makes a processing module where it is not there; the first description of one stands.</summary>
    /// <returns>Its path.</returns>
    public string Module(string name, string description)
    {
        var path = $"/processing/{name}";
        if (modules.Add(name))
        {
            Group(path, "ProcessingModule");
            writer.Attribute(path, "description", description);
        }

        return path;
    }

    /// <summary>Gives an object its type and identifier.</summary>
    public void Typed(string path, string type, string space = "core")
    {
        writer.Attribute(path, "neurodata_type", type);
        writer.Attribute(path, "namespace", space);
        writer.Attribute(path, "object_id", ObjectId(path));
    }

    /// <summary>Makes a table without its columns.</summary>
    public void Table(string path, string type, string space, string description, string[] columns, long[] ids)
    {
        Group(path, type, space);
        writer.Attribute(path, "description", description);
        writer.Attribute(path, "colnames", columns);
        writer.Dataset($"{path}/id", ids);
        Typed($"{path}/id", "ElementIdentifiers", "hdmf-common");
    }

    /// <summary>Writes a column of a table.</summary>
    public void Column(string table, NwbColumnContent column)
    {
        var path = $"{table}/{column.Name}";
        writer.Dataset(path, column.Values);
        Typed(path, "VectorData", "hdmf-common");
        writer.Attribute(path, "description", column.Description);
    }

    /// <summary>Writes where the rows of a ragged column end; the column is there already.</summary>
    /// <param name="column">The column's path.</param>
    /// <param name="counts">How many values each row has.</param>
    public void Index(string column, IReadOnlyList<long> counts)
    {
        var ends = new ulong[counts.Count];
        for (var (row, end) = (0, 0L); row < ends.Length; row++)
        {
            ends[row] = (ulong)(end += counts[row]);
        }

        var path = $"{column}_index";
        writer.Dataset(path, ends);
        Typed(path, "VectorIndex", "hdmf-common");
        writer.Attribute(path, "description", $"where the rows of {column[(column.LastIndexOf('/') + 1)..]} end");
        writer.Attribute(path, "target", new Hdf5Target(column));
    }

    // A UUID whose random bits come from the file's identifier and the object's path: the same file, the same identifiers.
    private string ObjectId(string path)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes($"{identifier}\n{path}"))[..16];
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
