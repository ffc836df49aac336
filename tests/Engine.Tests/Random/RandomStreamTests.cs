using BrainModular.Random;

namespace BrainModular.Engine.Random;

public sealed class RandomStreamTests
{
    // Known answers published with the authors' library Random123.
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Philox_gives_the_published_answers(uint a, uint b, uint c, uint d, uint keyA, uint keyB, uint e, uint f, uint g, uint h) =>
        Assert.Equal((e, f, g, h), Philox.Block((a, b, c, d), (keyA, keyB)));

    [Fact]
    public void A_stream_continues_from_its_position()
    {
        var whole = RandomStream.FromSeed(5).Split("x");
        var numbers = Enumerable.Range(0, 10).Select(_ => whole.Normal()).ToArray();
        var again = RandomStream.FromSeed(5).Split("x");
        again.Position = 6;
        Assert.Equal(numbers[6..], Enumerable.Range(0, 4).Select(_ => again.Normal()));
        Assert.Equal(10ul, again.Position);
    }

    [Fact]
    public void Streams_of_other_names_and_seeds_are_others()
    {
        IRandomStream[] streams =
        [
            RandomStream.FromSeed(1), RandomStream.FromSeed(2), RandomStream.FromSeed(1).Split("a"), RandomStream.FromSeed(1).Split("b"),
            RandomStream.FromSeed(2).Split("a"), RandomStream.FromSeed(1).Split("ab"), RandomStream.FromSeed(1).Split("ba"), RandomStream.FromSeed(1).Split("a").Split("b"), RandomStream.FromSeed(1).Split(""),
        ];
        Assert.Equal(streams.Length, streams.Select(s => s.Uniform()).Distinct().Count());
    }

    [Fact]
    public void A_split_does_not_depend_on_what_was_drawn()
    {
        var drawn = RandomStream.FromSeed(3);
        _ = drawn.Uniform();
        Assert.Equal(RandomStream.FromSeed(3).Split("a").Uniform(), drawn.Split("a").Uniform());
    }

    [Fact]
    public void Uniform_numbers_fill_the_open_interval_evenly()
    {
        const int Count = 100_000;
        const int Bins = 100;
        var stream = RandomStream.FromSeed(11);
        var bins = new int[Bins];
        for (var i = 0; i < Count; i++)
        {
            var x = stream.Uniform();
            Assert.InRange(x, double.Epsilon, 1 - 1e-16);
            bins[(int)(x * Bins)]++;
        }

        // Chi-squared with 99 degrees of freedom exceeds 149 once in a thousand times.
        Assert.InRange(bins.Sum(n => Math.Pow(n - (Count / Bins), 2) / (Count / Bins)), 50, 149);
    }

    [Fact]
    public void Normal_numbers_have_the_moments_of_a_standard_normal()
    {
        const int Count = 200_000;
        var stream = RandomStream.FromSeed(12);
        var numbers = Enumerable.Range(0, Count).Select(_ => stream.Normal()).ToArray();
        var error = 4 / Math.Sqrt(Count);
        Assert.InRange(numbers.Average(), -error, error);
        Assert.InRange(numbers.Average(x => x * x), 1 - (error * Math.Sqrt(2)), 1 + (error * Math.Sqrt(2)));
        Assert.InRange(numbers.Average(x => x * x * x * x), 3 - (error * Math.Sqrt(96)), 3 + (error * Math.Sqrt(96)));
    }

    [Fact]
    public void Integers_reach_every_value_below_the_bound()
    {
        var stream = RandomStream.FromSeed(13);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[stream.Integer(7)]++;
        }

        Assert.All(counts, n => Assert.InRange(n, 9_600, 10_400));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Integer(0));
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1.1102230246251565e-16)]
    [InlineData(0.3)]
    [InlineData(0.70710678118654746)]
    [InlineData(0.99999)]
    [InlineData(1.0)]
    [InlineData(17.5)]
    public void The_portable_logarithm_is_the_logarithm(double x) => Assert.Equal(Math.Log(x), PortableMath.Log(x), Math.Max(1, Math.Abs(Math.Log(x))) * 4e-16);

    [Fact]
    public void The_portable_cosine_is_the_cosine()
    {
        for (var i = 0; i <= 1000; i++)
        {
            Assert.Equal(Math.Cos(2 * Math.PI * i / 1000.0), PortableMath.CosineOfTurns(i / 1000.0), 2e-15); // The argument of Math.Cos is rounded, too.
        }
    }
}
