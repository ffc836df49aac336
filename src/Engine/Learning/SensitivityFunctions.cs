using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Steps;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Learning;

/// <summary>
/// Forward sensitivities of a step with residuals, derived from it: how every state changes with every parameter goes along with the states. The
/// Jacobian of one step is computed once for all parameters, and of the residuals' Jacobian J by the parameters only its products are kept, so that nothing grows with time.
/// </summary>
/// <param name="Prologue">From parameters: <c>initial.STATE</c>, <c>invariant.N</c> and their derivatives <c>initial.STATE.by.PARAMETER</c>, <c>invariant.N.by.PARAMETER</c>.</param>
/// <param name="Forward">
/// From states and their sensitivities <c>STATE.by.PARAMETER</c> to the next, in place, adding to the rows <c>loss.sum</c>, r'r, <c>gradient.PARAMETER</c>, J'r, and
/// <c>product.PARAMETER.PARAMETER</c>, J'J, of which the first parameter comes no later than the second.
/// </param>
/// <param name="States">The states' names.</param>
/// <param name="Parameters">The differentiable parameters' names.</param>
public sealed record SensitivityFunctions(IrFunction Prologue, IrFunction Forward, IReadOnlyList<string> States, IReadOnlyList<string> Parameters)
{
    /// <summary>Derives them.</summary>
    /// <param name="source">A step with residuals (<see cref="StepFunction.BuildResiduals"/>).</param>
    public static SensitivityFunctions Derive(StepFunction source)
    {
        var parameters = source.Prologue.Inputs.Concat(source.Step.Inputs).Where(static i => i.Kind == IrInputKind.Parameter).DistinctBy(static i => i.Name).ToList();
        var prologue = PrologueOf(source, parameters);
        var changing = prologue.Outputs.Select(static o => o.Name).Where(static n => n.Contains(".by.", StringComparison.Ordinal)).ToHashSet();
        return new(prologue, ForwardOf(source, parameters, changing), source.States, [.. parameters.Select(static p => p.Name)]);
    }

    /// <summary>The row of a state's or an invariant's derivative by a parameter.</summary>
    private static string By(string name, string parameter) => $"{name}.by.{parameter}";

    private static IrFunction PrologueOf(StepFunction source, IReadOnlyList<IrInput> parameters)
    {
        var graph = new IrGraph();
        var prologue = StepAdjoint.Copy(graph, source.Prologue);
        var outputs = prologue.Outputs.ToList();
        foreach (var parameter in parameters)
        {
            var changes = Tangent.Build(graph, [.. prologue.Outputs.Select(static o => o.Node)], new Dictionary<IrNode, IrNode> { [graph.Input(parameter)] = graph.Constant(1) });
            outputs.AddRange(prologue.Outputs.Zip(changes, (o, change) => new IrOutput(By(o.Name, parameter.Name), change)).Where(static o => !IsZero(o.Node)));
        }

        return StepAdjoint.WithInputs($"{source.Model.Name}.prologue.sensitivities", source.Prologue.Inputs, [], outputs);
    }

    private static IrFunction ForwardOf(StepFunction source, IReadOnlyList<IrInput> parameters, IReadOnlySet<string> changing)
    {
        var jacobian = new StepJacobian(source, parameters, changing);
        var graph = jacobian.Graph;
        List<IrOutput> outputs = [.. source.States.Select(s => new IrOutput($"{s}.next", jacobian.Step.Output($"{s}.next")))];
        var residuals = jacobian.Step.Outputs.Where(static o => o.Name.StartsWith("residual.", StringComparison.Ordinal)).ToList();
        var slopes = new Dictionary<string, IReadOnlyList<IrNode>>();
        foreach (var parameter in parameters.Select(static p => p.Name))
        {
            outputs.AddRange(source.States.Where(s => jacobian.Changes(s, parameter)).Select(s => new IrOutput(By(s, parameter), jacobian.Total($"{s}.next", parameter))));
            slopes[parameter] = [.. residuals.Select(r => jacobian.Total(r.Name, parameter))];
        }

        IReadOnlyList<IrNode> values = [.. residuals.Select(static r => r.Node)];
        var sums = new List<IrInput>();
        Accumulate("loss.sum", values, values);
        foreach (var (place, p) in parameters.Index())
        {
            Accumulate($"gradient.{p.Name}", slopes[p.Name], values);
            foreach (var q in parameters.Skip(place))
            {
                Accumulate($"product.{p.Name}.{q.Name}", slopes[p.Name], slopes[q.Name]);
            }
        }

        return StepAdjoint.WithInputs($"{source.Model.Name}.sensitivities", source.Step.Inputs, [.. jacobian.Sensitivities, .. sums], outputs);

        void Accumulate(string name, IReadOnlyList<IrNode> a, IReadOnlyList<IrNode> b)
        {
            var sum = new IrInput(name, IrInputKind.Accumulator, Dimension.None);
            sums.Add(sum);
            outputs.Add(new(name, a.Zip(b).Aggregate(graph.Input(sum), (total, pair) => graph.Add(total, graph.Multiply(pair.First, pair.Second)))));
        }
    }

