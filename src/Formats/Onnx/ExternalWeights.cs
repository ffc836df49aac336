using System.Globalization;
using BrainModular.Formats.Onnx.Wire;

namespace BrainModular.Formats.Onnx;

/// <summary>Writes large tensors one after another into the file beside the model, each at a multiple of a memory page so that it can be mapped.</summary>
internal sealed class ExternalWeights(Stream stream, string location, long threshold)
{
    private const long Page = 4096;

    /// <summary>Whether a tensor is written here: it has at least the threshold's bytes.</summary>
    public bool Takes(OnnxTensor tensor) => tensor.Data.Length >= threshold;

    /// <summary>Writes a tensor and returns the entries that say where it lies.</summary>
    public IEnumerable<StringStringEntryProto> Append(OnnxTensor tensor)
    {
        var offset = (stream.Position + Page - 1) / Page * Page;
        stream.SetLength(offset);
        stream.Position = offset;
        stream.Write(tensor.Data.Span);
        return
        [
            new() { Key = "location", Value = location },
            new() { Key = "offset", Value = offset.ToString(CultureInfo.InvariantCulture) },
            new() { Key = "length", Value = tensor.Data.Length.ToString(CultureInfo.InvariantCulture) },
        ];
    }
}
