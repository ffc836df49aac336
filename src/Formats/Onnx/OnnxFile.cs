using BrainModular.Diagnostics;
using BrainModular.Formats.Onnx.Wire;
using Google.Protobuf;

namespace BrainModular.Formats.Onnx;

/// <summary>Reads and writes ONNX files. A written file appears whole or not at all.</summary>
public static class OnnxFile
{
    /// <summary>From this size on a tensor goes into the file of weights beside the model, unless the caller says otherwise.</summary>
    public const long DefaultExternalThreshold = 64L << 20;

    /// <summary>Above this sum of tensor bytes, tensors of at least a page go beside the model too: protocol buffers end at 2 GB.</summary>
    private const long InlineLimit = 1L << 30;

    private const long PageThreshold = 4096;

    /// <summary>Reads a file and the weights that lie beside it.</summary>
    /// <exception cref="DiagnosticException">Every fault found: BM3501 to BM3505.</exception>
    public static OnnxModel Read(string path)
    {
        var proto = Parse(path);
        if (proto.IrVersion is < 3 or > OnnxModel.NewestIrVersion)
        {
            throw new DiagnosticException("BM3502", $"the file has ONNX version {proto.IrVersion} of the intermediate representation",
                new Place(path, "ir_version"), $"3 to {OnnxModel.NewestIrVersion}", "export the model again with opset 17 or lower");
        }

        var faults = new List<Diagnostic>();
        var model = new OnnxDecoder(path, new ExternalWeightsReader(path, faults), faults).Model(proto);
        faults.AddRange(OnnxVerifier.Run(model, path));
        return faults.Count == 0 ? model : throw new DiagnosticException(faults);
    }

    /// <summary>Verifies a model and writes it; tensors of at least <paramref name="externalThreshold"/> bytes go into <c>NAME.weights.bin</c> beside it.</summary>
    /// <exception cref="DiagnosticException">The model is malformed (BM3505), or the folder cannot be written to (BM6501).</exception>
    public static void Write(OnnxModel model, string path, long externalThreshold = DefaultExternalThreshold)
    {
        var faults = OnnxVerifier.Run(model, path);
        if (faults.Count > 0)
        {
            throw new DiagnosticException(faults);
        }

        var threshold = TensorBytes(model) > InlineLimit ? Math.Min(externalThreshold, PageThreshold) : externalThreshold;
        var weights = Path.ChangeExtension(path, null) + ".weights.bin";
        var (temporary, temporaryWeights) = (path + ".tmp", weights + ".tmp");
        try
        {
            Encode(model, temporary, temporaryWeights, Path.GetFileName(weights), threshold);
            if (new FileInfo(temporaryWeights).Length > 0)
            {
                File.Move(temporaryWeights, weights, overwrite: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException("BM6501", $"the model cannot be written: {error.Message}", new Place(path),
                "a folder that can be written to, with space left", "free space or name another folder", error);
        }
        finally
        {
            DeleteIfThere(temporary);
            DeleteIfThere(temporaryWeights);
        }
    }

    /// <summary>The sum of all tensors' bytes. Not left to protocol buffers, whose own sum is a 32-bit number that overflows without a word.</summary>
    internal static long TensorBytes(OnnxModel model) =>
        GraphBytes(model.Graph) + model.Functions.Sum(function => function.Nodes.Sum(NodeBytes));

    private static long GraphBytes(OnnxGraph graph) => graph.Initializers.Sum(tensor => (long)tensor.Data.Length) + graph.Nodes.Sum(NodeBytes);

    private static long NodeBytes(OnnxNode node) => node.Attributes.Sum(attribute => attribute switch
    {
        OnnxAttribute.Tensor tensor => tensor.Value.Data.Length,
        OnnxAttribute.Graph graph => GraphBytes(graph.Value),
        _ => 0L,
    });

    private static void Encode(OnnxModel model, string path, string weightsPath, string weightsName, long threshold)
    {
        using var weights = new FileStream(weightsPath, FileMode.Create, FileAccess.Write);
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        new OnnxEncoder(new ExternalWeights(weights, weightsName, threshold)).Model(model).WriteTo(stream);
        weights.Flush(flushToDisk: true);
        stream.Flush(flushToDisk: true);
    }

    private static ModelProto Parse(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            return ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new DiagnosticException("BM3501", $"the file is not an ONNX model, or is damaged: {error.Message}", new Place(path),
                "an ONNX model in protocol buffer form, whole", "export the model again", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException("BM3500", $"the model cannot be read: {error.Message}", new Place(path),
                "a readable file", "check the path and the file's permissions", error);
        }
    }

    private static void DeleteIfThere(string path)
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
