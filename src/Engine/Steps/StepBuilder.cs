using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Ir.Passes;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Steps;

/// <summary>Puts a model, and a loss beside it, together into the nodes of one step: integrate, spike, jump, measure.</summary>
internal sealed class StepBuilder(ModelDefinition model, StepOptions options)
{
    private readonly IrGraph graph = new();
    private readonly Dictionary<Symbol, IrNode> symbols = [];
    private readonly Dictionary<string, IrInput> inputs = [];
    private readonly List<IrOutput> initial = [];
    private readonly List<IrOutput> next = [];
    private readonly List<IrOutput> results = [];
    private readonly HashSet<string> nonNegative = [];
    private readonly HashSet<string> positive = [];
    private Pull? pull;
    private Symbol? injected;
    private IrNode? stimulus;
    private Dictionary<Expr, IrNode>? recordedSpike;

    public IReadOnlyList<string> StateNames => [.. next.Select(StateOf)];

    public void DefineModel(string? coupling)
    {
        Declare(model);
        foreach (var port in model.Ports)
        {
            symbols[(Symbol)port.Sum] = Arriving(port.Name, port.Sum.Dimension);
            symbols[(Symbol)port.WeightSum] = Arriving($"{port.Name}.weight", port.WeightSum.Dimension);
        }

        injected = model.Injections.Count == 0 ? null : (Symbol)model.Ports.First(static p => p.Name == ModelDefinition.CurrentPort).Sum;
        stimulus = injected is null ? null : symbols[injected];
        if (injected is not null)
        {
            symbols[injected] = Injected(symbols);
        }

        if (coupling is not null)
        {
            Couple(coupling);
        }

        if (options.RecordedSpikes)
        {
            recordedSpike = new() { [RecordedSpikes.In(model).Value] = Input("data.spike", IrInputKind.Signal, Dimension.None, uniform: true) };
        }

        Advance(model);
        var translation = Translation(symbols);
        results.AddRange(model.Spikes.Select(s => new IrOutput(s.Name, translation.Node(s.Value))));
        results.AddRange(model.Outputs.Select(o => new IrOutput(o.Name, translation.Node(o.Value))));
        foreach (var name in options.Sent ?? [])
        {
            Send(name, translation);
        }
    }

    /// <param name="loss">The loss.</param>
    /// <param name="wanted">As what.</param>
    public void DefineLoss(LossDefinition loss, LossResult wanted)
    {
        var ofModel = Translation(symbols);
        foreach (var (name, symbol) in loss.ModelValues)
        {
            symbols[symbol] = results.FirstOrDefault(r => r.Name == name)?.Node
                ?? (model.Spikes.FirstOrDefault(s => s.ExcessName == name)?.Excess is { } excess ? ofModel.Node(excess) : symbols[model.States.First(s => s.Name == name)]);
        }

        foreach (var (name, symbol) in loss.DataValues)
        {
            symbols[symbol] = Input($"data.{name}", IrInputKind.Signal, symbol.Dimension, uniform: !LaneSignals.AreOfLanes(name));
        }

        symbols[loss.Weight] = Input("weight", IrInputKind.Signal, Dimension.None, uniform: true);
        Declare(loss.Model);
        Advance(loss.Model);
        var (translation, weight) = (Translation(symbols), symbols[loss.Weight]);
        IReadOnlyList<IrNode> parts = [.. loss.Parts.Select(p => translation.Node(p.Contribution))];
        var sum = parts.Zip(loss.Parts).Aggregate(graph.Constant(0), (all, part) => graph.Add(all, graph.Multiply(graph.Constant(part.Second.Factor), part.First)));

        // Beside a loss nothing else is measured, so that parameters which only outputs depend on are no parameters of the step.
        results.Clear();
        results.AddRange(wanted switch
        {
            LossResult.Residuals => new SumOfSquares(graph, next, initial).Residuals(weight, sum, loss.Model.Name).Select(static (r, i) => new IrOutput($"residual.{i}", r)),
            LossResult.Parts => parts.Select((p, i) => new IrOutput($"part.{i}", graph.Multiply(weight, p))),
            _ => [new("loss", Joined(graph.Multiply(weight, sum)))],
        });
        DropUnusedStates();
        if (next.Count == 0)
        {
            throw new DiagnosticException(
                "BM2308", $"the loss {loss.Model.Name} depends on no state of {model.Name}, so nothing can be fitted by it{(options.RecordedSpikes ? "; recorded spikes stand for the model's own" : "")}",
                expected: "a loss of the model's potential, spikes or outputs", cure: "use another loss");
        }
    }

