using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Memory;
using BrainModular.Engine.Kernels.Random;

namespace BrainModular.Engine.Tests.Kernels;

public sealed class RandomTests
{
    /// <summary>From the file kat_vectors of Random123 1.14, the generator's publication.</summary>
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_published_words(uint a, uint b, uint c, uint d, uint key, uint keyHigh, uint w, uint x, uint y, uint z) =>
        Assert.Equal((w, x, y, z), Philox.Block((a, b, c, d), (key, keyHigh)));

    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Uniform_numbers_are_the_words_that_the_counter_gives(Precision precision)
    {
        var key = new StreamKey(0x1234_5678_9abc_def0);
        var row = Fill(new NoiseSource(key, RandomDistribution.Uniform, precision), precision, step: (7UL << 32) + 3, units: 15, lanes: 3, firstUnit: 40, firstLane: 2);
        for (var i = 0; i < row.Length; i++)
        {
            var (a, b, _, _) = Philox.Block(((uint)(2 + (i % 3)), (uint)(40 + (i / 3)), 3, 7), (0x9abc_def0, 0x1234_5678));
            var expected = precision == Precision.Single ? ((a >> 9) + 0.5) / (1 << 23) : (((((ulong)b << 32) | a) >> 12) + 0.5) / (1L << 52);
            Assert.Equal(expected, row[i]);
        }
    }

    [Theory]
    [InlineData(RandomDistribution.Uniform)]
    [InlineData(RandomDistribution.Normal)]
    public void Chunks_of_units_and_lanes_get_the_numbers_of_the_whole(RandomDistribution distribution)
    {
        var source = new NoiseSource(new StreamKey(5).Split("noise"), distribution, Precision.Single);
        var whole = Fill(source, Precision.Single, step: 11, units: 70, lanes: 9, firstUnit: 0, firstLane: 0);
        var part = Fill(source, Precision.Single, step: 11, units: 31, lanes: 4, firstUnit: 20, firstLane: 5);
        for (var unit = 0; unit < 31; unit++)
        {
            for (var lane = 0; lane < 4; lane++)
            {
                Assert.Equal(whole[((20 + unit) * 9) + 5 + lane], part[(unit * 4) + lane]);
            }
        }
    }

    [Theory]
    [InlineData(RandomDistribution.Uniform, Precision.Single)]
    [InlineData(RandomDistribution.Uniform, Precision.Double)]
    [InlineData(RandomDistribution.Normal, Precision.Single)]
    [InlineData(RandomDistribution.Normal, Precision.Double)]
    public void Machine_code_and_interpreter_transform_words_to_the_same_numbers(RandomDistribution distribution, Precision precision)
    {
        var function = RandomTransform.Function(distribution, precision);
        using var words = new RowBuffer(4, 999, precision);
        unsafe
        {
            new System.Random(3).NextBytes(new Span<byte>(words.Row(0), (int)words.Bytes / 2));
            foreach (var (backend, output) in new[] { (KernelBackend.Il, 2), (KernelBackend.Interpreter, 3) })
            {
                using var table = new RowTable(3);
                table.Set(0, words.Row(0));
                table.Set(1, words.Row(1));
                table.Set(function.Inputs.Count, words.Row(output));
                KernelCompiler.CompileLowered(function, backend).Run(table.Pointers, 999);
            }
        }

        Assert.All(Enumerable.Range(0, 999), i => Assert.Equal(words[3, i], words[2, i]));
        Assert.All(Enumerable.Range(0, 999), i => Assert.True(double.IsFinite(words[2, i])));
    }

