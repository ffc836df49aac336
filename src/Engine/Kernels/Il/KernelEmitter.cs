using System.Reflection.Emit;
using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Il;

/// <summary>Runs a part of a kernel for the vectors from one byte offset up to another.</summary>
internal unsafe delegate void KernelPart(void** rows, byte* constants, byte* scratch, nint start, nint end);

/// <summary>
/// Writes one part of a kernel as intermediate language: a loop over vectors whose body is the given instructions in the given order.
/// </summary>
/// <remarks>
/// Operands in memory are loaded where they are used, as volatile: else the compiler would load them once and for all into registers that
/// it then lacks. The load still becomes part of the instruction that uses it.
/// </remarks>
internal sealed class KernelEmitter
{
    private const int LongestOptimised = 60_000;

    private readonly InstructionSet set;
    private readonly Func<ulong, Location> constant;
    private readonly int uniforms;
    private readonly DynamicMethod method;
    private readonly ILGenerator il;
    private readonly LocalBuilder offset;
    private readonly Dictionary<int, LocalBuilder> rows = [];
    private readonly LocalBuilder[] registers;
    private readonly Dictionary<Location, LocalBuilder> residents = [];
    private readonly Dictionary<Instruction, Instruction> comparisons = new(ReferenceEqualityComparer.Instance);

    private unsafe KernelEmitter(string name, InstructionSet set, Func<ulong, Location> constant, int uniforms)
    {
        (this.set, this.constant, this.uniforms) = (set, constant, uniforms);
        method = new(name, typeof(void), [typeof(object), typeof(void**), typeof(byte*), typeof(byte*), typeof(nint), typeof(nint)], typeof(KernelEmitter).Module, skipVisibility: true)
        {
            InitLocals = false,
        };
        il = method.GetILGenerator();
        offset = il.DeclareLocal(typeof(nint));
        registers = [.. Enumerable.Range(0, set.Registers).Select(_ => il.DeclareLocal(set.Numbers))];
    }

    /// <summary>Compiles a part.</summary>
    /// <param name="name">For profilers.</param>
    /// <param name="instructions">What is done for each vector.</param>
    /// <param name="set">On which vectors.</param>
    /// <param name="constant">The place of a constant pattern in the table.</param>
    /// <param name="uniforms">How many uniform inputs stand at the start of scratch memory.</param>
    public static KernelPart Emit(string name, IReadOnlyList<Instruction> instructions, InstructionSet set, Func<ulong, Location> constant, int uniforms)
    {
        var emitter = new KernelEmitter(name, set, constant, uniforms);
        emitter.LoadRowPointers(instructions);
        emitter.KeepResidents(instructions);
        emitter.JoinComparisons(instructions);
        emitter.Loop(instructions);
        if (emitter.il.ILOffset > LongestOptimised)
        {
            throw new InvalidOperationException($"a part of {name} takes {emitter.il.ILOffset} bytes, more than the run-time compiler optimises");
        }

        // A delegate with an object is called at once; one without has its arguments moved first.
        return emitter.method.CreateDelegate<KernelPart>(set);
    }

