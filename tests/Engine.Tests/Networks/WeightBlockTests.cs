using System.Numerics;
using BrainModular.Engine.Networks;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>Weights and their coordinates.</summary>
public sealed unsafe class WeightBlockTests
{
    [Theory]
    [InlineData(WeightSign.Free, 1)]
    [InlineData(WeightSign.Positive, 1)]
    [InlineData(WeightSign.Negative, -1)]
    public void A_weight_is_its_unit_times_the_coordinate_or_its_magnitude_at_every_length(WeightSign sign, int factor)
    {
        for (var length = 1; length <= 50; length++)
        {
            Check<float>(length, sign, factor);
            Check<double>(length, sign, factor);
        }
    }

    private static void Check<T>(int length, WeightSign sign, int factor)
        where T : unmanaged, INumberBase<T>
    {
        const double Unit = 0.37;
        var random = new System.Random(length);
        var block = new WeightBlock(
            new("p", "a", "spike", "b", "in", null, new float[length], 1) { Trainable = true, Sign = sign, WeightUnit = Unit }, 1, length, 0);
        double[] coordinates = [.. Enumerable.Range(0, length).Select(i => i % 5 == 2 ? 0 : random.NextDouble() - 0.5)];
        T[] byWeight = [.. coordinates.Select(_ => T.CreateTruncating(random.NextDouble() - 0.5))];
        double[] gradient = [.. coordinates.Select(_ => random.NextDouble())];
        double[] before = [.. gradient];
        double[] anew = [.. gradient];
        var weights = new T[length];
        fixed (T* w = weights, g = byWeight)
        {
            block.Write(coordinates, w);
            block.AddGradient(coordinates, g, gradient, isFirst: false);
            block.AddGradient(coordinates, g, anew, isFirst: true);
        }

        for (var i = 0; i < length; i++)
        {
            var (c, isFree) = (coordinates[i], sign == WeightSign.Free);
            Assert.Equal(T.CreateTruncating(factor * Unit * (isFree ? c : Math.Abs(c))), weights[i]);
            Assert.Equal(factor * Unit * (isFree ? 1 : Math.Sign(c)) * double.CreateTruncating(byWeight[i]), anew[i]);
            Assert.Equal(before[i] + (factor * Unit * (isFree ? 1 : Math.Sign(c)) * double.CreateTruncating(byWeight[i])), gradient[i]);
        }
    }
}