    /// <summary>Mean, variance, skewness and kurtosis of a million numbers, each within five standard errors of a normal distribution's.</summary>
    [Theory]
    [InlineData(Precision.Single)]
    [InlineData(Precision.Double)]
    public void Normal_numbers_have_the_moments_and_tails_of_a_normal_distribution(Precision precision)
    {
        const int n = 1_000_000;
        var x = Fill(new NoiseSource(new StreamKey(42).Split("a"), RandomDistribution.Normal, precision), precision, step: 1, units: n, lanes: 1, firstUnit: 0, firstLane: 0);
        Assert.InRange(x.Average(), -5 / Math.Sqrt(n), 5 / Math.Sqrt(n));
        Assert.InRange(x.Average(static v => v * v), 1 - (5 * Math.Sqrt(2.0 / n)), 1 + (5 * Math.Sqrt(2.0 / n)));
        Assert.InRange(x.Average(static v => v * v * v), -5 * Math.Sqrt(15.0 / n), 5 * Math.Sqrt(15.0 / n));
        Assert.InRange(x.Average(static v => v * v * v * v), 3 - (5 * Math.Sqrt(96.0 / n)), 3 + (5 * Math.Sqrt(96.0 / n)));
        var beyond3 = x.Count(static v => Math.Abs(v) > 3);
        Assert.InRange(beyond3, 2700 - 260, 2700 + 260);
        Assert.InRange(x.Max(), 4.2, 6.8);
    }

    [Fact]
    public void Uniform_numbers_fill_a_histogram_evenly()
    {
        const int n = 1_000_000;
        const int bins = 100;
        var x = Fill(new NoiseSource(new StreamKey(1), RandomDistribution.Uniform, Precision.Single), Precision.Single, step: 0, units: 1000, lanes: 1000, firstUnit: 0, firstLane: 0);
        Assert.True(x.Min() > 0 && x.Max() < 1);
        var chiSquared = x.GroupBy(static v => (int)(v * bins)).Sum(static g => Math.Pow(g.Count() - (n / bins), 2) / (n / bins));

        // 99 degrees of freedom: mean 99, standard deviation 14.
        Assert.InRange(chiSquared, 99 - 70, 99 + 70);
    }

    [Fact]
    public void Neighbouring_steps_units_and_streams_are_uncorrelated()
    {
        const int n = 100_000;
        double[] Row(StreamKey key, ulong step, int first) =>
            Fill(new NoiseSource(key, RandomDistribution.Normal, Precision.Single), Precision.Single, step, n, 1, first, 0);
        var key = new StreamKey(9);
        var x = Row(key, 0, 0);
        foreach (var other in new[] { Row(key, 1, 0), Row(key, 0, 1), Row(key.Split("b"), 0, 0), Row(new(10), 0, 0) })
        {
            Assert.InRange(x.Zip(other, static (a, b) => a * b).Average(), -5 / Math.Sqrt(n), 5 / Math.Sqrt(n));
        }
    }

    [Fact]
    public void A_stream_continues_from_any_position()
    {
        var stream = new PhiloxStream(3).Split("weights");
        double[] numbers = [.. Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? stream.Normal() : i % 3 == 1 ? stream.Uniform() : stream.Integer(1000))];
        var again = new PhiloxStream(3).Split("weights");
        again.Position = 99;
        Assert.Equal(numbers[99], again.Normal());
        Assert.Equal(numbers[100], again.Uniform());
        Assert.Equal(numbers[101], again.Integer(1000));
        Assert.Equal(102UL, again.Position);
    }

    [Fact]
    public void Integers_of_a_stream_reach_every_value_below_the_bound_equally()
    {
        var stream = new PhiloxStream(4);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[stream.Integer(7)]++;
        }

        Assert.All(counts, static c => Assert.InRange(c, 10_000 - 500, 10_000 + 500));
    }

    private static unsafe double[] Fill(NoiseSource source, Precision precision, ulong step, int units, int lanes, int firstUnit, int firstLane)
    {
        using var row = new RowBuffer(1, (long)units * lanes, precision);
        source.Fill(row.Row(0), step, units, lanes, firstUnit, firstLane);
        return [.. Enumerable.Range(0, units * lanes).Select(i => row[0, i])];
    }
}