    /// <summary>A loss with what keeps states near those that the next stretch begins with.</summary>
    private IrNode Joined(IrNode loss)
    {
        if (options.Joins is not { } joins)
        {
            return loss;
        }

        var apart = model.States.Where(s => joins.ContainsKey(s.Name)).Aggregate(graph.Constant(0), (sum, s) =>
        {
            var gap = graph.Subtract(symbols[s], Input(StepOptions.FinalOf(s.Name), IrInputKind.Parameter, s.Dimension));
            return graph.Add(sum, graph.Multiply(graph.Constant(joins[s.Name]), graph.Multiply(gap, gap)));
        });
        return graph.Add(loss, graph.Multiply(Input("join", IrInputKind.Signal, Dimension.None, uniform: true), apart));
    }

    public IrFunction Initial() => Function("initial", initial);

    public IrFunction Step() => Function("step", [.. next, .. results]);

    private IrNode Arriving(string name, Dimension dimension) =>
        options.Connected?.Contains(name) == false ? graph.Constant(0) : Input(name, IrInputKind.Signal, dimension, options.SharedInputs);

    /// <summary>The stimulus and the currents of receptors, at the given states.</summary>
    private IrNode Injected(IReadOnlyDictionary<Symbol, IrNode> at)
    {
        var translation = Translation(at);
        return model.Injections.Aggregate(stimulus!, (sum, current) => graph.Add(sum, translation.Node(current)));
    }

    private void Send(string name, Translation duringStep)
    {
        if (model.Spikes.Concat(model.Releases).FirstOrDefault(s => s.Name == name) is { } events)
        {
            var node = duringStep.Node(events.Value);
            results.Add(new($"{name}.sent", node));
            if (node.Op == IrOp.Heaviside && node.Surrogate!.Support is not null)
            {
                results.Add(new($"{name}.slope", DerivativeRules.Partial(graph, node, 0) ?? graph.Constant(0)));
            }

            return;
        }

        var after = new Dictionary<Symbol, IrNode>(symbols);
        foreach (var (state, value) in model.States.Zip(next))
        {
            after[state] = value.Node;
        }

        // Before time 0 a graded output is what the initial states make of it.
        var before = new Dictionary<Symbol, IrNode>(symbols) { [model.Time] = graph.Constant(0) };
        foreach (var port in model.Ports)
        {
            (before[(Symbol)port.Sum], before[(Symbol)port.WeightSum]) = (graph.Constant(0), graph.Constant(0));
        }

        foreach (var (state, value) in model.States.Zip(initial))
        {
            before[state] = value.Node;
        }

        Expr output = model.Outputs.FirstOrDefault(o => o.Name == name)?.Value ?? model.States.First(s => s.Name == name);
        results.Add(new($"{name}.sent", Translation(after).Node(output)));
        initial.Add(new($"initial.{name}.sent", Translation(before).Node(output)));
    }

