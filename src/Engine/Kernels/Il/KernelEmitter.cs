using System.Reflection.Emit;
using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Il;

/// <summary>Runs a part of a kernel for the vectors from one byte offset up to another; or for one vector, from one step up to another, with the starts of a layout in the place of rows.</summary>
internal unsafe delegate void KernelPart(void** rows, byte* constants, byte* scratch, nint start, nint end);

/// <summary>
/// Writes one part of a kernel as intermediate language: a loop over vectors, or over the steps of one vector, whose body is the given instructions in the given order.
/// </summary>
/// <remarks>
/// Operands in memory are loaded where they are used, as volatile: else the compiler would load them once and for all into registers that
/// it then lacks. The load still becomes part of the instruction that uses it.
/// </remarks>
internal sealed class KernelEmitter
{
    private const int LongestOptimised = 60_000;

    private readonly InstructionSet set;
    private readonly RegisterAllocation allocation;
    private readonly IReadOnlyList<Instruction> instructions;
    private readonly StepLayout? steps;
    private readonly int inputs;
    private readonly DynamicMethod method;
    private readonly ILGenerator il;
    private readonly LocalBuilder offset;
    private readonly Dictionary<int, LocalBuilder> rows = [];
    private readonly LocalBuilder[] registers;
    private readonly Dictionary<Location, LocalBuilder> residents = [];
    private readonly Dictionary<Location, LocalBuilder> carried = [];
    private readonly List<(Location Row, LocalBuilder Local)> loadedInLoop = [];
    private readonly Dictionary<Instruction, Instruction> comparisons = new(ReferenceEqualityComparer.Instance);

    private unsafe KernelEmitter(IrFunction function, IReadOnlyList<Instruction> instructions, InstructionSet set, RegisterAllocation allocation, StepLayout? steps)
    {
        (this.instructions, this.set, this.allocation, this.steps, inputs) = (instructions, set, allocation, steps, function.Inputs.Count);
        method = new(function.Name, typeof(void), [typeof(object), typeof(void**), typeof(byte*), typeof(byte*), typeof(nint), typeof(nint)], typeof(KernelEmitter).Module, skipVisibility: true)
        {
            InitLocals = false,
        };
        il = method.GetILGenerator();
        offset = il.DeclareLocal(typeof(nint));
        registers = [.. Enumerable.Range(0, set.Registers).Select(_ => il.DeclareLocal(set.Numbers))];
    }

    /// <summary>Compiles a part.</summary>
    /// <param name="function">The function, whose name profilers show.</param>
    /// <param name="instructions">What is done for each vector.</param>
    /// <param name="set">On which vectors.</param>
    /// <param name="allocation">The places of values.</param>
    /// <param name="steps">For one vector in several steps: how rows lie. Null: for any number of vectors.</param>
    public static KernelPart Emit(IrFunction function, IReadOnlyList<Instruction> instructions, InstructionSet set, RegisterAllocation allocation, StepLayout? steps = null)
    {
        var emitter = new KernelEmitter(function, instructions, set, allocation, steps);
        emitter.LoadRowPointers();
        emitter.KeepResidents(function);
        emitter.JoinComparisons();
        emitter.Loop();
        if (emitter.il.ILOffset > LongestOptimised)
        {
            throw new InvalidOperationException($"a part of {function.Name} takes {emitter.il.ILOffset} bytes, more than the run-time compiler optimises");
        }

        // A delegate with an object is called at once; one without has its arguments moved first.
        return emitter.method.CreateDelegate<KernelPart>(set);
    }

