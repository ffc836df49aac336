using BrainModular.Engine.Fitting;

namespace BrainModular.Engine.Tests.Fitting;

public sealed class EliteTests
{
    [Fact]
    public void Chosen_points_are_the_best_that_lie_apart()
    {
        var elite = new Elite();
        elite.Add([0.50, 0.5], 2);
        elite.Add([0.55, 0.5], 1);
        elite.Add([0.90, 0.5], 4);
        elite.Add([0.55, 0.8], 3);
        elite.Add([0.10, 0.1], double.NaN);
        Assert.Equal([1.0, 3.0, 4.0], elite.Choose(5).Select(static c => c.Loss));
        Assert.Equal([0.55, 0.5], Assert.Single(elite.Choose(1)).Point);
    }

    [Fact]
    public void Only_the_best_are_kept_however_many_were_met()
    {
        var elite = new Elite();
        for (var i = 0; i < 1000; i++)
        {
            elite.Add([i / 2.0], 1000 - i);
        }

        Assert.Equal(Enumerable.Range(1, 128).Select(static i => (double)i), elite.Choose(1000).Select(static c => c.Loss));
    }

    [Fact]
    public void Restored_it_chooses_the_same()
    {
        var (elite, restored) = (new Elite(), new Elite());
        elite.Add([0.1, 0.2], 5);
        elite.Add([0.7, 0.2], 4);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        elite.Save(writer);
        writer.Flush();
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        restored.Restore(reader);
        Assert.Equal(elite.Choose(2), restored.Choose(2), static (a, b) => a.Loss == b.Loss && a.Point.SequenceEqual(b.Point));
        Assert.Equal(stream.Length, stream.Position);
    }
}