    /// <summary>Drops the states on which the loss does not depend, such as the gate of a channel whose conductance is fixed at 0.</summary>
    private void DropUnusedStates()
    {
        var used = new HashSet<string>();
        var pending = new Stack<IrNode>(results.Select(static r => r.Node));
        while (pending.TryPop(out var root))
        {
            var read = IrFunction.Reachable([root]).Where(static n => n.Input?.Kind == IrInputKind.State).Select(static n => n.Input!.Name).Where(used.Add).ToHashSet();
            foreach (var output in next.Where(o => read.Contains(StateOf(o))))
            {
                pending.Push(output.Node);
            }
        }

        next.RemoveAll(o => !used.Contains(StateOf(o)));
        initial.RemoveAll(o => !used.Contains(o.Name["initial.".Length..]));
        foreach (var dropped in inputs.Values.Where(i => i.Kind == IrInputKind.State && !used.Contains(i.Name)).ToList())
        {
            inputs.Remove(dropped.Name);
        }
    }

    private static string StateOf(IrOutput next) => next.Name[..^".next".Length];

    private IrFunction Function(string name, IReadOnlyList<IrOutput> outputs)
    {
        var used = IrFunction.Reachable(outputs.Select(static o => o.Node)).Where(static n => n.Op == IrOp.Input).Select(static n => n.Input!).ToHashSet();

        // States come first and are all there, used or not, so that rows have one order everywhere.
        var states = name == "step" ? inputs.Values.Where(static i => i.Kind == IrInputKind.State) : [];
        return new($"{model.Name}.{name}", [.. states, .. inputs.Values.Concat(used.Where(static u => u.Kind == IrInputKind.Noise)).Where(i => used.Contains(i) && i.Kind != IrInputKind.State)], outputs);
    }

    private void Declare(ModelDefinition part)
    {
        symbols[part.TimeStep] = graph.Constant(options.TimeStep);
        symbols[part.Time] = Input("t", IrInputKind.Time, Dimension.Duration, uniform: true);
        foreach (var parameter in part.Parameters)
        {
            symbols[parameter] = Parameter(parameter);
        }

        var translation = new Translation(graph, symbols);
        foreach (var state in part.States)
        {
            // What begins after it may depend on how it begins, which is not always what the model says.
            symbols[state] = Initial(state, translation);
            initial.Add(new($"initial.{state.Name}", symbols[state]));
        }

        foreach (var state in part.States)
        {
            symbols[state] = Input(state.Name, IrInputKind.State, state.Dimension);
            if (state.Range is { } range && range.Lower.InEngineUnits >= 0)
            {
                nonNegative.Add(state.Name);
            }
        }
    }

    private IrNode Initial(StateVariable state, Translation translation)
    {
        var given = StepOptions.InitialOf(state.Name);
        return options.Joins?.ContainsKey(state.Name) == true ? Input(given, IrInputKind.Parameter, state.Dimension)
            : options.InitialFromData?.Contains(state.Name) == true ? Input(given, IrInputKind.Signal, state.Dimension, uniform: true)
            : options.Bindings?.ContainsKey(given) == true ? Input(given, IrInputKind.Parameter, state.Dimension)
            : options.Values?.TryGetValue(given, out var value) == true ? graph.Constant(value)
            : translation.Node(state.Initial);
    }

    private void Advance(ModelDefinition part)
    {
        var states = part.States.ToDictionary(static s => s, s => symbols[s]);
        var stepped = options.Integrator.Step(new(graph, states, Rates(part), part.RateOrder, options.TimeStep, new(IsNonNegative, i => positive.Contains(i.Name))));
        if (part.Displacements.Count > 0)
        {
            stepped = new Dictionary<StateVariable, IrNode>(stepped) { [part.Potential!] = Displaced(part, stepped[part.Potential!]) };
        }

        foreach (var state in part.States)
        {
            symbols[(Symbol)state.Stepped] = stepped[state];
        }

        var translation = options.HeldResets && !options.RecordedSpikes ? WithHeldSpikes() : Translation(symbols);
        next.AddRange(part.States.Select(s => new IrOutput($"{s.Name}.next", s.Next is null ? stepped[s] : translation.Node(s.Next))));
    }

