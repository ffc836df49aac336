using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>
/// The neurodata objects of a file, found by walking its groups once. Only names, types and identities are read: opening a file with
/// a thousand series must not read a thousand series.
/// </summary>
internal sealed class NwbIndex
{
    private const string TypeAttribute = "neurodata_type";

    // The schema nests a handful of groups, and a path is followed from the root for each.
    private const int DeepestGroup = 64;

    private readonly Hdf5File _file;
    private readonly FaultLog _log;
    private readonly bool _isFirst;
    private readonly List<NwbObject> _objects = [];
    private readonly Dictionary<ulong, string> _pathByAddress = [];

    /// <param name="file">The file.</param>
    /// <param name="log">Takes what is odd.</param>
    /// <param name="isFirst">Whether it is of version 1, where the attribute <c>ancestry</c> has the type, and links of epochs lead to series that stand elsewhere.</param>
    public NwbIndex(Hdf5File file, FaultLog log, bool isFirst)
    {
        _file = file;
        _log = log;
        _isFirst = isFirst;
        Walk("", 0);
    }

    public IReadOnlyList<NwbObject> Objects => _objects;

    /// <summary>The path of the object that a reference points to, or null where it points to nothing.</summary>
    public string? PathOf(Hdf5Reference reference) =>
        _pathByAddress.TryGetValue(reference.Address, out var path) ? path : _file.PathOf(reference);

    private void Walk(string group, int depth)
    {
        if (depth == DeepestGroup)
        {
            _log.Add(new Diagnostic("BM3027", $"groups lie in each other more than {DeepestGroup} deep", new Place(_file.Path, group), null, "what lies deeper is not looked at"));
            return;
        }

        foreach (var link in _log.Try(() => _file.Links(group.Length == 0 ? "/" : group), []))
        {
            var path = $"{group}/{link.Name}";
            if (path != "/specifications" && !(_isFirst && path == NwbEpochs.Group) && _log.Try(() => Enter(link, path), false))
            {
                Walk(path, depth + 1);
            }
        }
    }

    // Notes what a link leads to; the answer is whether that is a group to walk on into.
    private bool Enter(Hdf5Link link, string path)
    {
        if (_file.Find(path, out var reason) is not { } found)
        {
            _log.Add(reason! with { Id = "BM3023", Problem = $"the link leads nowhere: {reason.Problem}", Place = new Place(_file.Path, path) });
            return false;
        }

        // A soft link names an object that stands elsewhere in the file; an object of another file stands where the link is.
        var neighbour = found.File != _file.Path;
        if ((link.Kind == Hdf5LinkKind.Soft && !neighbour) || (!neighbour && !_pathByAddress.TryAdd(found.Address, path)))
        {
            return false;
        }

        Add(found, path);
        return !found.IsDataset && !neighbour;
    }

    private void Add(Hdf5Object found, string path)
    {
        if (found.AttributeCount > 0 && _file.Attribute(path, TypeAttribute)?.Text is { } type)
        {
            type = _isFirst && _file.Attribute(path, "ancestry")?.Texts is [.., var concrete] ? concrete : type;
            _objects.Add(new NwbObject(path, type, _file.Attribute(path, "namespace")?.Text ?? "", _file.Attribute(path, "object_id")?.Text, found.IsDataset));
        }
    }
}
