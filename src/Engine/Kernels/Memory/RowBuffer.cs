using System.Runtime.InteropServices;
using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Memory;

/// <summary>
/// Rows of numbers for kernels: native memory, zeroed, each row aligned and padded. It does not move and the collector
/// does not see it, so pointers into it stay valid until it is disposed.
/// </summary>
public sealed unsafe class RowBuffer : IDisposable
{
    /// <summary>To how many bytes rows are aligned and padded where nothing else is said.</summary>
    public const int Padding = 64;

    private byte* memory;

    /// <summary>Allocates rows of zeros.</summary>
    /// <param name="rows">How many rows.</param>
    /// <param name="count">How many numbers a row holds, without padding.</param>
    /// <param name="precision">Which numbers.</param>
    /// <param name="padding">To how many bytes rows are aligned and padded: <see cref="Padding"/>, or less where no kernel uses more of a row.</param>
    public RowBuffer(long rows, long count, Precision precision, int padding = Padding)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        (Rows, Count, Precision) = (rows, count, precision);
        RowBytes = ((Math.Max(count, 1) * Size) + padding - 1) / padding * padding;
        Bytes = checked(rows * RowBytes);
        memory = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(Bytes, Padding), Padding);
        LargePages.Ask(memory, Bytes);
        Clear();
    }

    /// <summary>How many rows.</summary>
    public long Rows { get; }

    /// <summary>How many numbers a row holds, without padding.</summary>
    public long Count { get; }

    /// <summary>Which numbers.</summary>
    public Precision Precision { get; }

    /// <summary>From the start of a row to that of the next.</summary>
    public long RowBytes { get; }

    /// <summary>All memory held.</summary>
    public long Bytes { get; }

    /// <summary>All rows, padding included.</summary>
    internal Span<byte> Memory => new(memory, checked((int)Bytes));

    private int Size => Precision == Precision.Single ? sizeof(float) : sizeof(double);

    /// <summary>The start of a row.</summary>
    public void* Row(long row)
    {
        ObjectDisposedException.ThrowIf(memory is null, this);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)row, (ulong)Rows, nameof(row));
        return memory + (row * RowBytes);
    }

    /// <summary>One number.</summary>
    public double this[long row, long element]
    {
        get => Precision == Precision.Single ? ((float*)Row(row))[Checked(element)] : ((double*)Row(row))[Checked(element)];
        set
        {
            if (Precision == Precision.Single)
            {
                ((float*)Row(row))[Checked(element)] = (float)value;
            }
            else
            {
                ((double*)Row(row))[Checked(element)] = value;
            }
        }
    }

    /// <summary>Sets all numbers of a row, its padding included: padding is computed with, and must not hold odd values.</summary>
    public void Fill(long row, double value)
    {
        if (Precision == Precision.Single)
        {
            new Span<float>(Row(row), (int)(RowBytes / sizeof(float))).Fill((float)value);
        }
        else
        {
            new Span<double>(Row(row), (int)(RowBytes / sizeof(double))).Fill(value);
        }
    }

    /// <summary>Sets a row from numbers; the padding repeats the last of them.</summary>
    public void Set(long row, ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(values.Length, Count, nameof(values));
        SetFirst(row, values);
    }

    /// <summary>Sets the first numbers of a row that has room for more lanes than run; the rest and the padding repeat the last of them.</summary>
    public void SetFirst(long row, ReadOnlySpan<double> values)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(values.Length, Count, nameof(values));
        Fill(row, values.Length > 0 ? values[^1] : 0);
        for (var i = 0; i < values.Length; i++)
        {
            this[row, i] = values[i];
        }
    }

    /// <summary>Sets everything to 0.</summary>
    public void Clear()
    {
        ObjectDisposedException.ThrowIf(memory is null, this);
        NativeMemory.Clear(memory, (nuint)Bytes);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(memory);
        memory = null;
    }

    private long Checked(long element) => (ulong)element < (ulong)Count ? element : throw new ArgumentOutOfRangeException(nameof(element));
}
