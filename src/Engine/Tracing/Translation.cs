using BrainModular.Engine.Ir;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Tracing;

/// <summary>Turns symbolic expressions into IR nodes.</summary>
/// <param name="graph">Where the nodes are made.</param>
/// <param name="symbols">The nodes that stand for symbols.</param>
/// <param name="smooth">Whether spikes are replaced by their surrogate's smooth function.</param>
/// <param name="sharedNoise">Whether all elements get the same random number in a step.</param>
/// <param name="given">Expressions whose nodes are given instead of being made, such as a spike that was recorded.</param>
internal sealed class Translation(
    IrGraph graph, IReadOnlyDictionary<Symbol, IrNode> symbols, bool smooth = false, bool sharedNoise = false, IReadOnlyDictionary<Expr, IrNode>? given = null)
{
    private static readonly Dictionary<Operation, IrOp> Same = Enum.GetValues<Operation>()
        .Where(static o => Enum.IsDefined(typeof(IrOp), o.ToString()))
        .ToDictionary(static o => o, static o => Enum.Parse<IrOp>(o.ToString()));

    private readonly Dictionary<Expr, IrNode> done = new(given ?? new Dictionary<Expr, IrNode>(), ReferenceEqualityComparer.Instance);

    public IrNode Node(Expr expression)
    {
        // Definitions can be long chains, so the walk keeps its own stack.
        var pending = new Stack<Expr>([expression]);
        while (pending.TryPeek(out var next))
        {
            if (done.ContainsKey(next))
            {
                pending.Pop();
                continue;
            }

            var waiting = false;
            foreach (var operand in next.Operands)
            {
                if (!done.ContainsKey(operand))
                {
                    pending.Push(operand);
                    waiting = true;
                }
            }

            if (!waiting)
            {
                done[pending.Pop()] = Translate(next);
            }
        }

        return done[expression];
    }

    private IrNode Translate(Expr e) => e.Operation switch
    {
        Operation.Constant => graph.Constant(e.Value),
        Operation.Symbol => symbols.TryGetValue((Symbol)e, out var node)
            ? node
            : throw new InvalidOperationException($"the symbol {e} is not known here"),
        Operation.Heaviside when smooth => Smoothed(e),
        Operation.Heaviside => graph.Heaviside(done[e.Operands[0]], e.Surrogate!),
        Operation.Normal or Operation.Uniform => graph.Input(NoiseInput(e)),
        _ => graph.Make(Same[e.Operation], [.. e.Operands.Select(o => done[o])]),
    };

    private IrNode Smoothed(Expr e)
    {
        var x = new Symbol("x", SymbolKind.Input, Dimension.None);
        return new Translation(graph, new Dictionary<Symbol, IrNode> { [x] = done[e.Operands[0]] }).Node(e.Surrogate!.Smooth(x));
    }

    /// <summary>The row of random numbers of a stream; its name says the distribution, which the runtime fills in.</summary>
    private IrInput NoiseInput(Expr e) =>
        new($"{(e.Operation == Operation.Normal ? "normal" : "uniform")}.{e.Stream}", IrInputKind.Noise, Dimension.None, sharedNoise);
}
