using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Learning;

/// <summary>
/// The exact gradient of a trace's loss by all parameters, for a block of lanes (candidates side by side). The states of every step are
/// stored; where that would take too much memory, only those at the start of each segment, and each segment is run again before its
/// adjoint, with states that are still in the processor's second cache. Both give the same bits.
/// </summary>
public sealed unsafe class BackpropagationThroughTime : IDisposable
{
    /// <summary>After so many steps partial sums in float32 are added up in float64.</summary>
    private const int StepsPerSum = 512;

    /// <summary>What a segment's states may take of the second cache.</summary>
    private const int SegmentBytes = 1 << 19;

    private readonly TrainingProgram program;
    private readonly Trace trace;
    private int lanes;
    private readonly int segment;
    private readonly IReadOnlyList<string> states;
    private readonly RowBuffer trajectory;
    private readonly RowBuffer checkpoints;
    private readonly NamedRows named;
    private readonly RowBuffer clock;
    private readonly LaneRows? own;
    private readonly MovingRows prologue;
    private readonly MovingRows forward;
    private readonly MovingRows again;
    private readonly MovingRows backward;
    private readonly MovingRows prologueBackward;
    private readonly string[] sums;
    private AdjointAhead? ahead;

    /// <param name="program">The compiled functions.</param>
    /// <param name="trace">The inputs.</param>
    /// <param name="lanes">How many candidates run side by side at most.</param>
    /// <param name="memoryBudget">Bytes that stored states may take before segments are run again instead.</param>
    public BackpropagationThroughTime(TrainingProgram program, Trace trace, int lanes, long memoryBudget)
    {
        (this.program, this.trace, this.lanes, states) = (program, trace, lanes, program.Functions.States);
        var precision = program.Precision;
        using var probe = new RowBuffer(1, lanes, precision);
        var stepBytes = states.Count * probe.RowBytes;
        segment = (trace.Steps + 1L) * stepBytes <= memoryBudget ? Math.Max(trace.Steps, 1) : SegmentOf(trace.Steps, SegmentBytes / stepBytes);
        Segments = Math.Max(1, (trace.Steps + segment - 1) / segment);
        trajectory = new((segment + 1L) * states.Count, lanes, precision);
        checkpoints = new((long)Segments * states.Count, lanes, precision);
        var needsTime = program.Forward.Function.Inputs.Concat(program.Backward.Function.Inputs).Any(static i => i.Kind == IrInputKind.Time);
        clock = new(1, needsTime ? trace.Steps : 0, precision);
        for (var t = 0; t < clock.Count; t++)
        {
            clock[0, t] = t * program.TimeStep;
        }

        named = new(Names(program.Functions), lanes, precision);
        sums = [.. named.Names.Where(static n => n.StartsWith("gradient.", StringComparison.Ordinal) || n == "loss.sum")];
        own = LaneRows.For(program.Forward.Function, trace, lanes, program.Precision);
        prologue = new(program.Prologue, (name, _) => Locate(name));
        forward = new(program.Forward, (name, _) => Locate(name));
        again = new(program.Forward, (name, _) => Locate(name == "loss.sum" ? "loss.again" : name));
        backward = new(program.Backward, (name, _) => Locate(name));
        prologueBackward = new(program.PrologueBackward, (name, _) => Locate(name));
    }

    /// <summary>In how many segments the trace is run; 1 where all states are stored.</summary>
    public int Segments { get; }

    /// <summary>The memory of all rows.</summary>
    public long Bytes => trajectory.Bytes + checkpoints.Bytes + named.Buffer.Bytes + clock.Bytes + (own?.Bytes ?? 0) + (ahead?.Bytes ?? 0);

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
        var totals = sums.ToDictionary(static s => s, _ => new double[lanes]);
        prologue.Run(lanes);
        Forward(totals);
        totals["loss.sum"].CopyTo(loss, 0);
        if (gradient is not null)
        {
            named.Fill("seed.loss", 1);
            Backward(totals);
            for (var p = 0; p < gradient.Length; p++)
            {
                totals[$"gradient.{program.Functions.Parameters[p]}"].CopyTo(gradient[p], 0);
            }
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
        foreach (var part in new IDisposable[] { prologue, forward, again, backward, prologueBackward, trajectory, checkpoints, named, clock })
        {
            part.Dispose();
        }

        own?.Dispose();
        ahead?.Dispose();
    }

