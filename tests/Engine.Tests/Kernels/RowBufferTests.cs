using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Tests.Kernels;

public sealed class RowBufferTests
{
    [Theory]
    [InlineData(Precision.Single, 1)]
    [InlineData(Precision.Single, 17)]
    [InlineData(Precision.Double, 9)]
    public unsafe void Rows_start_at_multiples_of_64_bytes_and_are_padded_to_them(Precision precision, int length)
    {
        using var rows = new RowBuffer(3, length, precision);
        for (var row = 0; row < 3; row++)
        {
            Assert.Equal(0, (nint)rows.Row(row) % 64);
        }

        Assert.Equal(0, rows.RowBytes % 64);
        Assert.True(rows.RowBytes >= length * (precision == Precision.Single ? 4 : 8));
    }

    [Fact]
    public void A_filled_row_leaves_its_neighbours_alone()
    {
        using var rows = new RowBuffer(3, 5, Precision.Single);
        rows.Fill(1, 2.5);
        Assert.Equal(0, rows[0, 4]);
        Assert.Equal(2.5, rows[1, 4]);
        Assert.Equal(0, rows[2, 0]);
    }

    [Fact]
    public void A_disposed_buffer_gives_no_pointer()
    {
        var rows = new RowBuffer(1, 1, Precision.Double);
        rows.Dispose();
        Assert.Throws<ObjectDisposedException>(() => rows[0, 0]);
    }

    [Fact]
    public void A_row_takes_as_many_numbers_as_it_has_and_fewer_only_where_that_is_said()
    {
        using var rows = new RowBuffer(1, 5, Precision.Double);
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Set(0, [1, 2, 3]));
        rows.SetFirst(0, [1, 2, 3]);
        Assert.Equal([1, 2, 3, 3, 3], Enumerable.Range(0, 5).Select(i => rows[0, i]));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.SetFirst(0, [1, 2, 3, 4, 5, 6]));
    }
}
