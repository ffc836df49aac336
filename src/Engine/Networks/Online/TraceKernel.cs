using System.Numerics;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// Takes traces over some steps: they stay in registers meanwhile. Its columns are the lanes of one synapse, or the synapses of one unit and lane.
/// </summary>
/// <param name="traces">[trace][column], in place.</param>
/// <param name="gradient">[column]; gets the learning signals times the traces added.</param>
/// <param name="columns">How many, in whole vectors.</param>
/// <param name="numbers">[step][term][lane of a group]: the unit's numbers, in the order of <see cref="TraceEmitter{T}.Terms"/>.</param>
/// <param name="rows">[step][1 + filter state][column]: what arrived in the step, and the filter's states before it.</param>
/// <param name="rowBytes">From one of these rows to the next.</param>
/// <param name="steps">How many steps, at least one.</param>
internal unsafe delegate void TraceKernel(byte* traces, byte* gradient, nint columns, byte* numbers, byte* rows, nint rowBytes, nint steps);

/// <summary>What the columns of traces are.</summary>
/// <param name="ByLane">Whether they are lanes; if not, they are synapses, and a kernel's numbers begin at one lane.</param>
/// <param name="Width">How many lanes a group has: a vector of them, so that the numbers of all steps stay in the first cache; or all.</param>
internal readonly record struct TraceShape(bool ByLane, int Width)
{
    /// <summary>Columns are lanes where these fill vectors.</summary>
    public static TraceShape For<T>(int lanes) => lanes % Vector512<T>.Count == 0 ? new(true, Vector512<T>.Count) : new(false, lanes);
}

