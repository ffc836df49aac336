using BrainModular.Engine.Fitting;

namespace BrainModular.Engine.Tests.Fitting;

public sealed class ExplainedVarianceTests
{
    private static readonly double[] Recorded = [.. Enumerable.Range(0, 1000).Select(static k => -65 + (3 * Math.Sin(2 * Math.PI * k / 100)))];
    private static readonly bool[] Everything = [.. Recorded.Select(static _ => true)];

    /// <summary>The variance of a sine of amplitude 3 is 4.5: an offset of 1 leaves 1 - 1 / 4.5, half the amplitude 1 - 1/4, the mean 0.</summary>
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 1 - (1 / 4.5))]
    [InlineData(0.5, 0, 0.75)]
    [InlineData(0, 0, 0)]
    [InlineData(-1, 0, -3)]
    public void Explained_variance_of_a_sine_is_known(double amplitude, double offset, double expected)
    {
        var explained = new ExplainedVariance();
        explained.Add([.. Recorded.Select(v => -65 + (amplitude * (v + 65)) + offset)], Recorded, Everything);
        Assert.Equal(expected, explained.Value!.Value, 1e-9);
    }

    [Fact]
    public void Traces_are_pooled_about_their_common_mean()
    {
        // Two constant traces have variance together: 25 about their mean of -65.
        var explained = new ExplainedVariance();
        explained.Add([-69, -69], [-70, -70], [true, true]);
        Assert.Null(explained.Value);
        explained.Add([-59, -59], [-60, -60], [true, true]);
        Assert.Equal(1 - (1.0 / 25), explained.Value!.Value, 1e-10);
    }

    [Fact]
    public void Masked_samples_do_not_count()
    {
        var explained = new ExplainedVariance();
        bool[] mask = [.. Everything.Select(static (_, i) => i % 3 != 0)];
        explained.Add([.. Recorded.Select((v, i) => i % 3 == 0 ? double.NaN : v)], Recorded, mask);
        Assert.Equal(1, explained.Value!.Value, 1e-12);
    }

    [Fact]
    public void Nothing_is_explained_where_nothing_was_added() => Assert.Null(new ExplainedVariance().Value);

    [Fact]
    public void Mask_leaves_out_5_ms_before_to_30_ms_after_each_spike()
    {
        var mask = SpikeWindow.Subthreshold.Outside(1000, [100, 120, 990], 0.5);
        for (var i = 0; i < mask.Length; i++)
        {
            Assert.True(mask[i] == (i is not ((>= 90 and <= 180) or >= 980)), $"sample {i}");
        }

        Assert.All(SpikeWindow.Subthreshold.Outside(50, [], 0.5), Assert.True);
    }
}