    private void LoadRowPointers(IReadOnlyList<Instruction> instructions)
    {
        foreach (var row in instructions.SelectMany(static i => i.Operands.Append(i.Result)).Where(static l => l.Place == Place.Row).Select(static l => l.Index).Distinct().Order())
        {
            rows[row] = il.DeclareLocal(typeof(byte*));
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, row * nint.Size);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Stloc, rows[row]);
        }
    }

    /// <summary>
    /// Gives the registers that no value needs to what saves most loads: constants, which then are loaded once for all vectors, and rows that are read several
    /// times, which then are loaded once for each. The run-time compiler does not do it, since for all it knows a store may change them.
    /// </summary>
    private void KeepResidents(IReadOnlyList<Instruction> instructions)
    {
        var used = instructions.SelectMany(static i => i.Operands.Append(i.Result)).Where(static l => l.Place == Place.Register).Select(static l => l.Index + 1).DefaultIfEmpty(0).Max();
        var written = instructions.Select(static i => i.Result).Where(static l => l.Place == Place.Row).ToHashSet();
        var operands = instructions.SelectMany(i => i.Node is { } node && set[node.Op].Extra is { } pattern ? i.Operands.Append(constant(pattern)) : i.Operands);
        var kept = operands.Where(l => l.Place == Place.Constant || (l.Place == Place.Row && !written.Contains(l)))
            .GroupBy(static l => l).Select(static g => (Location: g.Key, Saved: g.Key.Place == Place.Constant ? g.Count() : g.Count() - 1))
            .Where(static c => c.Saved > 0).OrderByDescending(static c => c.Saved).ThenBy(static c => c.Location.Place).ThenBy(static c => c.Location.Index)
            .Take(Math.Max(0, set.Residents - used));
        foreach (var (location, _) in kept)
        {
            var local = il.DeclareLocal(set.Numbers);
            if (location.Place == Place.Constant)
            {
                Load(location, set.Numbers);
                il.Emit(OpCodes.Stloc, local);
            }

            residents[location] = local;
        }
    }

    /// <summary>
    /// Has comparisons that only selections use written as their operand: then the run-time compiler leaves the result in a mask register, instead of making it a vector
    /// and that a mask again.
    /// </summary>
    private void JoinComparisons(IReadOnlyList<Instruction> instructions)
    {
        for (var i = 0; i < instructions.Count && set.HasMasks; i++)
        {
            if (instructions[i] is { Node.Op: IrOp.Less or IrOp.LessOrEqual, Result.Place: Place.Register } comparison)
            {
                foreach (var selection in Selections(instructions, i))
                {
                    comparisons[selection] = comparison;
                }
            }
        }
    }

    /// <summary>The selections by a comparison's result; none if something else uses it, or if the operands are gone when one of them is made.</summary>
    private static List<Instruction> Selections(IReadOnlyList<Instruction> instructions, int number)
    {
        var comparison = instructions[number];
        var (found, isGone) = (new List<Instruction>(), false);
        for (var i = number + 1; i < instructions.Count; i++)
        {
            var instruction = instructions[i];
            if (instruction.Operands.Contains(comparison.Result))
            {
                if (isGone || instruction.Node?.Op != IrOp.Select || instruction.Operands.Count(o => o == comparison.Result) > 1 || instruction.Operands[0] != comparison.Result)
                {
                    return [];
                }

                found.Add(instruction);
            }

            if (instruction.Result == comparison.Result)
            {
                break;
            }

            // An output row may be an input row.
            isGone |= comparison.Operands.Contains(instruction.Result) || (instruction.Result.Place == Place.Row && comparison.Operands.Any(static o => o.Place == Place.Row));
        }

        return found;
    }

    private void Loop(IReadOnlyList<Instruction> instructions)
    {
        var body = il.DefineLabel();
        il.Emit(OpCodes.Ldarg, 4);
        il.Emit(OpCodes.Stloc, offset);
        il.MarkLabel(body);
        foreach (var (location, local) in residents.Where(static r => r.Key.Place == Place.Row))
        {
            Address(location);
            il.Emit(OpCodes.Ldobj, set.Numbers);
            il.Emit(OpCodes.Stloc, local);
        }

        foreach (var instruction in instructions)
        {
            Write(instruction);
        }

        il.Emit(OpCodes.Ldloc, offset);
        il.Emit(OpCodes.Ldc_I4, set.VectorBytes);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, offset);
        il.Emit(OpCodes.Ldloc, offset);
        il.Emit(OpCodes.Ldarg, 5);
        il.Emit(OpCodes.Blt, body);
        il.Emit(OpCodes.Ret);
    }

    private void Write(Instruction instruction)
    {
        if (comparisons.ContainsValue(instruction))
        {
            return;
        }

        var inMemory = instruction.Result.Place != Place.Register;
        if (inMemory)
        {
            Address(instruction.Result);
        }

        if (instruction.Node is { } node)
        {
            Compute(node, instruction.Operands, comparisons.GetValueOrDefault(instruction));
        }
        else
        {
            Load(instruction.Operands[0], set.Numbers);
        }

        if (inMemory)
        {
            il.Emit(OpCodes.Stobj, set.Numbers);
        }
        else
        {
            il.Emit(OpCodes.Stloc, registers[instruction.Result.Index]);
        }
    }

    private void Compute(IrNode node, Location[] operands, Instruction? comparison = null)
    {
        var operation = set[node.Op];
        foreach (var argument in operation.Order)
        {
            if (comparison is not null && argument == 0)
            {
                Compute(comparison.Node!, comparison.Operands);
                continue;
            }

            Load(operands[argument], operation.OnIntegers ? set.Integers : set.Numbers);
        }

        if (operation.Extra is { } pattern)
        {
            Load(constant(pattern), set.Numbers);
        }

        if (node.Op is IrOp.ShiftLeft or IrOp.ShiftRight)
        {
            il.Emit(OpCodes.Ldc_I4, (int)node.Bits);
        }

        il.Emit(OpCodes.Call, operation.Method);
        if (operation.OnIntegers)
        {
            il.Emit(OpCodes.Call, set.ToNumbers);
        }
    }

    private void Load(Location location, Type type)
    {
        if (location.Place == Place.Register || residents.ContainsKey(location))
        {
            il.Emit(OpCodes.Ldloc, location.Place == Place.Register ? registers[location.Index] : residents[location]);
            if (type == set.Integers)
            {
                il.Emit(OpCodes.Call, set.ToIntegers);
            }

            return;
        }

        Address(location);
        il.Emit(OpCodes.Volatile);
        il.Emit(OpCodes.Ldobj, type);
    }

    private void Address(Location location)
    {
        if (location.Place == Place.Row)
        {
            il.Emit(OpCodes.Ldloc, rows[location.Index]);
            il.Emit(OpCodes.Ldloc, offset);
        }
        else
        {
            il.Emit(location.Place == Place.Constant ? OpCodes.Ldarg_2 : OpCodes.Ldarg_3);
            il.Emit(OpCodes.Ldc_I4, (location.Index + (location.Place == Place.Spill ? uniforms : 0)) * set.VectorBytes);
        }

        il.Emit(OpCodes.Add);
    }
}
