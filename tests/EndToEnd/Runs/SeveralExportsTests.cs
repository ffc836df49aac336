namespace BrainModular.EndToEnd.Runs;

/// <summary>Several exports in one experiment.</summary>
public sealed class SeveralExportsTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void Each_leaves_files_of_its_own_name()
    {
        place.Write("two.json", Workplace.Fit(after: """
            "again": { "type": "fit", "neuron": { "type": "leaky-integrate-and-fire" }, "recording": { "path": "cell.nwb" }, "optimizer": { "type": "l-bfgs-b", "maxIterations": 2 }, "starts": 1 },
            "first": { "type": "export", "from": "fit" }, "second/2": { "type": "export", "from": "again" },
            """));
        place.Run("run", "two.json", "--out", "out").Succeeded();
        Assert.Equal(
            ["first.seq.onnx", "first.step.onnx", "second-2.seq.onnx", "second-2.step.onnx"],
            Directory.EnumerateFiles(place["out"], "*.onnx").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.NotEqual(File.ReadAllBytes(place["out/first.step.onnx"]), File.ReadAllBytes(place["out/second-2.step.onnx"]));
    }
}
