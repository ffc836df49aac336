using BrainModular.Diagnostics;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Tracing;

/// <summary>Calls a component's <c>Define</c> once, with symbols, and keeps what it writes down.</summary>
public static class ModelTracer
{
    private static readonly string[] KnownIons = ["Na", "K", "Ca"];

    /// <summary>Traces a neuron model.</summary>
    /// <param name="name">Its name in the catalogue, for messages.</param>
    /// <param name="neuron">The model.</param>
    /// <param name="surrogate">The surrogate of its spikes.</param>
    /// <param name="channels">Channels to insert.</param>
    /// <exception cref="DiagnosticException">BM43xx: the definition is at fault.</exception>
    /// <param name="receptors">Synapses that end on the population; their names come before those of their postsynaptic parts' members.</param>
    /// <param name="releases">Synapses that begin there; <c>NAME.release</c> comes before those of their presynaptic parts' members.</param>
    /// <param name="boundary">What the neuron's <c>Define</c> is called in, and its definition checked, so that faults are named with its plugin.</param>
    public static ModelDefinition Trace(
        string name, INeuronModel neuron, ISurrogate surrogate, IReadOnlyList<InsertedChannel>? channels = null,
        IReadOnlyList<NamedSynapse>? receptors = null, IReadOnlyList<NamedSynapse>? releases = null, Action<Action>? boundary = null)
    {
        ArgumentNullException.ThrowIfNull(neuron);
        var tracing = new Tracing(name, surrogate);
        var scope = new NeuronScope(tracing, channels ?? []);
        boundary ??= static define => define();
        boundary(() =>
        {
            Guarded(name, () => neuron.Define(scope));
            if (channels is { Count: > 0 } && !scope.TakesChannels)
            {
                throw Fault("BM4313", name, "takes no ion channels", "a neuron that takes them, such as conductance-based");
            }
        });
        foreach (var synapse in receptors ?? [])
        {
            synapse.Boundary(() =>
            {
                Expr potential = tracing.States.FirstOrDefault(static s => s.Name == "V") ?? throw Fault("BM4310", name, $"has no potential V, which the synapse {synapse.Name} needs", "a state V");
                Guarded(synapse.Name, () => synapse.Model.Define(new SynapseScope(synapse.Name, null, new(tracing, $"{synapse.Name}.", potential), surrogate)));
            });
        }

        foreach (var synapse in releases ?? [])
        {
            synapse.Boundary(() =>
            {
                var spike = tracing.Spikes.FirstOrDefault() ?? throw Fault("BM4311", name, $"has no spike, which the synapse {synapse.Name} needs", "a call of Spike");
                Guarded(synapse.Name, () => synapse.Model.Define(new SynapseScope(synapse.Name, new(tracing, $"{synapse.Name}.release.", spike.Value), null, surrogate)));
            });
        }

        ModelDefinition? definition = null;
        boundary(() => definition = Checked(name, tracing.Definition()));
        return definition!;
    }

    private static ModelDefinition Checked(string name, ModelDefinition definition)
    {
        if (definition.Injections.Count > 0 && definition.Ports.FirstOrDefault(static p => p.Name == ModelDefinition.CurrentPort)?.Sum.Dimension != Dimension.ElectricCurrent)
        {
            throw Fault("BM4312", name, $"has no input {ModelDefinition.CurrentPort} of current, into which its synapses could inject", "a call of Input with a unit of current");
        }

        if (definition.Displacements.Count > 0 && definition.Potential is { } potential && potential.Dimension != Dimension.Voltage)
        {
            throw Fault("BM4312", name, $"has a state {potential.Name} in {potential.Dimension}, which its synapses cannot displace by a potential", "a potential V in mV, or a synapse that gives a current");
        }

        return definition.States.Count > 0 ? definition : throw Fault("BM4306", name, "declares no state", "at least one call of State");
    }

    /// <summary>Traces an ion channel by itself, on a membrane that knows Na, K and Ca, to know its parameters and states.</summary>
    /// <exception cref="DiagnosticException">BM43xx: the definition is at fault.</exception>
    public static ModelDefinition Trace(string name, IIonChannel channel, ISurrogate surrogate)
    {
        ArgumentNullException.ThrowIfNull(channel);
        var tracing = new Tracing(name, surrogate);
        var potential = new StateVariable("V", Units.mV, -65 * Units.mV, "membrane potential", null, static _ => { });
        static Expr Known(string symbol, Unit unit) => new Symbol(symbol, SymbolKind.Input, unit.Dimension);
        var ions = KnownIons.ToDictionary(static i => i, static i => new Ion(Known($"E{i}", Units.mV), Known($"{i}In", Units.mM), Known($"{i}Out", Units.mM)));
        Guarded(name, () => channel.Define(new ChannelScope(tracing, "", new(potential, Known("T", Units.K), ions))));
        return tracing.Definition();
    }

