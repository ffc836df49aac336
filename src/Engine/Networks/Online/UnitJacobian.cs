using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;

namespace BrainModular.Engine.Networks.Online;

/// <summary>
/// How a unit's next states, and what it sends, change with its states and with what arrives at its ports in one step: the blocks on the
/// diagonal of the network's Jacobian. They are derived from the step, so that every model has them.
/// </summary>
internal sealed class UnitJacobian
{
    private readonly Dictionary<(string Result, string By), IrNode> derivatives = [];
    private readonly IrNode zero;

    /// <param name="step">The step of a population's model.</param>
    /// <param name="ports">The ports at which something arrives.</param>
    /// <param name="sent">What is sent, by name.</param>
    public UnitJacobian(StepFunction step, IReadOnlyList<string> ports, IReadOnlyList<string> sent)
    {
        (Source, Ports, Sent) = (step, ports, sent);
        zero = Graph.Constant(0);
        Step = StepAdjoint.Copy(Graph, step.Step);
        var results = States.Select(static s => $"{s}.next").Concat(sent.Select(static s => $"{s}.sent")).ToList();
        var nodes = results.Select(Step.Output).ToList();
        foreach (var input in step.Step.Inputs.Where(i => i.Kind == IrInputKind.State || ports.Contains(i.Name)))
        {
            var changes = Tangent.Build(Graph, nodes, new Dictionary<IrNode, IrNode> { [Graph.Input(input)] = Graph.Constant(1) });
            for (var i = 0; i < results.Count; i++)
            {
                derivatives[(results[i], input.Name)] = changes[i];
            }
        }
    }

    public StepFunction Source { get; }

    /// <summary>The graph of all nodes.</summary>
    public IrGraph Graph { get; } = new();

    /// <summary>The step in that graph.</summary>
    public IrFunction Step { get; }

    public IReadOnlyList<string> States => Source.States;

    public IReadOnlyList<string> Ports { get; }

    public IReadOnlyList<string> Sent { get; }

    /// <summary>The derivative of a state after the step by a state before it, or by what arrives at a port.</summary>
    public IrNode Next(string state, string by) => derivatives.GetValueOrDefault(($"{state}.next", by), zero);

    /// <summary>The derivative of what is sent by a state before the step, or by what arrives at a port.</summary>
    public IrNode Sending(string sent, string by) => derivatives.GetValueOrDefault(($"{sent}.sent", by), zero);

    public static bool IsZero(IrNode node) => node.IsConstant && node.Value == 0;
}
