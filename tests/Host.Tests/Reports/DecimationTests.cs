using BrainModular.Host.Reports;

namespace BrainModular.Host.Tests.Reports;

public sealed class DecimationTests
{
    [Theory]
    [InlineData(10, 100)]
    [InlineData(1000, 8)]
    [InlineData(100_000, 1000)]
    [InlineData(4099, 333)]
    public void At_most_so_many_samples_stay_in_order_with_both_ends(int length, int most)
    {
        var indices = Decimation.Indices(Noise(length), most);

        Assert.InRange(indices.Count, 2, most);
        Assert.Equal(indices.Order().Distinct(), indices);
        Assert.Equal(0, indices[0]);
        Assert.Equal(length - 1, indices[^1]);
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(5_001)]
    [InlineData(2_000_003)]
    public void Of_too_many_spikes_as_many_as_are_drawn_are_spread_over_all(int count)
    {
        double[] drawn = [.. Decimation.Drawn([.. Enumerable.Range(0, count).Select(static i => (double)i)])];

        Assert.Equal(5_000, drawn.Length);
        Assert.Equal(0, drawn[0]);
        Assert.All(drawn.Zip(drawn.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, Math.Max(1, count / 5_000), (count / 5_000) + 1));
        Assert.InRange(drawn[^1], count - 1 - ((count / 5_000) + 1), count - 1);
    }

    [Fact]
    public void A_spike_of_one_sample_is_never_lost()
    {
        for (var place = 0; place < 10_000; place += 37)
        {
            var samples = Noise(10_000);
            samples[place] = 100;
            samples[(place + 5000) % 10_000] = -100;

            var kept = Decimation.Indices(samples, 100);

            Assert.Contains(place, kept);
            Assert.Contains((place + 5000) % 10_000, kept);
        }
    }

    [Fact]
    public void A_step_current_keeps_its_corners_only()
    {
        var samples = new double[10_000];
        samples.AsSpan(2000, 6000).Fill(0.25);

        Assert.Equal([0, 1999, 2000, 7999, 8000, 9999], Decimation.Indices(samples, 100));
    }

    [Fact]
    public void Missing_samples_leave_a_gap()
    {
        var samples = Noise(10_000);
        samples.AsSpan(5000, 2).Fill(double.NaN);

        Assert.Contains(Decimation.Indices(samples, 100), index => double.IsNaN(samples[index]));
    }

    [Fact]
    public void A_trace_of_missing_samples_or_of_none_is_no_fault()
    {
        Assert.Empty(Decimation.Indices([], 8));
        Assert.Equal([0], Decimation.Indices([1.0], 8));
        Assert.InRange(Decimation.Indices(Enumerable.Repeat(double.NaN, 1000).ToArray(), 8).Count, 1, 8);
    }

    private static double[] Noise(int length) => [.. Enumerable.Range(0, length).Select(i => Math.Sin(i * 12.9898) * Math.Cos(i * 78.233))];
}
