using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Learning;

/// <summary>
/// The exact gradient of a trace's loss by all parameters, for a block of lanes (candidates side by side). The states of every step are
/// stored (<see cref="StoredSteps"/>); where that would take too much memory, only those at the start of each segment, and each segment is run again before its
/// adjoint, with states that are still in the processor's second cache. Both give the same bits.
/// </summary>
public sealed unsafe class BackpropagationThroughTime : IDisposable
{
    /// <summary>What a segment's states may take of the second cache.</summary>
    private const int SegmentBytes = 1 << 19;

    private readonly TrainingProgram program;
    private readonly Trace trace;
    private int lanes;
    private readonly IReadOnlyList<string> states;
    private readonly NamedRows named;
    private readonly RowBuffer clock;
    private readonly LaneRows? own;
    private readonly MovingRows prologue;
    private readonly MovingRows passing;
    private readonly Lazy<int> segment;
    private readonly Lazy<StoredSteps> stored;
    private readonly MovingRows prologueBackward;
    private readonly string[] gradients;

    /// <param name="program">The compiled functions.</param>
    /// <param name="trace">The inputs.</param>
    /// <param name="lanes">How many candidates run side by side at most.</param>
    /// <param name="memoryBudget">Bytes that stored states may take before segments are run again instead.</param>
    public BackpropagationThroughTime(TrainingProgram program, Trace trace, int lanes, long memoryBudget)
    {
        (this.program, this.trace, this.lanes, states) = (program, trace, lanes, program.Functions.States);
        var precision = program.Precision;
        segment = new(() =>
        {
            using var probe = new RowBuffer(1, lanes, precision, StoredSteps.PaddingOf(precision, lanes));
            var stepBytes = (states.Count + program.TapeRows(lanes)) * probe.RowBytes;
            return (trace.Steps + 1L) * stepBytes <= memoryBudget ? Math.Max(trace.Steps, 1) : SegmentOf(trace.Steps, SegmentBytes / stepBytes);
        });
        stored = new(() => new(program, Locate, lanes, trace.Steps, segment.Value));
        var needsTime = program.Forward.Function.Inputs.Concat(program.Backward.Function.Inputs).Any(static i => i.Kind == IrInputKind.Time);
        clock = new(1, needsTime ? trace.Steps : 0, precision);
        for (var t = 0; t < clock.Count; t++)
        {
            clock[0, t] = t * program.TimeStep;
        }

        named = new(Names(program.Functions), lanes, precision);
        gradients = [.. named.Names.Where(static n => n.StartsWith("gradient.", StringComparison.Ordinal))];
        own = LaneRows.For(program.Forward.Function, trace, lanes, program.Precision);
        prologue = new(program.Prologue, (name, _) => Locate(name));
        passing = new(program.Forward, (name, _) => states.FirstOrDefault(state => name == state || name == $"{state}.next") is { } state ? Locate(Present(state)) : Locate(name));
        prologueBackward = new(program.PrologueBackward, (name, _) => Locate(name));
    }

    /// <summary>In how many segments the trace is run; 1 where all states are stored.</summary>
    public int Segments => StoredSteps.Segments(trace.Steps, segment.Value);

    /// <summary>The memory of all rows.</summary>
    public long Bytes => named.Buffer.Bytes + clock.Bytes + (own?.Bytes ?? 0) + (stored.IsValueCreated ? stored.Value.Bytes : 0);

    /// <summary>Runs the trace forward, and backward where a gradient is wanted.</summary>
    /// <param name="parameters">[parameter][lane], of as many lanes as <paramref name="loss"/> has, in the order of the functions' parameters, in engine units.</param>
    /// <param name="loss">[lane]; gets the sum of the losses of all steps.</param>
    /// <param name="gradient">[parameter][lane], or null; gets the derivative of that sum.</param>
    public void Run(double[][] parameters, double[] loss, double[][]? gradient)
    {
        lanes = loss.Length;
        named.Clear();
        for (var p = 0; p < parameters.Length; p++)
        {
            named.SetFirst(program.Functions.Parameters[p], parameters[p]);
        }

        own?.Fill(program.Functions.Parameters, parameters);
        prologue.Run(lanes);
        Array.Clear(loss);
        void AddLoss() => named.MoveTo(loss, "loss.sum");
        if (gradient is null)
        {
            Pass(AddLoss);
            return;
        }

        stored.Value.Forward(lanes, AddLoss);
        named.Fill("seed.loss", 1);
        var totals = gradients.ToDictionary(static g => g, _ => new double[lanes]);
        stored.Value.Backward(lanes, () => AddUp(totals));
        FinishGradient(totals);
        for (var p = 0; p < gradient.Length; p++)
        {
            totals[$"gradient.{program.Functions.Parameters[p]}"].CopyTo(gradient[p], 0);
        }
    }

