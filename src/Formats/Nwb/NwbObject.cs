namespace BrainModular.Formats.Nwb;

/// <summary>A neurodata object of a file: a group or dataset with a <c>neurodata_type</c>, of a type that this reader knows or not.</summary>
/// <param name="Path">Its path in the file; the first one where it has several.</param>
/// <param name="Type">Its type, such as <c>CurrentClampSeries</c>.</param>
/// <param name="Namespace">The namespace that defines the type: <c>core</c>, <c>hdmf-common</c> or an extension's; empty where the file does not say.</param>
/// <param name="ObjectId">Its unique identifier, or null in files before NWB 2.1.</param>
/// <param name="IsDataset">Whether it is a dataset.</param>
public sealed record NwbObject(string Path, string Type, string Namespace, string? ObjectId, bool IsDataset)
{
    /// <summary>The last part of its path.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
