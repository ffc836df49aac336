using BrainModular.Engine.Ir;
using BrainModular.Engine.Steps;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Learning;

/// <summary>The four functions of backpropagation through time, derived from a step with a loss.</summary>
/// <param name="Prologue">From parameters: initial states and invariants.</param>
/// <param name="Forward">From states to next states, adding the step's loss to the row <c>loss.sum</c>.</param>
/// <param name="Backward">
/// From the adjoints of the next states to those of the states (<c>adjoint.STATE</c>, in place), adding to <c>gradient.NAME</c> for every
/// parameter and invariant. It reads the states before the step, and those after it as the forward pass saved them
/// (<c>STATE.saved</c>), so that what led to them need not be computed again.
/// </param>
/// <param name="PrologueBackward">From adjoints of initial states and invariants (<c>adjoint.NAME</c>) to the gradient of parameters, added to <c>gradient.NAME</c>.</param>
/// <param name="States">The states' names, in the order of rows.</param>
/// <param name="Parameters">The differentiable parameters' names.</param>
public sealed record TrainingFunctions(
    IrFunction Prologue, IrFunction Forward, IrFunction Backward, IrFunction PrologueBackward,
    IReadOnlyList<string> States, IReadOnlyList<string> Parameters)
{
    /// <summary>Derives them.</summary>
    /// <param name="source">A step with a loss.</param>
    public static TrainingFunctions Derive(StepFunction source)
    {
        IReadOnlyList<string> parameters =
            [.. source.Prologue.Inputs.Concat(source.Step.Inputs).Where(static i => i.Kind == IrInputKind.Parameter).Select(static i => i.Name).Distinct()];
        return new(
            source.Prologue,
            ForwardOf(source),
            StepAdjoint.Backward(
                source, [("loss", Uniform: true)], [], [.. source.Step.Inputs.Where(static i => i.Kind is IrInputKind.Parameter or IrInputKind.Invariant)]),
            StepAdjoint.PrologueBackward(source, [.. source.Prologue.Inputs.Where(static i => i.Kind == IrInputKind.Parameter)]),
            source.States,
            parameters);
    }

    private static IrFunction ForwardOf(StepFunction source)
    {
        var graph = new IrGraph();
        var step = StepAdjoint.Copy(graph, source.Step);
        var sum = new IrInput("loss.sum", IrInputKind.Accumulator, Dimension.None);
        IrOutput[] outputs =
            [.. source.States.Select(s => new IrOutput($"{s}.next", step.Output($"{s}.next"))), new("loss.sum", graph.Add(graph.Input(sum), step.Output("loss")))];
        return StepAdjoint.WithInputs($"{source.Model.Name}.forward", source.Step.Inputs, [sum], outputs);
    }
}
