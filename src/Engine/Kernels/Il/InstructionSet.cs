using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Il;

/// <summary>
/// How each operation is done on one kind of vector: the method that the run-time compiler turns into one instruction, and in which order
/// it takes the operands. Only such methods are called; helpers would have to be inlined, which fails silently in long methods.
/// </summary>
internal sealed class InstructionSet
{
    /// <summary>One operation.</summary>
    /// <param name="Method">The method to call.</param>
    /// <param name="Order">Which operand of the node is which argument.</param>
    /// <param name="OnIntegers">Whether it works on vectors of integers.</param>
    /// <param name="Extra">A constant pattern as last argument.</param>
    internal sealed record Operation(MethodInfo Method, int[] Order, bool OnIntegers = false, ulong? Extra = null);

    private readonly Dictionary<IrOp, Operation> operations;
    private readonly int processorRegisters;

    public InstructionSet(Precision precision, int vectorBytes, int processorRegisters)
    {
        this.processorRegisters = processorRegisters;
        var single = precision == Precision.Single;
        var generic = vectorBytes == 64 ? typeof(Vector512<>) : typeof(Vector256<>);
        var cast = (vectorBytes == 64 ? typeof(Vector512) : typeof(Vector256)).GetMethod("As")!;
        var (number, integer) = single ? (typeof(float), typeof(int)) : (typeof(double), typeof(long));
        (Precision, VectorBytes) = (precision, vectorBytes);
        (Numbers, Integers) = (generic.MakeGenericType(number), generic.MakeGenericType(integer));
        Spread = (vectorBytes == 64 ? typeof(Vector512) : typeof(Vector256)).GetMethod("Create", [number])!;
        LoadNumber = single ? OpCodes.Ldind_R4 : OpCodes.Ldind_R8;
        (ToIntegers, ToNumbers) = (cast.MakeGenericMethod(number, integer), cast.MakeGenericMethod(integer, number));
        var sign = single ? 0x8000_0000UL : 0x8000_0000_0000_0000UL;
        var wide = vectorBytes == 64;
        operations = new()
        {
            [IrOp.Add] = Operator("op_Addition"),
            [IrOp.Subtract] = Operator("op_Subtraction"),
            [IrOp.Multiply] = Operator("op_Multiply"),
            [IrOp.Divide] = Operator("op_Division"),
            [IrOp.Negate] = Operator("op_ExclusiveOr") with { Order = [0], Extra = sign },
            [IrOp.Abs] = Operator("op_BitwiseAnd") with { Order = [0], Extra = sign - 1 },
            [IrOp.Sqrt] = new(wide ? On<Avx512F>("Sqrt", 1) : On<Avx>("Sqrt", 1), [0]),
            [IrOp.Min] = new(wide ? On<Avx512F>("Min", 2) : On<Avx>("Min", 2), [0, 1]),
            [IrOp.Max] = new(wide ? On<Avx512F>("Max", 2) : On<Avx>("Max", 2), [0, 1]),
            [IrOp.Fma] = new(wide ? On<Avx512F>("FusedMultiplyAdd", 3) : On<Fma>("MultiplyAdd", 3), [0, 1, 2]),
            [IrOp.FmaSubtract] = new(wide ? On<Avx512F>("FusedMultiplySubtract", 3) : On<Fma>("MultiplySubtract", 3), [0, 1, 2]),
            [IrOp.FmaNegate] = new(wide ? On<Avx512F>("FusedMultiplyAddNegated", 3) : On<Fma>("MultiplyAddNegated", 3), [0, 1, 2]),
            [IrOp.Less] = new(wide ? On<Avx512F>("CompareLessThan", 2) : On<Avx>("CompareLessThan", 2), [0, 1]),
            [IrOp.LessOrEqual] = new(wide ? On<Avx512F>("CompareLessThanOrEqual", 2) : On<Avx>("CompareLessThanOrEqual", 2), [0, 1]),
            [IrOp.Select] = new(wide ? On<Avx512F>("BlendVariable", 3) : On<Avx>("BlendVariable", 3), [2, 1, 0]),
            [IrOp.And] = Operator("op_BitwiseAnd"),
            [IrOp.Or] = Operator("op_BitwiseOr"),
            [IrOp.Not] = Operator("op_ExclusiveOr") with { Order = [0], Extra = ulong.MaxValue },
            [IrOp.BitAnd] = Operator("op_BitwiseAnd"),
            [IrOp.BitOr] = Operator("op_BitwiseOr"),
            [IrOp.BitAdd] = new(Integers.GetMethod("op_Addition", [Integers, Integers])!, [0, 1], OnIntegers: true),
            [IrOp.ShiftLeft] = new(Integers.GetMethod("op_LeftShift", [Integers, typeof(int)])!, [0], OnIntegers: true),
            [IrOp.ShiftRight] = new(Integers.GetMethod("op_UnsignedRightShift", [Integers, typeof(int)])!, [0], OnIntegers: true),
        };

        Operation Operator(string name) => new(Numbers.GetMethod(name, [Numbers, Numbers])!, [0, 1]);

        MethodInfo On<TSet>(string name, int arguments) => typeof(TSet).GetMethod(name, [.. Enumerable.Repeat(Numbers, arguments)])!;
    }

    public Precision Precision { get; }

    public int VectorBytes { get; }

    /// <summary>The vector of floating-point numbers.</summary>
    public Type Numbers { get; }

    /// <summary>The vector of integers of the same size.</summary>
    public Type Integers { get; }

    public MethodInfo ToIntegers { get; }

    public MethodInfo ToNumbers { get; }

    /// <summary>Repeats a number over a vector.</summary>
    public MethodInfo Spread { get; }

    /// <summary>Reads a number from memory.</summary>
    public OpCode LoadNumber { get; }

    /// <summary>How many of the 16 or 32 registers the generated code uses for values; the compiler has the others for operands and constants.</summary>
    public int Registers => processorRegisters == 32 ? 20 : 14;

    /// <summary>
    /// How many registers values may take together with constants and rows that stay in them. A vector of 64 bytes takes a cycle to load, and there are 32 registers then;
    /// with 16, constants would push out values.
    /// </summary>
    public int Residents => processorRegisters == 32 ? 29 : 0;

    /// <summary>Whether comparisons leave masks in registers of their own.</summary>
    public bool HasMasks => VectorBytes == 64;

    public Operation this[IrOp op] => operations[op];
}