    /// <summary>As many steps as fit into the cache; of long traces more, lest the states at their starts take more memory than they, and at most sqrt(T).</summary>
    private static int SegmentOf(int steps, long inCache)
    {
        var root = (int)Math.Ceiling(Math.Sqrt(steps));
        return (int)Math.Clamp(inCache, Math.Max(1, root / 8), Math.Max(1, root));
    }

    public void Dispose()
    {
        foreach (var part in new IDisposable[] { prologue, passing, prologueBackward, named, clock })
        {
            part.Dispose();
        }

        own?.Dispose();
        if (stored.IsValueCreated)
        {
            stored.Value.Dispose();
        }
    }

    /// <summary>All rows that are neither states of the trajectory nor signals of the trace.</summary>
    private static IEnumerable<string> Names(TrainingFunctions f) => new[] { f.Prologue, f.Forward, f.Backward, f.PrologueBackward }
        .SelectMany(static function => function.Inputs.Where(static i => i.Kind is not (IrInputKind.State or IrInputKind.Saved or IrInputKind.Signal or IrInputKind.Noise or IrInputKind.Time))
            .Select(static i => i.Name).Concat(function.Outputs.Select(static o => o.Name)))
        .Concat(f.States.SelectMany(static s => new[] { Present(s), $"adjoint.{s}" }))
        .Concat(f.States.Select(static s => $"adjoint.initial.{s}"))
        .Concat(f.Parameters.Select(static p => $"gradient.{p}"))
        .Concat(f.Prologue.Outputs.Where(static o => IsInvariant(o.Name)).SelectMany(static o => new[] { $"adjoint.{o.Name}", $"gradient.{o.Name}" }))
        .Concat(["seed.loss", "loss.again"])
        .Where(static n => !n.EndsWith(".next", StringComparison.Ordinal));

    private static bool IsInvariant(string name) => name.StartsWith("invariant.", StringComparison.Ordinal);

    /// <summary>The row of a state where its steps are not stored.</summary>
    private static string Present(string state) => $"present.{state}";

    private RowPlace Locate(string name) =>
        named.Contains(name) ? new(named.Pointer(name), Buffer: (nint)named.Buffer.Row(0))
        : name == "t" ? new((nint)clock.Row(0), program.Precision == Precision.Single ? sizeof(float) : sizeof(double))
        : own?.Locate(name) ?? trace.Locate(name);

    /// <summary>Runs all steps without storing them.</summary>
    private void Pass(Action addUp)
    {
        foreach (var state in states)
        {
            Copy($"initial.{state}", Present(state));
        }

        passing.Place(0, 0);
        PartialSums.RunOn(passing, lanes, 0, trace.Steps, trace.Steps, addUp);
    }

    private void FinishGradient(Dictionary<string, double[]> totals)
    {
        foreach (var state in states)
        {
            Copy($"adjoint.{state}", $"adjoint.initial.{state}");
        }

        // The invariants' gradients are complete only now, in float64; the prologue's adjoint spreads them over the parameters.
        foreach (var invariant in program.Functions.Prologue.Outputs.Select(static o => o.Name).Where(IsInvariant))
        {
            named.SetFirst($"adjoint.{invariant}", totals[$"gradient.{invariant}"]);
        }

        prologueBackward.Run(lanes);
        AddUp(totals);
    }

    /// <summary>Adds the partial sums to the totals, and starts them again at 0.</summary>
    private void AddUp(Dictionary<string, double[]> totals)
    {
        foreach (var (name, total) in totals)
        {
            named.MoveTo(total, name);
        }
    }

    private void Copy(string from, string to)
    {
        var bytes = named.Buffer.RowBytes;
        Buffer.MemoryCopy((void*)named.Pointer(from), (void*)named.Pointer(to), bytes, bytes);
    }
}
