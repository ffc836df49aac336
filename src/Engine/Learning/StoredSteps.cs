using System.Globalization;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Learning;

/// <summary>
/// The steps of a trace on the way there and back: their states, in segments of which one is in memory at a time, the states at the start of each segment, and of few lanes what the adjoint needs of each
/// step of a segment (<see cref="TapedStep"/>).
/// </summary>
internal sealed unsafe class StoredSteps : IDisposable
{
    private readonly IReadOnlyList<string> states;
    private readonly int steps;
    private readonly int segment;
    private readonly int segments;
    private readonly RowBuffer trajectory;
    private readonly RowBuffer checkpoints;
    private readonly RowBuffer tape;
    private readonly int tapeRows;
    private readonly Func<string, RowPlace> locate;
    private readonly MovingRows forward;
    private readonly MovingRows last;
    private readonly MovingRows again;
    private readonly MovingRows backward;

    /// <param name="program">The compiled functions.</param>
    /// <param name="locate">Where rows are that do not belong to a step.</param>
    /// <param name="lanes">How many lanes at most.</param>
    /// <param name="steps">How many steps the trace has.</param>
    /// <param name="segment">How many of them are stored at once.</param>
    public StoredSteps(TrainingProgram program, Func<string, RowPlace> locate, int lanes, int steps, int segment)
    {
        (this.locate, this.steps, this.segment, states, tapeRows) = (locate, steps, segment, program.Functions.States, program.TapeRows(lanes));
        segments = Segments(steps, segment);
        var padding = PaddingOf(program.Precision, lanes);
        trajectory = new((segment + 1L) * states.Count, lanes, program.Precision, padding);
        checkpoints = new((long)segments * states.Count, lanes, program.Precision, padding);
        tape = new((long)segment * tapeRows, lanes, program.Precision, padding);
        var (step, adjoint) = program.IsTaped(lanes) ? (program.TapedForward, program.TapedBackward) : (program.Forward, program.Backward);
        forward = new(program.Forward, (name, _) => Locate(name));
        last = new(step, (name, _) => Locate(name));
        again = new(step, (name, _) => Locate(name == "loss.sum" ? "loss.again" : name));
        backward = new(adjoint, (name, _) => Locate(name));
    }

    public long Bytes => trajectory.Bytes + checkpoints.Bytes + tape.Bytes;

    /// <summary>In how many segments a trace is run.</summary>
    public static int Segments(int steps, int segment) => Math.Max(1, (steps + segment - 1) / segment);

    /// <summary>How many bytes rows of a step are padded to: a kernel reads and writes no more of short ones.</summary>
    public static int PaddingOf(Precision precision, int lanes) => lanes * (precision == Precision.Single ? sizeof(float) : sizeof(double)) <= Kernel.NarrowBytes ? Kernel.NarrowBytes : RowBuffer.Padding;

    /// <summary>Runs all steps.</summary>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="addUp">Adds up partial sums.</param>
    public void Forward(int lanes, Action addUp)
    {
        for (var s = 0; s < states.Count; s++)
        {
            Copy((void*)locate($"initial.{states[s]}").Pointer, trajectory.Row(s), trajectory.RowBytes);
        }

        for (var i = 0; i < segments; i++)
        {
            Copy(trajectory.Row(0), checkpoints.Row((long)i * states.Count), states.Count * trajectory.RowBytes);
            Run(i == segments - 1 ? last : forward, i, lanes, addUp);
            if (i + 1 < segments)
            {
                Copy(trajectory.Row((long)segment * states.Count), trajectory.Row(0), states.Count * trajectory.RowBytes);
            }
        }
    }

    /// <summary>Runs the adjoints of all steps, from the last one on, after <see cref="Forward"/>.</summary>
    /// <param name="lanes">How many lanes.</param>
    /// <param name="addUp">Adds up partial sums.</param>
    public void Backward(int lanes, Action addUp)
    {
        for (var i = segments - 1; i >= 0; i--)
        {
            if (i < segments - 1)
            {
                Copy(checkpoints.Row((long)i * states.Count), trajectory.Row(0), states.Count * trajectory.RowBytes);
                Run(again, i, lanes, null);
            }

            var (first, count) = Extent(i);
            backward.Place(first + count - 1, count - 1);
            PartialSums.RunBack(backward, lanes, first, count, addUp);
        }
    }

    public void Dispose()
    {
        foreach (var part in new IDisposable[] { forward, last, again, backward, trajectory, checkpoints, tape })
        {
            part.Dispose();
        }
    }

    private void Run(MovingRows table, int index, int lanes, Action? addUp)
    {
        var (first, count) = Extent(index);
        table.Place(first, 0);
        PartialSums.RunOn(table, lanes, first, count, steps, addUp);
    }

    private (int First, int Count) Extent(int index) => (index * segment, Math.Min(segment, steps - (index * segment)));

    private RowPlace Locate(string name)
    {
        if (name.StartsWith(TapedStep.Prefix, StringComparison.Ordinal))
        {
            return new((nint)tape.Row(int.Parse(name.AsSpan(TapedStep.Prefix.Length), CultureInfo.InvariantCulture)), (nint)(tapeRows * tape.RowBytes), InSegment: true, (nint)tape.Row(0));
        }

        for (var s = 0; s < states.Count; s++)
        {
            if (name == states[s] || name == $"{states[s]}.next" || name == $"{states[s]}.saved")
            {
                var row = name == states[s] ? s : states.Count + s;
                return new((nint)trajectory.Row(row), (nint)(trajectory.RowBytes * states.Count), InSegment: true, (nint)trajectory.Row(0));
            }
        }

        return locate(name);
    }

    private static void Copy(void* from, void* to, long bytes) => Buffer.MemoryCopy(from, to, bytes, bytes);
}