    private static bool IsZero(IrNode node) => node.IsConstant && node.Value == 0;

    /// <summary>The derivatives of one step's results by its inputs, and with them the results' derivatives by parameters.</summary>
    private sealed class StepJacobian
    {
        private readonly Dictionary<string, IReadOnlyList<(IrInput By, IrNode Derivative)>> derivatives = [];
        private readonly Dictionary<string, IrInput> rows = [];
        private readonly HashSet<(string State, string Parameter)> states = [];

        /// <param name="source">The step.</param>
        /// <param name="parameters">The parameters.</param>
        /// <param name="changing">The initial states and invariants that change with parameters, as <c>NAME.by.PARAMETER</c>.</param>
        public StepJacobian(StepFunction source, IReadOnlyList<IrInput> parameters, IReadOnlySet<string> changing)
        {
            Step = StepAdjoint.Copy(Graph, source.Step);
            var inputs = source.Step.Inputs.Where(static i => i.Kind is IrInputKind.State or IrInputKind.Invariant or IrInputKind.Parameter).ToList();
            var nodes = Step.Outputs.Select(static o => o.Node).ToList();
            var columns = inputs.Select(i => Tangent.Build(Graph, nodes, new Dictionary<IrNode, IrNode> { [Graph.Input(i)] = Graph.Constant(1) })).ToList();
            foreach (var (row, output) in Step.Outputs.Index())
            {
                derivatives[output.Name] = [.. inputs.Select((i, column) => (i, columns[column][row])).Where(static d => !IsZero(d.Item2))];
            }

            foreach (var name in inputs.Where(static i => i.Kind == IrInputKind.Invariant).Select(static i => i.Name).SelectMany(i => parameters.Select(p => By(i, p.Name))).Where(changing.Contains))
            {
                rows[name] = new(name, IrInputKind.Derivative, Dimension.None);
            }

            foreach (var parameter in parameters.Select(static p => p.Name))
            {
                FindChanging(source.States, parameter, changing);
            }
        }

        public IrGraph Graph { get; } = new();

        /// <summary>The step in that graph.</summary>
        public IrFunction Step { get; }

        /// <summary>The rows of derivatives by parameters that the step reads.</summary>
        public IReadOnlyCollection<IrInput> Sensitivities => rows.Values;

        /// <summary>Whether a state depends on a parameter.</summary>
        public bool Changes(string state, string parameter) => states.Contains((state, parameter));

        /// <summary>The derivative of a result by a parameter, through all that it comes from.</summary>
        public IrNode Total(string result, string parameter)
        {
            var sum = Graph.Constant(0);
            foreach (var (by, derivative) in derivatives[result])
            {
                if (by.Name == parameter)
                {
                    sum = Graph.Add(sum, derivative);
                }
                else if (rows.TryGetValue(By(by.Name, parameter), out var row))
                {
                    sum = Graph.Add(sum, Graph.Multiply(derivative, Graph.Input(row)));
                }
            }

            return sum;
        }

        private void FindChanging(IReadOnlyList<string> all, string parameter, IReadOnlySet<string> changing)
        {
            var pending = new Queue<string>(all.Where(s => changing.Contains(By($"initial.{s}", parameter)) || derivatives[$"{s}.next"].Any(d => d.By.Name == parameter || rows.ContainsKey(By(d.By.Name, parameter)))));
            while (pending.TryDequeue(out var state))
            {
                if (states.Add((state, parameter)))
                {
                    var name = By(state, parameter);
                    rows[name] = new(name, IrInputKind.Derivative, Dimension.None);
                    foreach (var next in all.Where(s => derivatives[$"{s}.next"].Any(d => d.By.Name == state)))
                    {
                        pending.Enqueue(next);
                    }
                }
            }
        }
    }
}
