namespace BrainModular.EndToEnd.Examples;

/// <summary>examples/multiscale: from a recording to a trained network, by the command that the README names first.</summary>
public sealed class MultiscaleTests(MultiscaleRun run) : IClassFixture<MultiscaleRun>
{
    [Fact]
    public void Every_expected_value_lies_in_its_range()
    {
        Assert.True(run.Expected.Count > 5);
        Assert.All(run.Expected, range => Assert.InRange(run.At(range.Key), range.Value.Low, range.Value.High));
        Assert.Equal("completed", (string)run.Summary["status"]!);
    }

    [Fact]
    public void The_network_is_made_of_the_cell_that_was_fitted()
    {
        Assert.True(run.At("stages.fit.parameters.Vth.value") > run.At("stages.fit.parameters.Vrest.value"));
        Assert.All(new[] { "report.html", "summary.json", "resolved.json", "metrics.jsonl" }, file => Assert.True(new FileInfo(run.In(file)).Length > 100, file));
    }
}
