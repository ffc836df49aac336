using System.Numerics;
using BrainModular.Engine.Networks.Delivery;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>Lists of units that sent something, against a plain loop.</summary>
public sealed unsafe class ActiveUnitsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void What_is_not_0_is_listed_part_by_part_and_nothing_beyond_the_row_is_written(double share)
    {
        foreach (var units in new[] { 1, 15, 16, 63, 64, 65, 200, 256 })
        {
            Check<float>(units, share);
            Check<double>(units, share);
        }
    }

    private static void Check<T>(int units, double share)
        where T : unmanaged, INumberBase<T>
    {
        var random = new System.Random(units);
        T[] special = [T.CreateChecked(-0.0), T.CreateSaturating(double.NaN), T.One, T.CreateChecked(-2.5)];
        var row = new T[units];
        for (var i = 0; i < units; i++)
        {
            row[i] = random.NextDouble() < share ? special[random.Next(special.Length)] : T.Zero;
        }

        var (list, values) = (new int[units + 16], new T[units + 16]);
        Array.Fill(list, -7, units, 16);
        var count = 0;
        fixed (T* from = row)
        fixed (int* to = list)
        fixed (T* kept = values)
        {
            for (var first = 0; first < units; first += 112)
            {
                count = ActiveUnits.Append(from, first, Math.Min(first + 112, units), 1000, to, kept, count);
            }

            var numbers = new int[units];
            fixed (int* alone = numbers)
            {
                Assert.Equal(count, ActiveUnits.Append(from, 0, units, 1000, alone, null, 0));
            }

            Assert.Equal(list[..count], numbers[..count]);
        }

        var expected = Enumerable.Range(0, units).Where(i => row[i] != T.Zero).ToList();
        Assert.Equal(expected.Select(static i => 1000 + i), list[..count]);
        Assert.Equal(expected.Select(i => row[i]), values[..count]);
        Assert.All(list[units..], static n => Assert.Equal(-7, n));
    }
}
