using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Onnx.Wire;

namespace BrainModular.Formats.Onnx;

/// <summary>Reads tensors that lie in files beside the model. It never leaves the model's folder and never reads more than a tensor's sizes promise.</summary>
internal sealed class ExternalWeightsReader(string modelFile, List<Diagnostic> faults)
{
    private readonly string folder = RealPath(Path.GetDirectoryName(Path.GetFullPath(modelFile))!);

    /// <summary>The tensor's bytes, or null where a fault was found.</summary>
    public ReadOnlyMemory<byte>? Read(TensorProto proto, long length, string place)
    {
        var location = Entry(proto, "location") ?? "";
        if (Resolve(location) is not { } path)
        {
            return Refuse(place, $"tensor '{proto.Name}' lies at '{location}', outside the model's folder", "the name of a file in the model's folder or below it");
        }

        if (!TryNumber(proto, "offset", 0, out var offset) || !TryNumber(proto, "length", length, out var stated) || stated != length)
        {
            return Refuse(place, $"tensor '{proto.Name}' has the offset '{Entry(proto, "offset")}' and the length '{Entry(proto, "length")}' in '{location}'",
                $"an offset of at least 0 and the length {length} that its sizes say");
        }

        if (!File.Exists(path))
        {
            return Refuse(place, $"'{location}', which holds tensor '{proto.Name}', is missing", "the file of weights beside the model");
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (offset > stream.Length - length)
        {
            return Refuse(place, $"'{location}' has {stream.Length} bytes and ends before tensor '{proto.Name}' does", $"at least {offset} + {length} bytes");
        }

        var data = new byte[length];
        stream.Position = offset;
        stream.ReadExactly(data);
        return data;
    }

    /// <summary>The file that a location names, or null where it lies outside the model's folder, links followed.</summary>
    private string? Resolve(string location)
    {
        if (location.Length == 0 || location.Contains('\0') || Path.IsPathRooted(location))
        {
            return null;
        }

        var path = RealPath(Path.GetFullPath(Path.Combine(folder, location)));
        return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }

    private static string RealPath(string path)
    {
        var parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var inRealParent = Path.Combine(RealPath(parent), Path.GetFileName(path));
        var entry = new FileInfo(inRealParent);
        return entry.LinkTarget is null ? inRealParent : RealPath(entry.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }

    private static string? Entry(TensorProto proto, string key) => proto.ExternalData.LastOrDefault(entry => entry.Key == key)?.Value;

    private static bool TryNumber(TensorProto proto, string key, long absent, out long value)
    {
        value = absent;
        return Entry(proto, key) is not { } text || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 0);
    }

    private ReadOnlyMemory<byte>? Refuse(string place, string problem, string expected)
    {
        faults.Add(new Diagnostic("BM3504", problem, new Place(modelFile, place), expected, "keep the model and its file of weights together, as they were written"));
        return null;
    }
}
