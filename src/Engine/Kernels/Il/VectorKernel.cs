using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Il;

/// <summary>A kernel as machine code over the processor's vectors.</summary>
internal sealed unsafe class VectorKernel : Kernel
{
    /// <summary>Instructions in a method: the run-time compiler does not optimise one of more than 60,000 bytes of intermediate language.</summary>
    private const int PartLength = 1000;

    private const int StackBytes = 16 * 1024;

    private readonly KernelPart[] parts;
    private readonly byte[] table;
    private readonly int[] uniforms;
    private readonly int vectorBytes;
    private readonly int scratchBytes;

    private VectorKernel(IrFunction function, KernelPart[] parts, RegisterAllocation allocation, int vectorBytes)
        : base(function)
    {
        (this.parts, this.vectorBytes) = (parts, vectorBytes);
        uniforms = [.. allocation.Uniforms];
        scratchBytes = (uniforms.Length + allocation.Slots) * vectorBytes;
        ulong[] patterns = [.. allocation.Constants];
        table = GC.AllocateArray<byte>((patterns.Length + 1) * vectorBytes, pinned: true);
        for (var i = 0; i < patterns.Length; i++)
        {
            var pattern = patterns[i];
            Spread(&pattern, Aligned((byte*)Unsafe.AsPointer(ref table[0])) + (i * vectorBytes));
        }
    }

    /// <summary>Schedules and compiles a lowered function.</summary>
    public static VectorKernel Compile(IrFunction function, int vectorBytes)
    {
        var set = new InstructionSet(function.LoweredTo!.Value, vectorBytes);
        var order = ListScheduler.Run(function, set.Registers - 2);
        var allocation = RegisterAllocation.Run(function, order, set.Registers, PartLength);
        KernelPart[] parts = [.. allocation.Parts.Select(p => KernelEmitter.Emit(function.Name, p, set, allocation.Constant, allocation.Uniforms.Count))];
        return new(function, parts, allocation, vectorBytes);
    }

    [SkipLocalsInit]
    public override void Run(void** rows, nint first, nint count)
    {
        var (start, end) = (first * NumberBytes, (first + count) * NumberBytes);
        if (start >= end)
        {
            return;
        }

        var onHeap = scratchBytes > StackBytes;
        byte* onStack = stackalloc byte[onHeap ? 1 : scratchBytes + vectorBytes];
        var scratch = onHeap ? (byte*)NativeMemory.AlignedAlloc((nuint)scratchBytes, (nuint)vectorBytes) : Aligned(onStack);
        for (var i = 0; i < uniforms.Length; i++)
        {
            Spread(rows[uniforms[i]], scratch + (i * vectorBytes));
        }

        Run(rows, scratch, start, end);
        GC.KeepAlive(table);
        if (onHeap)
        {
            NativeMemory.AlignedFree(scratch);
        }
    }

    private int NumberBytes => Precision == Precision.Single ? sizeof(float) : sizeof(double);

    private void Run(void** rows, byte* scratch, nint start, nint end)
    {
        var constants = Aligned((byte*)Unsafe.AsPointer(ref table[0]));
        if (parts.Length == 1)
        {
            parts[0](rows, constants, scratch, start, end);
            return;
        }

        // Values cross from part to part in scratch memory, which holds one vector of each.
        for (var offset = start; offset < end; offset += vectorBytes)
        {
            foreach (var part in parts)
            {
                part(rows, constants, scratch, offset, offset + vectorBytes);
            }
        }
    }

    private byte* Aligned(byte* memory) => (byte*)(((nint)memory + vectorBytes - 1) & -vectorBytes);

    /// <summary>Repeats a number over a vector.</summary>
    private void Spread(void* number, byte* vector)
    {
        if (Precision == Precision.Single)
        {
            new Span<uint>(vector, vectorBytes / sizeof(uint)).Fill(*(uint*)number);
        }
        else
        {
            new Span<ulong>(vector, vectorBytes / sizeof(ulong)).Fill(*(ulong*)number);
        }
    }
}
