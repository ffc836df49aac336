using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Il;

/// <summary>A kernel as machine code over the processor's vectors.</summary>
internal sealed unsafe class VectorKernel : Kernel
{
    /// <summary>Instructions in a method: the run-time compiler does not optimise one of more than 60,000 bytes of intermediate language.</summary>
    private const int PartLength = 1000;

    private const int StackBytes = 16 * 1024;

    private readonly InstructionSet set;
    private readonly RegisterAllocation allocation;
    private readonly Lazy<KernelPart[]> parts;
    private readonly ConcurrentDictionary<string, KernelPart[]> stepped = [];
    private readonly byte[] table;
    private readonly byte* constants;
    private readonly int[] uniforms;
    private readonly int vectorBytes;
    private readonly int scratchBytes;
    private readonly Lazy<VectorKernel>? narrow;

    private VectorKernel(IrFunction function, InstructionSet set, RegisterAllocation allocation)
        : base(function)
    {
        (this.set, this.allocation, vectorBytes) = (set, allocation, set.VectorBytes);
        parts = new(() => [.. allocation.Parts.Select(p => KernelEmitter.Emit(function, p, set, allocation))]);
        narrow = vectorBytes > NarrowBytes ? new(() => Compile(function, NarrowBytes, VectorUnit.Registers)) : null;
        uniforms = [.. allocation.Uniforms];
        scratchBytes = (uniforms.Length + allocation.Slots) * vectorBytes;
        ulong[] patterns = [.. allocation.Constants];
        table = GC.AllocateArray<byte>((patterns.Length + 1) * vectorBytes, pinned: true);
        constants = Aligned((byte*)Unsafe.AsPointer(ref table[0]));
        for (var i = 0; i < patterns.Length; i++)
        {
            var pattern = patterns[i];
            Spread(&pattern, constants + (i * vectorBytes));
        }
    }

    /// <summary>Schedules a lowered function and gives its values places. It becomes machine code where it is first run, for vectors or for the steps of one.</summary>
    /// <param name="function">The function.</param>
    /// <param name="vectorBytes">The vectors to use: 64 or 32 bytes.</param>
    /// <param name="processorRegisters">How many registers hold them.</param>
    public static VectorKernel Compile(IrFunction function, int vectorBytes, int processorRegisters)
    {
        var set = new InstructionSet(function.LoweredTo!.Value, vectorBytes, processorRegisters);
        var order = ListScheduler.Run(function, set.Registers - 2);
        var allocation = RegisterAllocation.Run(function, order, set.Registers, PartLength);
        foreach (var instruction in allocation.Parts.SelectMany(static p => p))
        {
            if (instruction.Node is { } node && set[node.Op].Extra is { } pattern)
            {
                allocation.Constant(pattern);
            }
        }

        return new(function, set, allocation);
    }

    public override void Run(void** rows, nint first, nint count)
    {
        var (start, end) = (first * NumberBytes, (first + count) * NumberBytes);
        if (start < end)
        {
            Fitting(end).RunVectors(rows, start, end, 1, null);
        }
    }

    public override void RunSteps(void** rows, nint count, int steps, StepLayout layout)
    {
        var end = count * NumberBytes;
        if (end > vectorBytes)
        {
            base.RunSteps(rows, count, steps, layout);
        }
        else if (count > 0 && steps > 0)
        {
            Fitting(end).RunVectors(rows, 0, end, steps, layout);
        }
    }

    private VectorKernel Fitting(nint end) => narrow is not null && end <= NarrowBytes ? narrow.Value : this;

    /// <summary>Runs the function for whole vectors, and where there is a layout for one in several steps.</summary>
    [SkipLocalsInit]
    private void RunVectors(void** rows, nint start, nint end, int steps, StepLayout? layout)
    {
        var onHeap = scratchBytes > StackBytes;
        byte* onStack = stackalloc byte[onHeap ? 1 : scratchBytes + vectorBytes];
        var scratch = onHeap ? (byte*)NativeMemory.AlignedAlloc((nuint)scratchBytes, (nuint)vectorBytes) : Aligned(onStack);
        if (layout is not null)
        {
            RunLayout(rows, scratch, steps, layout);
        }
        else
        {
            for (var i = 0; i < uniforms.Length; i++)
            {
                Spread(rows[uniforms[i]], scratch + (i * vectorBytes));
            }

            RunParts(rows, scratch, start, end);
        }

        GC.KeepAlive(table);
        if (onHeap)
        {
            NativeMemory.AlignedFree(scratch);
        }
    }

    private void RunLayout(void** rows, byte* scratch, int steps, StepLayout layout)
    {
        var starts = stackalloc void*[layout.Bases];
        layout.Starts(rows, starts);
        var parts = stepped.GetOrAdd(layout.Key, _ => [.. allocation.Parts.Select(p => KernelEmitter.Emit(Function, p, set, allocation, layout))]);

        // A single part takes all steps at once; several take each step in turn.
        var atOnce = parts.Length == 1 ? steps : 1;
        for (var step = 0; step < steps; step += atOnce)
        {
            foreach (var part in parts)
            {
                part(starts, constants, scratch, 0, atOnce);
            }

            layout.Advance(starts, atOnce);
        }

        layout.Move(rows, steps);
    }

    private int NumberBytes => Precision == Precision.Single ? sizeof(float) : sizeof(double);

    private void RunParts(void** rows, byte* scratch, nint start, nint end)
    {
        var parts = this.parts.Value;
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
        var half = Precision == Precision.Single ? Vector256.Create(*(uint*)number).AsByte() : Vector256.Create(*(ulong*)number).AsByte();
        for (var at = 0; at < vectorBytes; at += Vector256<byte>.Count)
        {
            half.Store(vector + at);
        }
    }
}
