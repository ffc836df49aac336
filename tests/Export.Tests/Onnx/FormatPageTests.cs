using System.Text.RegularExpressions;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Tests.Networks;
using BrainModular.Export.Onnx;
using BrainModular.Export.Tests.Fixtures;
using BrainModular.Formats.Onnx;

namespace BrainModular.Export.Tests.Onnx;

/// <summary>docs/onnx-files.md names what is in the files, and nothing else.</summary>
public sealed partial class FormatPageTests : IDisposable
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RealData.Repository, "docs", "onnx-files.md"));

    private readonly ExportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_input_and_output_is_on_the_page_with_its_axes()
    {
        var rows = TableRow().Matches(Page).ToDictionary(match => match.Groups[1].Value, match => (Step: match.Groups[2].Value, Sequence: match.Groups[3].Value));
        var neurons = new[] { Populations.Everything(), Populations.DyadicLif() }.Select(static model => (OnnxExport.Step(model, Precision.Single).Graph, OnnxExport.Sequence(model, Precision.Single).Graph));
        foreach (var (step, sequence) in neurons.Append((Network().Step.Graph, Network().Sequence.Graph)))
        {
            Assert.All(step.Inputs, info => Assert.Equal($"in, {Axes(info.Shape!)}", rows[Generic(info.Name)].Step));
            Assert.All(step.Outputs, info => Assert.Equal($"out, {Axes(info.Shape!)}", rows[Generic(info.Name)].Step));
            Assert.All(sequence.Inputs, info => Assert.Equal($"in, {Axes(info.Shape!)}", rows[Generic(info.Name)].Sequence));
            Assert.All(sequence.Outputs, info => Assert.Equal($"out, {Axes(info.Shape!)}", rows[Generic(info.Name)].Sequence));
        }
    }

    [Fact]
    public void The_metadata_keys_are_those_on_the_page()
    {
        var written = OnnxExport.Step(Populations.Everything(), Precision.Single).Metadata.Concat(Network().Step.Metadata).Select(entry => entry.Key).Distinct();

        Assert.Equal(written.Order(), MetadataRow().Matches(Page).Select(match => match.Groups[1].Value).Order());
    }

    private (OnnxModel Step, OnnxModel Sequence) Network()
    {
        var plan = Networks.Networks.Plan(WrittenNetwork.Everything(new(1)), new("out", "y"), Networks.Networks.Spikes(2, 1, 4, seed: 1)) with { Spikes = ["E"] };
        var result = NetworkExport.Write(plan, folder.Path);
        return (OnnxFile.Read(result.StepFile), OnnxFile.Read(result.SequenceFile));
    }

    private static string Axes(IReadOnlyList<OnnxDimension> shape) =>
        $"[{string.Join(", ", shape.Select((dimension, axis) => dimension.Parameter ?? (axis < shape.Count - 1 ? "steps" : dimension.Size == 1 ? "1" : "units")))}]";

    /// <summary>A value's name with the placeholders of the page.</summary>
    private static string Generic(string name) => name switch
    {
        _ when name.StartsWith("in.cells", StringComparison.Ordinal) => "in.POPULATION",
        _ when name.StartsWith("noise.cells.", StringComparison.Ordinal) => "noise.POPULATION.DISTRIBUTION.STREAM",
        _ when name.StartsWith("out.cells.", StringComparison.Ordinal) => "out.POPULATION.OUTPUT",
        _ when name.StartsWith("state.", StringComparison.Ordinal) => name.EndsWith(".next", StringComparison.Ordinal) ? "state.POPULATION.STATE.next" : "state.POPULATION.STATE",
        _ when name.StartsWith("delay.", StringComparison.Ordinal) => name.EndsWith(".next", StringComparison.Ordinal) ? "delay.SOURCE.OUTPUT.next" : "delay.SOURCE.OUTPUT",
        "in.in" => "in.INPUT",
        "readout.out.y" => "readout.POPULATION.STATE",
        "spikes.E" or "spikes.I" => "spikes.POPULATION",
        _ => name.Replace("cells", "POPULATION", StringComparison.Ordinal),
    };

    [GeneratedRegex(@"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"^\| `(brainmodular\.[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex MetadataRow();
}