    /// <summary>All rows that are neither states of the trajectory nor signals of the trace.</summary>
    private static IEnumerable<string> Names(TrainingFunctions f) => new[] { f.Prologue, f.Forward, f.Backward, f.PrologueBackward }
        .SelectMany(static function => function.Inputs.Where(static i => i.Kind is not (IrInputKind.State or IrInputKind.Saved or IrInputKind.Signal or IrInputKind.Noise or IrInputKind.Time))
            .Select(static i => i.Name).Concat(function.Outputs.Select(static o => o.Name)))
        .Concat(f.States.Select(static s => $"adjoint.{s}"))
        .Concat(f.States.Select(static s => $"adjoint.initial.{s}"))
        .Concat(f.Parameters.Select(static p => $"gradient.{p}"))
        .Concat(f.Prologue.Outputs.Where(static o => IsInvariant(o.Name)).SelectMany(static o => new[] { $"adjoint.{o.Name}", $"gradient.{o.Name}" }))
        .Concat(["seed.loss", "loss.again"])
        .Where(static n => !n.EndsWith(".next", StringComparison.Ordinal));

    private static bool IsInvariant(string name) => name.StartsWith("invariant.", StringComparison.Ordinal);

    private RowPlace Locate(string name)
    {
        if (named.Contains(name))
        {
            return new(named.Pointer(name));
        }

        var stride = (nint)(trajectory.RowBytes * states.Count);
        for (var s = 0; s < states.Count; s++)
        {
            if (name == states[s])
            {
                return new((nint)trajectory.Row(s), stride, InSegment: true);
            }

            if (name == $"{states[s]}.next" || name == $"{states[s]}.saved")
            {
                return new((nint)trajectory.Row(states.Count + s), stride, InSegment: true);
            }
        }

        return name == "t" ? new((nint)clock.Row(0), program.Precision == Precision.Single ? sizeof(float) : sizeof(double)) : own?.Locate(name) ?? trace.Locate(name);
    }

    private void Forward(Dictionary<string, double[]> totals)
    {
        for (var s = 0; s < states.Count; s++)
        {
            CopyRows(named.Buffer, named.IndexOf($"initial.{states[s]}"), trajectory, s, 1);
        }

        for (var i = 0; i < Segments; i++)
        {
            CopyRows(trajectory, 0, checkpoints, (long)i * states.Count, states.Count);
            RunSegment(forward, i, totals);
            if (i + 1 < Segments)
            {
                CopyRows(trajectory, (long)segment * states.Count, trajectory, 0, states.Count);
            }
        }
    }

    private void RunSegment(MovingRows table, int index, Dictionary<string, double[]>? totals)
    {
        var (first, count) = Extent(index);
        table.Place(first, 0);
        for (var done = 0; done < count;)
        {
            // Up to where partial sums are added up, or to the end.
            var steps = Math.Min(count - done, StepsPerSum - ((first + done) % StepsPerSum));
            table.RunOn(lanes, steps);
            done += steps;
            if (totals is not null && ((first + done) % StepsPerSum == 0 || first + done == trace.Steps))
            {
                AddUp(totals);
            }
        }
    }

    private void Backward(Dictionary<string, double[]> totals)
    {
        ahead ??= program.IsFasterAhead(lanes) ? new(program, Locate, trajectory.Count) : null;
        var few = program.IsFasterAhead(lanes) ? ahead : null;
        for (var i = Segments - 1; i >= 0; i--)
        {
            if (i < Segments - 1)
            {
                CopyRows(checkpoints, (long)i * states.Count, trajectory, 0, states.Count);
                RunSegment(again, i, null);
            }

            var (first, count) = Extent(i);
            backward.Place(first + count - 1, count - 1);
            few?.Begin(first, count, lanes);
            for (var left = count; left > 0;)
            {
                var steps = Math.Min(left, ((first + left - 1) % StepsPerSum) + 1);
                if (few is null)
                {
                    backward.RunBack(lanes, steps);
                }
                else
                {
                    few.Run(left - 1, steps, lanes);
                }

                left -= steps;
                if ((first + left) % StepsPerSum == 0)
                {
                    AddUp(totals);
                }
            }
        }

        foreach (var state in states)
        {
            CopyRows(named.Buffer, named.IndexOf($"adjoint.{state}"), named.Buffer, named.IndexOf($"adjoint.initial.{state}"), 1);
        }

        // The invariants' gradients are complete only now, in float64; the prologue's adjoint spreads them over the parameters.
        foreach (var invariant in program.Functions.Prologue.Outputs.Select(static o => o.Name).Where(IsInvariant))
        {
            named.SetFirst($"adjoint.{invariant}", totals[$"gradient.{invariant}"]);
        }

        prologueBackward.Run(lanes);
        AddUp(totals);
    }

    private (int First, int Count) Extent(int index) => (index * segment, Math.Min(segment, trace.Steps - (index * segment)));

    /// <summary>Adds the partial sums to the totals, and starts them again at 0.</summary>
    private void AddUp(Dictionary<string, double[]> totals)
    {
        foreach (var (name, total) in totals)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                total[lane] += named[name, lane];
            }

            named.Fill(name, 0);
        }
    }

    private static void CopyRows(RowBuffer from, long first, RowBuffer to, long target, int count) =>
        Buffer.MemoryCopy(from.Row(first), to.Row(target), count * to.RowBytes, count * from.RowBytes);
}
