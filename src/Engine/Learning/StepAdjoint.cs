using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Steps;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Learning;

/// <summary>The adjoint of a step as a function of rows.</summary>
internal static class StepAdjoint
{
    /// <summary>
    /// From the adjoints of the next states to those of the states (<c>adjoint.STATE</c>, in place), writing <c>adjoint.SIGNAL</c> and adding to
    /// <c>gradient.NAME</c>. It reads the states before the step, and those after it as the forward pass saved them (<c>STATE.saved</c>), so
    /// that what led to them need not be computed again.
    /// </summary>
    /// <param name="source">The step.</param>
    /// <param name="seeded">Results besides the next states that have an adjoint, <c>seed.NAME</c>, and whether one number serves all elements.</param>
    /// <param name="signals">Signals whose adjoint is wanted.</param>
    /// <param name="differentiated">Parameters and invariants whose gradient is wanted.</param>
    public static IrFunction Backward(
        StepFunction source, IReadOnlyList<(string Result, bool Uniform)> seeded, IReadOnlyList<IrInput> signals, IReadOnlyList<IrInput> differentiated)
    {
        var graph = new IrGraph();
        var step = Copy(graph, source.Step);
        var adjoints = source.States.Select(static s => new IrInput($"adjoint.{s}", IrInputKind.Derivative, Dimension.None)).ToList();
        var seedRows = seeded.Select(static s => new IrInput($"seed.{s.Result}", IrInputKind.Derivative, Dimension.None, s.Uniform)).ToList();
        List<(IrNode, IrNode)> seeds =
        [
            .. source.States.Select((s, i) => (step.Output($"{s}.next"), graph.Input(adjoints[i]))),
            .. seeded.Select((s, i) => (step.Output(s.Result), graph.Input(seedRows[i]))),
        ];
        var states = source.Step.Inputs.Where(static i => i.Kind == IrInputKind.State).ToList();
        var derivatives = Adjoint.Build(graph, seeds, [.. states.Concat(signals).Concat(differentiated).Select(graph.Input)]);

        var sums = differentiated.Select(static i => new IrInput($"gradient.{i.Name}", IrInputKind.Accumulator, Dimension.None)).ToList();
        var (afterStates, afterSignals) = (states.Count, states.Count + signals.Count);
        IrOutput[] outputs =
        [
            .. adjoints.Select((a, i) => new IrOutput(a.Name, derivatives[i])),
            .. signals.Select((s, i) => new IrOutput($"adjoint.{s.Name}", derivatives[afterStates + i])),
            .. sums.Select((a, i) => new IrOutput(a.Name, graph.Add(graph.Input(a), derivatives[afterSignals + i]))),
        ];
        var saved = UseSavedStates(source, step, outputs, out var savedRows);
        return WithInputs($"{source.Model.Name}.backward", source.Step.Inputs, [.. savedRows, .. adjoints, .. seedRows, .. sums], saved);
    }

    /// <summary>From adjoints of initial states and invariants (<c>adjoint.NAME</c>) to the gradient of parameters, added to <c>gradient.NAME</c>.</summary>
    public static IrFunction PrologueBackward(StepFunction source, IReadOnlyList<IrInput> differentiated)
    {
        var graph = new IrGraph();
        var prologue = Copy(graph, source.Prologue);
        var adjoints = prologue.Outputs.Select(static o => new IrInput($"adjoint.{o.Name}", IrInputKind.Derivative, Dimension.None)).ToList();
        var derivatives = Adjoint.Build(
            graph, [.. prologue.Outputs.Zip(adjoints).Select(p => (p.First.Node, graph.Input(p.Second)))], [.. differentiated.Select(graph.Input)]);
        var sums = differentiated.Select(static p => new IrInput($"gradient.{p.Name}", IrInputKind.Accumulator, Dimension.None)).ToList();
        IrOutput[] outputs = [.. sums.Select((s, i) => new IrOutput(s.Name, graph.Add(graph.Input(s), derivatives[i])))];
        return WithInputs($"{source.Model.Name}.prologue.backward", source.Prologue.Inputs, [.. adjoints, .. sums], outputs);
    }

    public static IrFunction Copy(IrGraph graph, IrFunction function) => new Rewriter(graph, static (_, _) => null).Rewrite(function);

    /// <summary>The function with those inputs that its outputs use.</summary>
    public static IrFunction WithInputs(string name, IReadOnlyList<IrInput> own, IReadOnlyList<IrInput> further, IReadOnlyList<IrOutput> outputs)
    {
        var used = IrFunction.Reachable(outputs.Select(static o => o.Node)).Where(static n => n.Op == IrOp.Input).Select(static n => n.Input!).ToHashSet();
        return IrVerifier.Check(new(name, [.. own.Concat(further).Where(used.Contains)], outputs));
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
}
