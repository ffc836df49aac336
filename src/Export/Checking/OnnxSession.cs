using BrainModular.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace BrainModular.Export.Checking;

/// <summary>Numbers with a shape, row-major.</summary>
public sealed record OnnxRow(IReadOnlyList<long> Shape, double[] Elements);

/// <summary>Where ONNX Runtime computes.</summary>
public enum OnnxProvider
{
    /// <summary>On one thread of the processor.</summary>
    Cpu,

    /// <summary>On the first CUDA device; on the processor where there is none.</summary>
    Cuda,
}

/// <summary>A file loaded into ONNX Runtime, on one CPU thread unless another provider is asked for. Numbers go in and out as float64, whatever the file computes with.</summary>
public sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession session;

    private OnnxSession(InferenceSession session, string? withoutCuda) => (this.session, WithoutCuda) = (session, withoutCuda);

    /// <summary>Why the model runs on the processor though CUDA was asked for; null where it runs where it should.</summary>
    public string? WithoutCuda { get; }

    /// <summary>The names of the file's inputs, in its order.</summary>
    public IReadOnlyList<string> Inputs => session.InputNames;

    /// <summary>The names of the file's outputs, in its order.</summary>
    public IReadOnlyList<string> Outputs => session.OutputNames;

    /// <summary>What the file says about itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata => session.ModelMetadata.CustomMetadataMap;

    /// <summary>Whether an input holds float32.</summary>
    public bool IsSingle(string input) => session.InputMetadata[input].ElementDataType == TensorElementType.Float;

    /// <summary>The axes of an input: a length, or -1 where it is open.</summary>
    public IReadOnlyList<int> AxesOf(string input) => session.InputMetadata[input].Dimensions;

    /// <summary>The names of an input's axes whose length is open, and empty ones for the others.</summary>
    public IReadOnlyList<string> AxisNamesOf(string input) => session.InputMetadata[input].SymbolicDimensions;

    /// <summary>The names of an output's axes whose length is open, and empty ones for the others.</summary>
    public IReadOnlyList<string> AxisNamesOfOutput(string output) => session.OutputMetadata[output].SymbolicDimensions;

    /// <summary>Loads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="provider">Where it is to run.</param>
    /// <param name="isGiven">Whether the file is one that a user gives, rather than one that was just written.</param>
    /// <exception cref="DiagnosticException">BM5501, BM3614 for a given file: ONNX Runtime refuses it; BM6502: its native library cannot be loaded.</exception>
    public static OnnxSession Open(string path, OnnxProvider provider = OnnxProvider.Cpu, bool isGiven = false)
    {
        try
        {
            using var options = Options();
            if (provider == OnnxProvider.Cpu)
            {
                return new OnnxSession(new InferenceSession(path, options), null);
            }

            var withoutCuda = AppendCuda(options);
            using var plain = Options();
            return new OnnxSession(new InferenceSession(path, withoutCuda is null ? options : plain), withoutCuda);
        }
        catch (OnnxRuntimeException error)
        {
            throw isGiven
                ? new DiagnosticException("BM3614", $"ONNX Runtime cannot load the model: {error.Message}", new Place(path), "a whole model.step.onnx or model.seq.onnx of a run folder", "copy the file again, or export it again", error)
                : new DiagnosticException("BM5501", $"ONNX Runtime does not accept the model: {error.Message}", new Place(path),
                "a model of opset 17 that it can run", "report this with the model: the export is at fault", error);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new DiagnosticException("BM6502", $"ONNX Runtime's native library cannot be loaded: {FirstSentence((error.InnerException ?? error).Message)}",
                expected: "libonnxruntime beside the program, in runtimes/linux-x64/native on Linux",
                cure: "run 'npm ci --ignore-scripts' in the repository's folder and build again, or build with -p:UseOfficialOrt=true", inner: error);
        }
    }

    /// <summary>Runs the model once.</summary>
    /// <exception cref="DiagnosticException">BM5501: ONNX Runtime fails on it.</exception>
    public IReadOnlyDictionary<string, OnnxRow> Run(IReadOnlyDictionary<string, OnnxRow> inputs, IReadOnlyList<string> outputs)
    {
        var values = new List<OrtValue>();
        try
        {
            foreach (var name in Inputs)
            {
                values.Add(ToValue(inputs[name], session.InputMetadata[name].ElementDataType));
            }

            using var options = new RunOptions();
            using var results = session.Run(options, Inputs, values, outputs);
            return outputs.Zip(results).ToDictionary(pair => pair.First, pair => ToRow(pair.Second));
        }
        catch (OnnxRuntimeException error)
        {
            throw new DiagnosticException("BM5501", $"ONNX Runtime fails on the model: {error.Message}",
                expected: "a run without errors", cure: "report this with the model: the export is at fault", inner: error);
        }
        finally
        {
            values.ForEach(static value => value.Dispose());
        }
    }

    public void Dispose() => session.Dispose();

    /// <summary>More threads make steps of a few microseconds slower: they would wait for each other.</summary>
    private static SessionOptions Options() => new() { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };

    /// <summary>Asks for CUDA. The runtime's list of providers names CUDA also where no device is, so trying is the only test.</summary>
    /// <returns>Why there is none, or null.</returns>
    private static string? AppendCuda(SessionOptions options)
    {
        try
        {
            options.AppendExecutionProvider_CUDA(0);
            return null;
        }
        catch (Exception error) when (error is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return FirstSentence(error.Message);
        }
    }

    /// <summary>What the loader says before it lists every place where it looked.</summary>
    private static string FirstSentence(string message) => message.Split(". ", 2)[0].Split('\n', 2)[0];

    private static OrtValue ToValue(OnnxRow row, TensorElementType type) => type == TensorElementType.Double
        ? OrtValue.CreateTensorValueFromMemory(row.Elements, [.. row.Shape])
        : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(row.Elements, static element => (float)element), [.. row.Shape]);

    private static OnnxRow ToRow(OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var elements = info.ElementDataType == TensorElementType.Double
            ? value.GetTensorDataAsSpan<double>().ToArray()
            : Array.ConvertAll(value.GetTensorDataAsSpan<float>().ToArray(), static element => (double)element);
        return new OnnxRow(info.Shape, elements);
    }
}
