using System.Runtime.InteropServices;
using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Memory;

/// <summary>
/// Rows of numbers in memory that no garbage collector moves: each row starts at a multiple of 64 bytes and is padded to one, as kernels
/// ask for. Zero at first.
/// </summary>
public sealed unsafe class RowBuffer : IDisposable
{
    /// <summary>The widest vector there is; rows start and end at its multiples.</summary>
    public const int Alignment = 64;

    private byte* memory;

    public RowBuffer(Precision precision, int rows, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        (Precision, Rows, Length) = (precision, rows, length);
        Stride = PaddedBytes(precision, length);
        memory = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(Alignment, rows * Stride), Alignment);
        Clear();
    }

    ~RowBuffer() => NativeMemory.AlignedFree(memory);

    public Precision Precision { get; }

    public int Rows { get; }

    /// <summary>Numbers in a row, without the padding.</summary>
    public int Length { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public nint Stride { get; }

    /// <summary>Bytes that a row of so many numbers takes.</summary>
    public static nint PaddedBytes(Precision precision, nint length)
    {
        var bytes = length * (precision == Precision.Single ? sizeof(float) : sizeof(double));
        return (bytes + Alignment - 1) & ~(nint)(Alignment - 1);
    }

    public void* Pointer(int row)
    {
        ObjectDisposedException.ThrowIf(memory is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        return memory + (row * Stride);
    }

    /// <summary>A row of a buffer in <see cref="Precision.Single"/>.</summary>
    public Span<float> Singles(int row) => Precision == Precision.Single ? new(Pointer(row), Length) : throw Mismatch();

    /// <summary>A row of a buffer in <see cref="Precision.Double"/>.</summary>
    public Span<double> Doubles(int row) => Precision == Precision.Double ? new(Pointer(row), Length) : throw Mismatch();

    /// <summary>A number, whatever the precision.</summary>
    public double this[int row, int element]
    {
        get => Precision == Precision.Single ? Singles(row)[element] : Doubles(row)[element];
        set
        {
            if (Precision == Precision.Single)
            {
                Singles(row)[element] = (float)value;
            }
            else
            {
                Doubles(row)[element] = value;
            }
        }
    }

    /// <summary>Gives a row, its padding too, one value.</summary>
    public void Fill(int row, double value)
    {
        var start = Pointer(row);
        if (Precision == Precision.Single)
        {
            new Span<float>(start, (int)(Stride / sizeof(float))).Fill((float)value);
        }
        else
        {
            new Span<double>(start, (int)(Stride / sizeof(double))).Fill(value);
        }
    }

    public void Clear()
    {
        ObjectDisposedException.ThrowIf(memory is null, this);
        NativeMemory.Clear(memory, (nuint)(Rows * Stride));
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
        GC.SuppressFinalize(this);
    }

    private InvalidOperationException Mismatch() => new($"the rows hold numbers in {Precision} precision");
}
