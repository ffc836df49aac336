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
}
