using BrainModular.Engine.Networks;
using BrainModular.Host.Runs;

namespace BrainModular.Host.Simulations;

public sealed class SpikeStoreTests : IDisposable
{
    private readonly string path = Path.Combine(Directory.CreateTempSubdirectory("brain-spikes-").FullName, "spikes");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

    [Fact]
    public void Spikes_come_back_in_order_also_while_more_are_added_and_go_with_the_store()
    {
        using (var store = new SpikeStore(path, units: 7))
        {
            List<StoredSpike> expected = [];
            for (var step = 0; step < 30_000; step++)
            {
                store.Add([new(step, step % 7, 0), new(step, 0, 3)], firstTrial: 16);
                expected.AddRange([new(16, step, step % 7), new(19, step, 0)]);
                if (step == 100)
                {
                    Assert.Equal(expected, store.Read());
                }
            }

            Assert.Equal(expected, store.Read());
            Assert.Equal(expected, store.Read());
            Assert.Equal(expected.Count, store.Count);
            Assert.Equal(Enumerable.Range(0, 7).Select(unit => expected.LongCount(s => s.Unit == unit)), store.CountOfUnit);
        }

        Assert.False(File.Exists(path));
    }
}
