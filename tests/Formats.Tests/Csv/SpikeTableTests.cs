using BrainModular.Formats.Csv;
using BrainModular.Formats.Sonata;

namespace BrainModular.Formats.Tests.Csv;

public sealed class SpikeTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Spikes_are_read_in_the_order_of_rows_and_by_population()
    {
        File.WriteAllText(folder["spikes.csv"], "timestamps population node_ids\n2.5 b 7\n1 a 3\n");
        Assert.False(SonataSpikes.CanRead(folder["spikes.csv"]));
        var b = SpikeTable.Read(folder["spikes.csv"], ' ', header: true, "timestamps", "node_ids", "b");
        Assert.Equal([7L], b.Nodes);
        Assert.Equal([2.5], b.Times);
        Assert.Contains("a, b", DiagnosticAssert.Fails("BM3251", () => SpikeTable.Read(folder["spikes.csv"], ' ', header: true, "timestamps", "node_ids", null)).Expected, StringComparison.Ordinal);
        DiagnosticAssert.Fails("BM3251", () => SpikeTable.Read(folder["spikes.csv"], ' ', header: true, "timestamps", "node_ids", "c"));
    }

    [Theory]
    [InlineData("1,-3", "BM3250")]
    [InlineData("1,2.5", "BM3250")]
    [InlineData("1,x", "BM3223")]
    [InlineData("nan,1", "BM3223")]
    public void A_cell_that_is_no_spike_is_named(string row, string id)
    {
        File.WriteAllText(folder["spikes.csv"], $"0,1\n{row}\n");
        Assert.Equal(2, DiagnosticAssert.Fails(id, () => SpikeTable.Read(folder["spikes.csv"], ',', header: false, "1", "2", null)).Place.Line);
    }
}