    /// <summary>Traces a synapse by itself, to know its parts.</summary>
    /// <exception cref="DiagnosticException">BM43xx: the definition is at fault.</exception>
    public static SynapseDefinition Trace(string name, ISynapseModel synapse, ISurrogate surrogate)
    {
        ArgumentNullException.ThrowIfNull(synapse);
        var scope = new SynapseScope(name, null, null, surrogate);
        Guarded(name, () => synapse.Define(scope));
        return scope.Definition();
    }

    /// <summary>Traces a loss for a model.</summary>
    /// <exception cref="DiagnosticException">BM43xx: the definition is at fault, or reads what the model does not have.</exception>
    public static LossDefinition Trace(string name, ILoss loss, ModelDefinition model, ISurrogate surrogate) => Trace([new(name, loss, 1)], model, surrogate);

    /// <summary>
    /// Traces the weighted sum of losses for a model. Its unit is that of the losses where they have one in common; else it is 1, and each counts as a number in its own.
    /// </summary>
    /// <param name="losses">The losses, at least one.</param>
    /// <param name="model">The model.</param>
    /// <param name="surrogate">The surrogate of spikes.</param>
    /// <param name="asNumbers">Whether each counts as a number whatever its unit, because something without a unit is added.</param>
    /// <exception cref="DiagnosticException">BM43xx: a definition is at fault, or reads what the model does not have.</exception>
    public static LossDefinition Trace(IReadOnlyList<WeightedLoss> losses, ModelDefinition model, ISurrogate surrogate, bool asNumbers = false)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var (tracing, symbols) = (new Tracing(string.Join(" + ", losses.Select(static l => l.Name)), surrogate), new LossSymbols());
        var added = new List<(string Name, Expr Contribution, Unit Unit)>();
        foreach (var (place, (name, loss, _)) in losses.Index())
        {
            var earlier = losses.Take(place).Count(l => l.Name == name);
            var own = earlier == 0 ? name : $"{name}-{earlier + 1}";
            var scope = new LossScope(tracing, model, symbols, name, losses.Count == 1 ? "loss." : $"loss.{own}.");
            Guarded(name, () => loss.Define(scope));
            var (contribution, unit) = scope.Added();
            added.Add((own, contribution, unit));
        }

        var common = asNumbers || added.Any(a => a.Unit != added[0].Unit) ? Unit.One : added[0].Unit;
        return new(
            tracing.Definition(), symbols.Weight, symbols.ModelValues, symbols.DataValues,
            [.. added.Zip(losses, (a, l) => new LossPart(a.Name, l.Weight, l.Weight * (a.Unit == common ? 1 : a.Unit.Export(1)), a.Contribution, a.Unit))], common)
        {
            Alignment = symbols.Alignment,
        };
    }

    internal static DiagnosticException Fault(string id, string component, string fault, string expected) =>
        new(id, $"{component} {fault}", expected: expected, cure: "mend its Define, or use another one");

    /// <summary>What a loss, a probe or a plot can ask a model for.</summary>
    internal static string Names(ModelDefinition model) => string.Join(
        ", ", model.States.Select(static s => s.Name).Concat(model.Outputs.Select(static o => o.Name)).Concat(model.Spikes.Select(static s => s.Name)));

    /// <summary>The boundary at which a plugin's exception gets the plugin's name.</summary>
    private static void Guarded(string component, Action define)
    {
        try
        {
            define();
        }
        catch (DiagnosticException known)
        {
            throw new DiagnosticException([.. known.Diagnostics.Select(d => d with { Problem = $"{component}: {d.Problem}" })]);
        }
        catch (Exception unknown)
        {
            var cause = PluginFailure.CauseOf(unknown);
            throw new DiagnosticException(
                "BM4300",
                $"{component} threw {cause.GetType().Name} in Define: {cause.Message}",
                expected: "a Define that only declares and combines symbols",
                cure: "tell the plugin's author, or use another component",
                inner: unknown);
        }
    }
}
