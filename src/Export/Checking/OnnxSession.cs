using BrainModular.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace BrainModular.Export.Checking;

/// <summary>Numbers with a shape, row-major.</summary>
public sealed record OnnxRow(IReadOnlyList<long> Shape, double[] Elements);

/// <summary>A file loaded into ONNX Runtime on one CPU thread. Numbers go in and out as float64, whatever the file computes with.</summary>
public sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession session;

    private OnnxSession(InferenceSession session) => this.session = session;

    /// <summary>The names of the file's inputs, in its order.</summary>
    public IReadOnlyList<string> Inputs => session.InputNames;

    /// <summary>The names of the file's outputs, in its order.</summary>
    public IReadOnlyList<string> Outputs => session.OutputNames;

    /// <summary>Loads a file.</summary>
    /// <exception cref="DiagnosticException">BM5501: ONNX Runtime refuses the file; BM6502: its native library cannot be loaded.</exception>
    public static OnnxSession Open(string path)
    {
        try
        {
            // More threads make steps of a few microseconds slower: they would wait for each other.
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            return new OnnxSession(new InferenceSession(path, options));
        }
        catch (OnnxRuntimeException error)
        {
            throw new DiagnosticException("BM5501", $"ONNX Runtime does not accept the model: {error.Message}", new Place(path),
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
