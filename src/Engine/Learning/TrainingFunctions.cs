using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
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
            IrVerifier.Check(ForwardOf(source)),
            IrVerifier.Check(BackwardOf(source)),
            IrVerifier.Check(PrologueBackwardOf(source)),
            source.States,
            parameters);
    }

    private static IrFunction ForwardOf(StepFunction source)
    {
        var graph = new IrGraph();
        var step = Copy(graph, source.Step);
        var sum = new IrInput("loss.sum", IrInputKind.Accumulator, Dimension.None);
        IrOutput[] outputs =
            [.. source.States.Select(s => new IrOutput($"{s}.next", step.Output($"{s}.next"))), new("loss.sum", graph.Add(graph.Input(sum), step.Output("loss")))];
        return WithInputs($"{source.Model.Name}.forward", source.Step.Inputs, [sum], outputs);
    }

    private static IrFunction BackwardOf(StepFunction source)
    {
        var graph = new IrGraph();
        var step = Copy(graph, source.Step);
        var seed = new IrInput("seed.loss", IrInputKind.Derivative, Dimension.None, Uniform: true);
        var adjoints = source.States.Select(static s => new IrInput($"adjoint.{s}", IrInputKind.Derivative, Dimension.None)).ToList();
        var differentiated = source.Step.Inputs.Where(static i => i.Kind is IrInputKind.Parameter or IrInputKind.Invariant).ToList();

        List<(IrNode, IrNode)> seeds = [.. source.States.Select((s, i) => (step.Output($"{s}.next"), graph.Input(adjoints[i]))), (step.Output("loss"), graph.Input(seed))];
        IrNode[] wrt = [.. source.Step.Inputs.Where(static i => i.Kind == IrInputKind.State).Concat(differentiated).Select(graph.Input)];
        var derivatives = Adjoint.Build(graph, seeds, wrt);

        var sums = differentiated.Select(static i => new IrInput($"gradient.{i.Name}", IrInputKind.Accumulator, Dimension.None)).ToList();
        IrOutput[] outputs =
        [
            .. adjoints.Select((a, i) => new IrOutput(a.Name, derivatives[i])),
            .. sums.Select((a, i) => new IrOutput(a.Name, graph.Add(graph.Input(a), derivatives[adjoints.Count + i]))),
        ];
        var saved = UseSavedStates(source, step, outputs, out var savedInputs);
        return WithInputs($"{source.Model.Name}.backward", source.Step.Inputs, [.. savedInputs, .. adjoints, seed, .. sums], saved);
    }

    /// <summary>Replaces the values that became next states by what the forward pass saved.</summary>
    private static IrOutput[] UseSavedStates(StepFunction source, IrFunction step, IrOutput[] outputs, out IReadOnlyList<IrInput> saved)
    {
        var graph = new IrGraph();
        saved = [.. source.States.Select(static s => new IrInput($"{s}.saved", IrInputKind.Saved, Dimension.None))];
        var replace = new Dictionary<IrNode, IrNode>();
        foreach (var (state, row) in source.States.Zip(saved))
        {
            var node = step.Output($"{state}.next");
            if (node.Operands.Count > 0)
            {
                replace.TryAdd(node, graph.Input(row));
            }
        }

        var rewriter = new Rewriter(graph, (node, _) => replace.GetValueOrDefault(node));
        return [.. outputs.Select(o => o with { Node = rewriter.Rewrite(o.Node) })];
    }

    private static IrFunction PrologueBackwardOf(StepFunction source)
    {
        var graph = new IrGraph();
        var prologue = Copy(graph, source.Prologue);
        var adjoints = prologue.Outputs.Select(static o => new IrInput($"adjoint.{o.Name}", IrInputKind.Derivative, Dimension.None)).ToList();
        var wrt = source.Prologue.Inputs.Where(static i => i.Kind == IrInputKind.Parameter).ToList();
        var derivatives = Adjoint.Build(
            graph, [.. prologue.Outputs.Zip(adjoints).Select(p => (p.First.Node, graph.Input(p.Second)))], [.. wrt.Select(graph.Input)]);
        var sums = wrt.Select(static p => new IrInput($"gradient.{p.Name}", IrInputKind.Accumulator, Dimension.None)).ToList();
        IrOutput[] outputs = [.. sums.Select((s, i) => new IrOutput(s.Name, graph.Add(graph.Input(s), derivatives[i])))];
        return WithInputs($"{source.Model.Name}.prologue.backward", source.Prologue.Inputs, [.. adjoints, .. sums], outputs);
    }

    private static IrFunction Copy(IrGraph graph, IrFunction function) => new Rewriter(graph, static (_, _) => null).Rewrite(function);

    /// <summary>The function with those inputs that its outputs use.</summary>
    private static IrFunction WithInputs(string name, IReadOnlyList<IrInput> own, IReadOnlyList<IrInput> further, IReadOnlyList<IrOutput> outputs)
    {
        var used = IrFunction.Reachable(outputs.Select(static o => o.Node)).Where(static n => n.Op == IrOp.Input).Select(static n => n.Input!).ToHashSet();
        return new(name, [.. own.Concat(further).Where(used.Contains)], outputs);
    }
}
