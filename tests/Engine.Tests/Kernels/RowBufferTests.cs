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
        using var rows = new RowBuffer(precision, 3, length);
        for (var row = 0; row < 3; row++)
        {
            Assert.Equal(0, (nint)rows.Pointer(row) % 64);
        }

        Assert.Equal(0, rows.Stride % 64);
        Assert.True(rows.Stride >= length * (precision == Precision.Single ? 4 : 8));
    }

    [Fact]
    public void A_filled_row_leaves_its_neighbours_alone()
    {
        using var rows = new RowBuffer(Precision.Single, 3, 5);
        rows.Fill(1, 2.5);
        Assert.Equal([0f, 0, 0, 0, 0], rows.Singles(0).ToArray());
        Assert.Equal([2.5f, 2.5f, 2.5f, 2.5f, 2.5f], rows.Singles(1).ToArray());
        Assert.Equal(0, rows[2, 0]);
    }

    [Fact]
    public unsafe void A_disposed_buffer_gives_no_pointer()
    {
        var rows = new RowBuffer(Precision.Double, 1, 1);
        rows.Dispose();
        Assert.Throws<ObjectDisposedException>(() => rows[0, 0]);
    }

    [Fact]
    public void A_row_is_not_read_in_the_other_precision()
    {
        using var rows = new RowBuffer(Precision.Double, 1, 1);
        Assert.Throws<InvalidOperationException>(() => rows.Singles(0).Length);
    }
}