    /// <summary>The stepped potential, moved by what receptors displace it by unless the neuron is refractory.</summary>
    private IrNode Displaced(ModelDefinition part, IrNode stepped)
    {
        var translation = Translation(symbols);
        var sum = part.Displacements.Select(translation.Node).Aggregate(graph.Add);
        return graph.Add(stepped, part.Refractory is { } refractory ? graph.Select(translation.Node(refractory.Expression), graph.Constant(0), sum) : sum);
    }

    private Translation Translation(IReadOnlyDictionary<Symbol, IrNode> known) => new(graph, known, options.Smooth, options.SharedInputs && !options.OwnNoise, recordedSpike);

    /// <summary>Spikes of the same value that nothing is differentiated through.</summary>
    private Translation WithHeldSpikes()
    {
        var plain = Translation(symbols);
        var held = model.Spikes.Where(static s => s.Step is not null).ToDictionary(
            static s => s.Value, s => graph.Select(graph.Make(IrOp.LessOrEqual, graph.Constant(0), plain.Node(s.Step!)), graph.Constant(1), graph.Constant(0)));
        return new(graph, symbols, options.Smooth, options.SharedInputs && !options.OwnNoise, held);
    }

    private Rates Rates(ModelDefinition part) => states =>
    {
        var at = new Dictionary<Symbol, IrNode>(symbols);
        foreach (var (state, node) in states)
        {
            at[state] = node;
        }

        // A coupled input depends on the potential, so a method of several stages has it anew at each.
        if (pull is { } p)
        {
            at[p.Port] = Pulled(p, at[p.Potential]);
        }

        if (injected is not null && part == model)
        {
            at[injected] = Injected(at);
        }

        var translation = Translation(at);
        return part.RateOrder.ToDictionary(static s => s, s => translation.Node(s.Rate!));
    };

    private IrNode Parameter(Parameter parameter)
    {
        var value = options.Values?.TryGetValue(parameter.Name, out var given) == true ? given : parameter.Default.InEngineUnits;
        var binding = options.Bindings?.GetValueOrDefault(parameter.Name) ?? ParameterBinding.Constant;
        if (binding == ParameterBinding.Constant)
        {
            return graph.Constant(value);
        }

        if (parameter.Bounds.Lower.InEngineUnits >= 0)
        {
            (parameter.Bounds.Lower.InEngineUnits > 0 ? positive : nonNegative).Add(parameter.Name);
        }

        return Input(parameter.Name, IrInputKind.Parameter, parameter.Dimension, binding == ParameterBinding.Shared);
    }

    private void Couple(string port)
    {
        var potential = model.States.FirstOrDefault(static s => s.Name == "V");
        var symbol = (Symbol?)model.Ports.FirstOrDefault(p => p.Name == port)?.Sum;
        if (potential is null || symbol is null)
        {
            throw new DiagnosticException(
                "BM2310",
                $"data coupling needs a state V and an input {port}, and {model.Name} lacks one",
                expected: "a model with a membrane potential V and a stimulus input",
                cure: "leave the coupling out, or use another model");
        }

        pull = new(
            symbol,
            potential,
            symbols[symbol],
            Input("coupling", IrInputKind.Signal, symbol.Dimension / potential.Dimension, uniform: true),
            Input("data.V", IrInputKind.Signal, potential.Dimension, uniform: true));
        symbols[symbol] = Pulled(pull, symbols[potential]);
    }

    private IrNode Pulled(Pull by, IrNode potential) =>
        graph.Add(by.Input, graph.Multiply(by.Strength, graph.Subtract(by.Data, potential)));

    private bool IsNonNegative(IrInput input) => nonNegative.Contains(input.Name) || positive.Contains(input.Name);

    private IrNode Input(string name, IrInputKind kind, Dimension dimension, bool uniform = false)
    {
        if (!inputs.TryGetValue(name, out var input))
        {
            inputs[name] = input = new(name, kind, dimension, uniform);
        }

        return graph.Input(input);
    }

    /// <summary>A coupling of a port to the data: input + strength (data - potential).</summary>
    private sealed record Pull(Symbol Port, StateVariable Potential, IrNode Input, IrNode Strength, IrNode Data);
}
