using BrainModular.Engine.Ir;

namespace BrainModular.Engine.Kernels.Il;

/// <summary>
/// Gives every value of a scheduled function a register or, where there are too few, a place in scratch memory: the value whose next use
/// is furthest away leaves (Belady's rule, the best for a fixed order). What has left is afterwards read from memory as an operand.
/// </summary>
/// <remarks>
/// The run-time compiler would spill too, but to a stack that it does not align to vectors, which costs up to half the speed.
/// Long functions are cut into parts; between parts every value is in scratch memory.
/// </remarks>
internal sealed class RegisterAllocation
{
    private readonly IrFunction function;
    private readonly IReadOnlyList<IrNode> order;
    private readonly IrNode?[] inRegister;
    private readonly Dictionary<IrInput, Location> rows = [];
    private readonly Dictionary<IrNode, Queue<int>> uses = [];
    private readonly Dictionary<IrNode, Location> places = [];
    private readonly Stack<int> free = new();
    private readonly Stack<int> freeSlots = [];
    private readonly List<int> leavingSlots = [];
    private readonly List<ulong> constants = [];
    private List<Instruction> instructions = [];

    private RegisterAllocation(IrFunction function, IReadOnlyList<IrNode> order, int registers)
    {
        (this.function, this.order) = (function, order);
        inRegister = new IrNode?[registers];
        for (var register = registers - 1; register >= 0; register--)
        {
            free.Push(register);
        }

        Uniforms = [.. Enumerable.Range(0, function.Inputs.Count).Where(i => function.Inputs[i].Uniform)];
        for (var (i, uniform) = (0, 0); i < function.Inputs.Count; i++)
        {
            rows[function.Inputs[i]] = function.Inputs[i].Uniform ? new(Place.Uniform, uniform++) : new(Place.Row, i);
        }
    }

    /// <summary>The instructions, part by part.</summary>
    public List<IReadOnlyList<Instruction>> Parts { get; } = [];

    /// <summary>Patterns of the constants, in the order of their places.</summary>
    public IReadOnlyList<ulong> Constants => constants;

    /// <summary>The inputs that are uniform, in the order of their places.</summary>
    public IReadOnlyList<int> Uniforms { get; }

    /// <summary>How many vectors of scratch memory spilled values take.</summary>
    public int Slots { get; private set; }

    public static RegisterAllocation Run(IrFunction function, IReadOnlyList<IrNode> order, int registers, int partLength)
    {
        var allocation = new RegisterAllocation(function, order, registers);
        allocation.Run(partLength);
        return allocation;
    }

    /// <summary>The place of a constant pattern, which is made where it has none.</summary>
    public Location Constant(ulong pattern)
    {
        var place = constants.IndexOf(pattern);
        if (place < 0)
        {
            place = constants.Count;
            constants.Add(pattern);
        }

        return new(Place.Constant, place);
    }

    private void Run(int partLength)
    {
        var lastRead = order.Select((node, i) => ReadsRow(node) ? i : -1).DefaultIfEmpty(-1).Max();
        var stores = StoresByStep(lastRead);
        CountUses(stores);
        for (var step = 0; step < order.Count; step++)
        {
            if (instructions.Count >= partLength)
            {
                Cut();
            }

            var node = order[step];
            Location[] operands = node.Op == IrOp.Input ? [rows[node.Input!]] : [.. node.Operands.Select(Find)];
            foreach (var operand in Values(node))
            {
                Used(operand);
            }

            instructions.Add(new(node.Op == IrOp.Input ? null : node, operands, PlaceResult(node)));
            FreeSlots();
            Store(stores.GetValueOrDefault(step));
        }

        Store(stores.GetValueOrDefault(order.Count));
        Parts.Add(instructions);

        Location Find(IrNode node) =>
            places.TryGetValue(node, out var place) ? place
            : node.Op == IrOp.Input ? rows[node.Input!]
            : Constant(PatternOf(node));

        void Store(List<int>? outputs)
        {
            foreach (var output in outputs ?? [])
            {
                if (instructions.Count >= partLength)
                {
                    Cut();
                }

                var node = function.Outputs[output].Node;
                instructions.Add(new(null, [Find(node)], new(Place.Row, function.Inputs.Count + output)));
                if (uses.ContainsKey(node))
                {
                    Used(node);
                }
            }

            FreeSlots();
        }
    }

