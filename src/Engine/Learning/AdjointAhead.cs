using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Kernels.Memory;

namespace BrainModular.Engine.Learning;

/// <summary>The adjoint of a step of so few lanes that a vector holds them, where what does not wait for later steps' adjoints is computed a step ahead (<see cref="StepAhead"/>), with the same bits.</summary>
internal sealed unsafe class AdjointAhead : IDisposable
{
    private readonly RowBuffer values;
    private readonly MovingRows ahead;
    private readonly MovingRows joined;

    /// <param name="program">The compiled functions.</param>
    /// <param name="locate">Where the rows of the plain adjoint are.</param>
    /// <param name="lanes">How many lanes at most.</param>
    public AdjointAhead(TrainingProgram program, Func<string, RowPlace> locate, long lanes)
    {
        values = new(program.Ahead.Function.Outputs.Count, lanes, program.Precision);
        RowPlace Place(string name) => name.StartsWith(StepAhead.Prefix, StringComparison.Ordinal)
            ? new((nint)values.Row(int.Parse(name[StepAhead.Prefix.Length..].Replace(StepAhead.Next, "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture)))
            : locate(name);
        ahead = new(program.Ahead, (name, _) => Place(name));
        joined = new(program.Joined, (name, _) => Place(name));
    }

    public long Bytes => values.Bytes;

    /// <summary>Goes to the last step of a segment.</summary>
    /// <param name="first">The segment's first step.</param>
    /// <param name="count">How many steps it has.</param>
    /// <param name="lanes">How many lanes.</param>
    public void Begin(int first, int count, int lanes)
    {
        if (count == 0)
        {
            return;
        }

        ahead.Place(first + count - 1, count - 1);
        ahead.Run(lanes);
        var before = Math.Max(count - 2, 0);
        joined.Place(first + before, before);
    }

    /// <summary>Runs steps, and goes to the one before them.</summary>
    /// <param name="stepInSegment">The first of them to be run, the last in time, counted from the segment's start.</param>
    /// <param name="steps">How many.</param>
    /// <param name="lanes">How many lanes.</param>
    public void Run(int stepInSegment, int steps, int lanes)
    {
        // What comes before the segment is not known: in its first two steps the values of the first one are computed.
        var moving = Math.Clamp(stepInSegment - 1, 0, steps);
        joined.RunBack(lanes, moving);
        for (var step = moving; step < steps; step++)
        {
            joined.Run(lanes);
        }
    }

    public void Dispose()
    {
        values.Dispose();
        ahead.Dispose();
        joined.Dispose();
    }
}
