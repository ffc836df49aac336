using BrainModular.Engine.Kernels.Random;
using BrainModular.Tasks;

namespace BrainModular.Host.Composition.Simulations;

/// <summary>What one input of a network gets from outside, trial by trial.</summary>
internal interface IInputSignal
{
    /// <summary>Begins some trials that run side by side.</summary>
    /// <param name="firstTrial">The number of the first one.</param>
    /// <param name="lanes">How many run side by side.</param>
    /// <param name="random">The input's stream; the same trial gets the same numbers from it.</param>
    void Begin(int firstTrial, int lanes, PhiloxStream random);

    /// <summary>Gives what comes in during a step. Steps are asked for in order.</summary>
    /// <param name="step">The step.</param>
    /// <param name="row">Gets the values, [channel][lane].</param>
    void Read(int step, Span<float> row);
}

/// <summary>Nothing comes in.</summary>
internal sealed class SilentInput : IInputSignal
{
    public void Begin(int firstTrial, int lanes, PhiloxStream random)
    {
    }

    public void Read(int step, Span<float> row) => row.Clear();
}

/// <summary>A value on all channels from one step to another, and 0 otherwise.</summary>
/// <param name="value">The value, in engine units.</param>
/// <param name="first">The first step.</param>
/// <param name="end">The step after the last one.</param>
internal sealed class StepInput(double value, int first, int end) : IInputSignal
{
    public void Begin(int firstTrial, int lanes, PhiloxStream random)
    {
    }

    public void Read(int step, Span<float> row) => row.Fill(step >= first && step < end ? (float)value : 0);
}

/// <summary>The trials of a task.</summary>
internal sealed class TaskInput(ITask task, TaskShape shape) : IInputSignal
{
    private TrialBatch? batch;

    public void Begin(int firstTrial, int lanes, PhiloxStream random)
    {
        batch = batch?.Trials == lanes ? batch : new(lanes, shape);
        task.Generate(batch, random.Split($"trials.{firstTrial}"));
    }

    public void Read(int step, Span<float> row) => batch!.Inputs.AsSpan(step * row.Length, row.Length).CopyTo(row);
}
