using BrainModular.Engine.Ir;
using BrainModular.Export.Onnx;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Tests.Fixtures;

/// <summary>A folder of its own for one test, with a population's two files.</summary>
internal sealed class ExportFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("brainmodular-export-").FullName;

    public string StepFile => File("model.step.onnx");

    public string SequenceFile => File("model.seq.onnx");

    public ExportFolder Write(StepModel model, Precision precision)
    {
        OnnxFile.Write(OnnxExport.Step(model, precision), StepFile);
        OnnxFile.Write(OnnxExport.Sequence(model, precision), SequenceFile);
        return this;
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