    /// <summary>Which outputs are stored after which step: not before the last step that reads a row, which may be the same one.</summary>
    private Dictionary<int, List<int>> StoresByStep(int lastRead)
    {
        var computedAt = new Dictionary<IrNode, int>();
        for (var step = 0; step < order.Count; step++)
        {
            computedAt[order[step]] = step;
        }

        var stores = new Dictionary<int, List<int>>();
        for (var output = 0; output < function.Outputs.Count; output++)
        {
            var step = computedAt.TryGetValue(function.Outputs[output].Node, out var computed) ? Math.Max(computed, lastRead) : order.Count;
            if (!stores.TryGetValue(step, out var list))
            {
                stores[step] = list = [];
            }

            list.Add(output);
        }

        return stores;
    }

    private void CountUses(Dictionary<int, List<int>> stores)
    {
        for (var step = 0; step < order.Count; step++)
        {
            uses[order[step]] = new();
            foreach (var operand in Values(order[step]))
            {
                uses[operand].Enqueue(step);
            }

            foreach (var output in stores.GetValueOrDefault(step) ?? [])
            {
                uses[function.Outputs[output].Node].Enqueue(step + 1);
            }
        }
    }

    /// <summary>One use less; after the last the place is free.</summary>
    private void Used(IrNode node)
    {
        uses[node].Dequeue();
        if (uses[node].Count == 0 && places.Remove(node, out var place))
        {
            if (place.Place == Place.Register)
            {
                free.Push(place.Index);
                inRegister[place.Index] = null;
            }
            else
            {
                leavingSlots.Add(place.Index);
            }
        }
    }

    /// <summary>Slots that an instruction read for the last time may be written by the next, not by a move that comes before it.</summary>
    private void FreeSlots()
    {
        leavingSlots.ForEach(freeSlots.Push);
        leavingSlots.Clear();
    }

    private Location PlaceResult(IrNode node)
    {
        if (free.TryPop(out var register))
        {
            return Hold(node, register);
        }

        register = Array.IndexOf(inRegister, inRegister.MaxBy(n => uses[n!].Peek()));
        var furthest = inRegister[register]!;
        if (uses[node].Peek() >= uses[furthest].Peek())
        {
            return places[node] = Slot();
        }

        // The one that leaves may be an operand: it is copied before the operation, and its register is read by the operation and then overwritten.
        var slot = places[furthest] = Slot();
        instructions.Add(new(null, [new(Place.Register, register)], slot));
        return Hold(node, register);
    }

    private Location Hold(IrNode node, int register)
    {
        inRegister[register] = node;
        return places[node] = new(Place.Register, register);
    }

    private Location Slot() => new(Place.Spill, freeSlots.TryPop(out var slot) ? slot : Slots++);

    private void Cut()
    {
        for (var register = 0; register < inRegister.Length; register++)
        {
            if (inRegister[register] is { } node)
            {
                var slot = places[node] = Slot();
                instructions.Add(new(null, [new(Place.Register, register)], slot));
                inRegister[register] = null;
                free.Push(register);
            }
        }

        Parts.Add(instructions);
        instructions = [];
    }

    /// <summary>The operands that are computed before; what is in memory anyway is always read from there.</summary>
    private IEnumerable<IrNode> Values(IrNode node) => node.Operands.Where(o => o.Op != IrOp.Input && uses.ContainsKey(o)).Distinct();

    private static bool ReadsRow(IrNode node) => node.Op == IrOp.Input || node.Operands.Any(static o => o.Op == IrOp.Input && !o.Input!.Uniform);

    private ulong PatternOf(IrNode node) =>
        node.Op == IrOp.BitConstant ? node.Bits
        : function.LoweredTo == Precision.Single ? BitConverter.SingleToUInt32Bits((float)node.Value)
        : BitConverter.DoubleToUInt64Bits(node.Value);
}
