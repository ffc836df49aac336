using System.Text.RegularExpressions;
using BrainModular.Engine.Ir;
using BrainModular.Export.Onnx;
using BrainModular.Export.Tests.Fixtures;

namespace BrainModular.Export.Tests.Onnx;

/// <summary>docs/onnx-files.md names what is in the files, and nothing else.</summary>
public sealed partial class FormatPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(RealData.Repository, "docs", "onnx-files.md"));

    [Fact]
    public void Every_input_and_output_is_on_the_page_with_its_axes()
    {
        var rows = TableRow().Matches(Page).ToDictionary(match => match.Groups[1].Value, match => (Step: match.Groups[2].Value, Sequence: match.Groups[3].Value));
        foreach (var model in new[] { Populations.Everything(), Populations.DyadicLif() })
        {
            var (step, sequence) = (OnnxExport.Step(model, Precision.Single).Graph, OnnxExport.Sequence(model, Precision.Single).Graph);
            Assert.All(step.Inputs, info => Assert.Equal($"in, {Axes(info.Shape!)}", rows[Generic(info.Name)].Step));
            Assert.All(step.Outputs, info => Assert.Equal($"out, {Axes(info.Shape!)}", rows[Generic(info.Name)].Step));
            Assert.All(sequence.Inputs, info => Assert.Equal($"in, {Axes(info.Shape!)}", rows[Generic(info.Name)].Sequence));
            Assert.All(sequence.Outputs, info => Assert.Equal($"out, {Axes(info.Shape!)}", rows[Generic(info.Name)].Sequence));
        }
    }

    [Fact]
    public void The_metadata_keys_are_those_on_the_page()
    {
        var written = OnnxExport.Step(Populations.Everything(), Precision.Single).Metadata.Select(entry => entry.Key);

        Assert.Equal(written.Order(), MetadataRow().Matches(Page).Select(match => match.Groups[1].Value).Order());
    }

    private static string Axes(IReadOnlyList<Formats.Onnx.OnnxDimension> shape) =>
        $"[{string.Join(", ", shape.Select(dimension => dimension.Parameter ?? (dimension.Size == 1 ? "1" : "units")))}]";

    /// <summary>A value's name with the placeholders of the page.</summary>
    private static string Generic(string name) => name switch
    {
        _ when name.StartsWith("state.cells.", StringComparison.Ordinal) => name.EndsWith(".next", StringComparison.Ordinal) ? "state.POPULATION.STATE.next" : "state.POPULATION.STATE",
        _ when name.StartsWith("in.cells", StringComparison.Ordinal) => "in.POPULATION",
        _ when name.StartsWith("noise.cells.", StringComparison.Ordinal) => "noise.POPULATION.DISTRIBUTION.STREAM",
        _ when name.StartsWith("out.cells.", StringComparison.Ordinal) => "out.POPULATION.OUTPUT",
        _ => name.Replace("cells", "POPULATION", StringComparison.Ordinal),
    };

    [GeneratedRegex(@"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"^\| `(brainmodular\.[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex MetadataRow();
}