    /// <summary>Pointers to rows, or in several steps to what rows are counted from.</summary>
    private void LoadRowPointers()
    {
        var pointers = steps is null
            ? instructions.SelectMany(static i => i.Operands.Append(i.Result)).Where(static l => l.Place == Place.Row).Select(static l => l.Index).Distinct().Order()
            : Enumerable.Range(0, steps.Bases);
        foreach (var row in pointers)
        {
            rows[row] = il.DeclareLocal(typeof(byte*));
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, row * nint.Size);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldind_I);
            il.Emit(OpCodes.Stloc, rows[row]);
        }
    }

    /// <summary>Gives registers to what passes from step to step, where one part takes all steps: states and their adjoints, whose way through memory every step would wait for, before sums.</summary>
    private void Carry(IrFunction function, int registersLeft)
    {
        foreach (var areSums in new[] { false, true })
        {
            for (var output = 0; output < (steps?.Carried.Length ?? 0) && allocation.Parts.Count == 1; output++)
            {
                var input = steps!.Carried[output];
                if (input >= 0 && carried.Count < registersLeft && areSums == (function.Inputs[input].Kind == IrInputKind.Accumulator))
                {
                    var local = il.DeclareLocal(set.Numbers);
                    residents[new(Place.Row, input)] = carried[new(Place.Row, inputs + output)] = local;
                    Address(new(Place.Row, input));
                    il.Emit(OpCodes.Ldobj, set.Numbers);
                    il.Emit(OpCodes.Stloc, local);
                }
            }
        }
    }

    /// <summary>
    /// Gives the registers that no value needs to what saves most loads: constants, which then are loaded once for all vectors, and rows that are read several
    /// times, which then are loaded once for each. The run-time compiler does not do it, since for all it knows a store may change them.
    /// </summary>
    private void KeepResidents(IrFunction function)
    {
        var used = instructions.SelectMany(static i => i.Operands.Append(i.Result)).Where(static l => l.Place == Place.Register).Select(static l => l.Index + 1).DefaultIfEmpty(0).Max();
        var left = set.Residents - used;
        Carry(function, left);
        var written = instructions.Select(static i => i.Result).Where(static l => l.Place == Place.Row).ToHashSet();
        var operands = instructions.SelectMany(i => i.Node is { } node && set[node.Op].Extra is { } pattern ? i.Operands.Append(allocation.Constant(pattern)) : i.Operands);
        var kept = operands.Where(l => l.Place == Place.Constant || (l.Place == Place.Row && !written.Contains(l) && !residents.ContainsKey(l)))
            .GroupBy(static l => l).Select(static g => (Location: g.Key, Saved: g.Key.Place == Place.Constant ? g.Count() : g.Count() - 1))
            .Where(static c => c.Saved > 0).OrderByDescending(static c => c.Saved).ThenBy(static c => c.Location.Place).ThenBy(static c => c.Location.Index)
            .Take(Math.Max(0, left - carried.Count));
        foreach (var (location, _) in kept)
        {
            var local = il.DeclareLocal(set.Numbers);
            if (location.Place == Place.Constant)
            {
                Load(location, set.Numbers);
                il.Emit(OpCodes.Stloc, local);
            }
            else
            {
                loadedInLoop.Add((location, local));
            }

            residents[location] = local;
        }
    }

    /// <summary>
    /// Has comparisons that only selections use written as their operand: then the run-time compiler leaves the result in a mask register, instead of making it a vector
    /// and that a mask again.
    /// </summary>
    private void JoinComparisons()
    {
        for (var i = 0; i < instructions.Count && set.HasMasks; i++)
        {
            if (instructions[i] is { Node.Op: IrOp.Less or IrOp.LessOrEqual, Result.Place: Place.Register } comparison)
            {
                foreach (var selection in Selections(i))
                {
                    comparisons[selection] = comparison;
                }
            }
        }
    }

    /// <summary>The selections by a comparison's result; none if something else uses it, or if the operands are gone when one of them is made.</summary>
    private List<Instruction> Selections(int number)
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

    private void Loop()
    {
        var body = il.DefineLabel();
        il.Emit(OpCodes.Ldarg, 4);
        il.Emit(OpCodes.Stloc, offset);
        Spread(inLoop: false);
        il.MarkLabel(body);
        Spread(inLoop: true);
        foreach (var (location, local) in loadedInLoop)
        {
            Address(location);
            il.Emit(OpCodes.Ldobj, set.Numbers);
            il.Emit(OpCodes.Stloc, local);
        }

        foreach (var instruction in instructions)
        {
            Write(instruction);
        }

        for (var start = 0; start < (steps?.Bases ?? 0); start++)
        {
            Advance(rows[start], steps!.Stride(start));
        }

        Advance(offset, steps is null ? set.VectorBytes : 1);
        il.Emit(OpCodes.Ldloc, offset);
        il.Emit(OpCodes.Ldarg, 5);
        il.Emit(OpCodes.Blt, body);
        foreach (var (location, local) in carried.Where(c => Stays(c.Key)))
        {
            Address(location);
            il.Emit(OpCodes.Ldloc, local);
            il.Emit(OpCodes.Stobj, set.Numbers);
        }

        il.Emit(OpCodes.Ret);
    }

    private void Advance(LocalBuilder place, nint bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        il.Emit(OpCodes.Ldloc, place);
        il.Emit(OpCodes.Ldc_I4, checked((int)bytes));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, place);
    }

    /// <summary>Repeats uniform inputs over vectors in scratch memory: those that move in each step, the others before the first. Of one step the kernel has done it.</summary>
    private void Spread(bool inLoop)
    {
        for (var i = 0; i < allocation.Uniforms.Count && steps is not null; i++)
        {
            var (row, uniform) = (new Location(Place.Row, allocation.Uniforms[i]), new Location(Place.Uniform, i));
            if (Stays(row) != inLoop && instructions.Any(instruction => instruction.Operands.Contains(uniform)))
            {
                Address(uniform);
                Address(row);
                il.Emit(set.LoadNumber);
                il.Emit(OpCodes.Call, set.Spread);
                il.Emit(OpCodes.Stobj, set.Numbers);
            }
        }
    }

    private bool Stays(Location row) => steps!.Stride(steps.Base(row.Index)) == 0;

    private void Write(Instruction instruction)
    {
        if (comparisons.ContainsValue(instruction))
        {
            return;
        }

        var passed = carried.GetValueOrDefault(instruction.Result);
        var inMemory = instruction.Result.Place != Place.Register && (passed is null || !Stays(instruction.Result));
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

        if (inMemory && passed is not null)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Stloc, passed);
        }

        if (inMemory)
        {
            il.Emit(OpCodes.Stobj, set.Numbers);
        }
        else
        {
            il.Emit(OpCodes.Stloc, passed ?? registers[instruction.Result.Index]);
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
            Load(allocation.Constant(pattern), set.Numbers);
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
            il.Emit(OpCodes.Ldloc, rows[steps?.Base(location.Index) ?? location.Index]);
            if (steps is null)
            {
                il.Emit(OpCodes.Ldloc, offset);
            }
            else
            {
                il.Emit(OpCodes.Ldc_I4, checked((int)steps.Offset(location.Index)));
            }
        }
        else
        {
            il.Emit(location.Place == Place.Constant ? OpCodes.Ldarg_2 : OpCodes.Ldarg_3);
            il.Emit(OpCodes.Ldc_I4, (location.Index + (location.Place == Place.Spill ? allocation.Uniforms.Count : 0)) * set.VectorBytes);
        }

        il.Emit(OpCodes.Add);
    }
}