/// <summary>Writes the machine code of traces: one multiply-add for every term that is not always 0.</summary>
internal sealed class TraceEmitter<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly TracePlan plan;
    private readonly TraceShape shape;
    private readonly bool learns;
    private readonly DynamicMethod method;
    private readonly ILGenerator il;
    private readonly LocalBuilder[] traces;
    private readonly LocalBuilder[] next;
    private readonly LocalBuilder[] arriving;
    private readonly LocalBuilder gradient;
    private readonly LocalBuilder offset;
    private readonly LocalBuilder coefficient;
    private readonly LocalBuilder row;
    private readonly LocalBuilder left;
    private readonly int size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();

    private TraceEmitter(TracePlan plan, TraceShape shape, bool learns)
    {
        (this.plan, this.shape, this.learns) = (plan, shape, learns);
        method = new(
            "traces", typeof(void), [typeof(byte*), typeof(byte*), typeof(nint), typeof(byte*), typeof(byte*), typeof(nint), typeof(nint)], typeof(TraceEmitter<T>).Module, skipVisibility: true)
        {
            InitLocals = false,
        };
        il = method.GetILGenerator();
        LocalBuilder Vector() => il.DeclareLocal(typeof(Vector512<T>));
        traces = [.. plan.States.Select(_ => Vector())];
        next = [.. plan.States.Select(_ => Vector())];
        arriving = [.. Enumerable.Range(0, 1 + plan.Filter.States.Count).Select(_ => Vector())];
        gradient = Vector();
        (offset, left) = (il.DeclareLocal(typeof(nint)), il.DeclareLocal(typeof(nint)));
        (coefficient, row) = (il.DeclareLocal(typeof(byte*)), il.DeclareLocal(typeof(byte*)));
    }

    /// <summary>The numbers of a unit that a step reads, in order: for each trace those by which arrivals, filter states and traces count; then the learning signals.</summary>
    public static IReadOnlyList<Coefficient> Terms(TracePlan plan) =>
        [.. Enumerable.Range(0, plan.States.Count).SelectMany(k => Factors(plan, k)).Where(static f => !f.IsZero)];

    /// <summary>The traces that have a learning signal, in the order of their numbers after the terms.</summary>
    public static IReadOnlyList<int> Signalled(TracePlan plan) => [.. Enumerable.Range(0, plan.States.Count).Where(k => plan.Signals[k] >= 0)];

    /// <summary>Compiles it.</summary>
    /// <param name="plan">The traces.</param>
    /// <param name="shape">What its columns are.</param>
    /// <param name="learns">Whether there are learning signals; without them the gradient is left alone.</param>
    public static TraceKernel Compile(TracePlan plan, TraceShape shape, bool learns)
    {
        var emitter = new TraceEmitter<T>(plan, shape, learns);
        emitter.Columns();
        return emitter.method.CreateDelegate<TraceKernel>();
    }

    private static IEnumerable<Coefficient> Factors(TracePlan plan, int trace) =>
        [plan.Take[trace], .. Enumerable.Range(0, plan.Filter.States.Count).Select(m => plan.Draw[trace, m]), .. Enumerable.Range(0, plan.States.Count).Select(m => plan.Keep[trace, m])];

    private void Columns()
    {
        var body = il.DefineLabel();
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Stloc, offset);
        il.MarkLabel(body);
        for (var k = 0; k < traces.Length; k++)
        {
            TraceAddress(k);
            il.Emit(OpCodes.Ldobj, typeof(Vector512<T>));
            il.Emit(OpCodes.Stloc, traces[k]);
        }

        if (learns)
        {
            GradientAddress();
            il.Emit(OpCodes.Ldobj, typeof(Vector512<T>));
            il.Emit(OpCodes.Stloc, gradient);
        }

        Steps();
        for (var k = 0; k < traces.Length; k++)
        {
            TraceAddress(k);
            il.Emit(OpCodes.Ldloc, traces[k]);
            il.Emit(OpCodes.Stobj, typeof(Vector512<T>));
        }

        if (learns)
        {
            GradientAddress();
            il.Emit(OpCodes.Ldloc, gradient);
            il.Emit(OpCodes.Stobj, typeof(Vector512<T>));
        }

        Add(offset, Vector512<T>.Count * size);
        il.Emit(OpCodes.Ldloc, offset);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4, size);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Blt, body);
        il.Emit(OpCodes.Ret);
    }

    private void Steps()
    {
        il.Emit(OpCodes.Ldarg_3);
        if (shape.ByLane)
        {
            il.Emit(OpCodes.Ldloc, offset);
            il.Emit(OpCodes.Add);
        }

        il.Emit(OpCodes.Stloc, coefficient);
        il.Emit(OpCodes.Ldarg, 4);
        il.Emit(OpCodes.Ldloc, offset);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, row);
        il.Emit(OpCodes.Ldarg, 6);
        il.Emit(OpCodes.Stloc, left);
        var body = il.DefineLabel();
        il.MarkLabel(body);
        for (var r = 0; r < arriving.Length; r++)
        {
            il.Emit(OpCodes.Ldloc, row);
            il.Emit(OpCodes.Ldobj, typeof(Vector512<T>));
            il.Emit(OpCodes.Stloc, arriving[r]);
            il.Emit(OpCodes.Ldloc, row);
            il.Emit(OpCodes.Ldarg, 5);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Stloc, row);
        }

        var term = 0;
        for (var k = 0; k < traces.Length; k++)
        {
            var any = false;
            foreach (var (factor, of) in Factors(plan, k).Zip(arriving.Concat(traces)).Where(static f => !f.First.IsZero))
            {
                MultiplyAdd(term++, of, any ? next[k] : null, next[k]);
                any = true;
            }

            if (!any)
            {
                il.Emit(OpCodes.Call, typeof(Vector512<T>).GetProperty(nameof(Vector512<T>.Zero))!.GetMethod!);
                il.Emit(OpCodes.Stloc, next[k]);
            }
        }

        for (var k = 0; k < traces.Length; k++)
        {
            il.Emit(OpCodes.Ldloc, next[k]);
            il.Emit(OpCodes.Stloc, traces[k]);
        }

        var signalled = Signalled(plan);
        for (var i = 0; i < signalled.Count && learns; i++)
        {
            MultiplyAdd(term + i, traces[signalled[i]], gradient, gradient);
        }

        Add(coefficient, (term + signalled.Count) * shape.Width * size);
        Add(left, -1);
        il.Emit(OpCodes.Ldloc, left);
        il.Emit(OpCodes.Brtrue, body);
    }

    /// <summary>A number of the unit times a vector, plus a sum if there is one.</summary>
    private void MultiplyAdd(int term, LocalBuilder of, LocalBuilder? sum, LocalBuilder result)
    {
        il.Emit(OpCodes.Ldloc, coefficient);
        il.Emit(OpCodes.Ldc_I4, term * shape.Width * size);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldobj, shape.ByLane ? typeof(Vector512<T>) : typeof(T));
        if (!shape.ByLane)
        {
            il.Emit(OpCodes.Call, typeof(Vector512).GetMethod(nameof(Vector512.Create), [typeof(T)])!);
        }

        il.Emit(OpCodes.Ldloc, of);
        if (sum is null)
        {
            il.Emit(OpCodes.Call, typeof(Vector512<T>).GetMethod("op_Multiply", [typeof(Vector512<T>), typeof(Vector512<T>)])!);
        }
        else
        {
            il.Emit(OpCodes.Ldloc, sum);
            il.Emit(OpCodes.Call, typeof(Vector512).GetMethod(nameof(Vector512.FusedMultiplyAdd), [typeof(Vector512<T>), typeof(Vector512<T>), typeof(Vector512<T>)])!);
        }

        il.Emit(OpCodes.Stloc, result);
    }

    private void TraceAddress(int trace)
    {
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4, trace * size);
        il.Emit(OpCodes.Mul);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldloc, offset);
        il.Emit(OpCodes.Add);
    }

    private void GradientAddress()
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc, offset);
        il.Emit(OpCodes.Add);
    }

    private void Add(LocalBuilder to, int number)
    {
        il.Emit(OpCodes.Ldloc, to);
        il.Emit(OpCodes.Ldc_I4, number);
        il.Emit(OpCodes.Conv_I);
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Stloc, to);
    }
}
