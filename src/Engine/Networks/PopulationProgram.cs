using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Networks.Online;
using BrainModular.Engine.Steps;

namespace BrainModular.Engine.Networks;

/// <summary>A population's functions, compiled. Immutable, so that any number of threads can run it.</summary>
internal sealed class PopulationProgram
{
    private readonly Lazy<Kernel> forward;
    private readonly Lazy<PopulationProgram> direct;

    /// <param name="definition">The population.</param>
    /// <param name="inbound">What ends on it.</param>
    /// <param name="sent">The names of what projections carry away.</param>
    /// <param name="backward">
    /// The ports whose adjoint is wanted, and what is sent that has an adjoint; null where nothing before this population is trained.
    /// </param>
    /// <param name="timeStep">The length of a step in ms.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <param name="options">How it is built and compiled.</param>
    public PopulationProgram(
        PopulationDefinition definition, IReadOnlyList<ProjectionProgram> inbound, IReadOnlyList<string> sent,
        BackwardPlan? backward, double timeStep, Precision precision, NetworkOptions options)
    {
        (Definition, Inbound, Sent, BackwardPlan) = (definition, inbound, sent, backward);
        Ports = [.. inbound.Select(static p => p.Definition.Port).Distinct()];
        var step = StepFunction.Build(definition.Model, new(
            timeStep,
            definition.Integrator,
            definition.Values.Where(static v => v.Value.Length == 1).ToDictionary(static v => v.Key, static v => v.Value[0]),
            definition.Values.Where(static v => v.Value.Length > 1).ToDictionary(static v => v.Key, static _ => ParameterBinding.PerElement),
            options.Smooth,
            Connected: [.. Ports, .. Ports.Select(static p => $"{p}.weight")],
            Sent: sent));
        States = step.States;
        var slopes = step.Step.Outputs.Select(static o => o.Name).Where(static n => n.EndsWith(".slope", StringComparison.Ordinal));
        Slopes = [.. backward is null || options.Smooth ? [] : slopes.Where(s => backward.Seeded.Contains(s[..^".slope".Length]))];
        var wanted = States.Select(static s => $"{s}.next").Concat(sent.Select(static s => $"{s}.sent")).Concat(Slopes).Concat(options.Record.GetValueOrDefault(definition.Name, [])).ToHashSet();
        Prologue = KernelCompiler.Compile(step.Prologue, precision, options.Compile);
        IReadOnlyList<IrOutput> outputs = [.. step.Step.Outputs.Where(o => wanted.Contains(o.Name))];
        forward = new(() => KernelCompiler.Compile(StepAdjoint.WithInputs(step.Step.Name, step.Step.Inputs, [], outputs), precision, options.Compile));
        direct = new(() => WithDirectPorts(outputs, precision, options));
        Step = step;
        if (backward is not null)
        {
            var signals = step.Step.Inputs.Where(static i => i.Kind == IrInputKind.Signal).ToList();
            Backward = KernelCompiler.Compile(
                StepAdjoint.Backward(
                    step,
                    [.. backward.Seeded.Select(static s => ($"{s}.sent", false))],
                    [.. signals.Where(i => backward.Ports.Contains(i.Name))],
                    [.. signals.Where(i => backward.Ports.Any(p => i.Name == $"{p}.weight"))]),
                precision, options.Compile);
        }
    }

    private PopulationProgram(PopulationProgram source, StepFunction step, IReadOnlyList<string> kept, Precision precision, NetworkOptions options)
    {
        (Definition, Inbound, Sent, Ports, Step, Slopes, Kept, States) = (source.Definition, source.Inbound, source.Sent, source.Ports, step, [], kept, step.States);
        var wanted = States.Select(static s => $"{s}.next").Concat(Sent.Select(static s => $"{s}.sent")).Concat(kept).ToHashSet();
        Prologue = KernelCompiler.Compile(step.Prologue, precision, options.Compile);
        IReadOnlyList<IrOutput> outputs = [.. step.Step.Outputs.Where(o => wanted.Contains(o.Name))];
        forward = new(() => KernelCompiler.Compile(StepAdjoint.WithInputs(step.Step.Name, step.Step.Inputs, [], outputs), precision, options.Compile));
        direct = new(this);
    }

    private PopulationProgram(PopulationProgram source, IReadOnlyList<IrOutput> outputs, IReadOnlyDictionary<string, string> stateOfPort, Precision precision, NetworkOptions options)
    {
        (Definition, Inbound, Sent, Ports, Step, Slopes, States, Prologue, StateOfPort) =
            (source.Definition, source.Inbound, source.Sent, source.Ports, source.Step, [], source.States, source.Prologue, stateOfPort);
        forward = new(() => KernelCompiler.Compile(StepAdjoint.WithInputs(Step.Step.Name, Step.Step.Inputs, [], outputs), precision, options.Compile));
        direct = new(this);
    }

    public PopulationDefinition Definition { get; }

    /// <summary>What the kernels are made of.</summary>
    public StepFunction Step { get; }

    public IReadOnlyList<ProjectionProgram> Inbound { get; }

    /// <summary>What projections carry away, by name.</summary>
    public IReadOnlyList<string> Sent { get; }

    /// <summary>Rows <c>NAME.slope</c> that say where a spike's surrogate has a slope.</summary>
    public IReadOnlyList<string> Slopes { get; }

    /// <summary>The ports at which something arrives.</summary>
    public IReadOnlyList<string> Ports { get; }

    public IReadOnlyList<string> States { get; }

    /// <summary>Rows of the forward kernel that are read in later steps.</summary>
    public IReadOnlyList<string> Kept { get; } = [];

    public BackwardPlan? BackwardPlan { get; }

    public Kernel Prologue { get; }

    public Kernel Forward => forward.Value;

    /// <summary>The same population, forward only, without the ports of <see cref="StateOfPort"/> in its step.</summary>
    public PopulationProgram Direct => direct.Value;

    /// <summary>Of each port whose sum the step leaves out the state to which it has to be added when the step is done; none where the step adds all itself.</summary>
    public IReadOnlyDictionary<string, string> StateOfPort { get; } = new Dictionary<string, string>();

    /// <summary>Null where nothing before this population is trained.</summary>
    public Kernel? Backward { get; }

    /// <summary>The same population with a step that computes more, forward only.</summary>
    /// <param name="step">The step.</param>
    /// <param name="kept">Those of its results that are read in later steps.</param>
    /// <param name="precision">The numbers to compute with.</param>
    /// <param name="options">How it is compiled.</param>
    public PopulationProgram With(StepFunction step, IReadOnlyList<string> kept, Precision precision, NetworkOptions options) => new(this, step, kept, precision, options);

    /// <summary>What arrives over connections with delays of their own is added to sums of later steps, too, and so to no state.</summary>
    private PopulationProgram WithDirectPorts(IReadOnlyList<IrOutput> outputs, Precision precision, NetworkOptions options)
    {
        var (left, states) = DirectPorts.TakeOut(outputs, [.. Ports.Where(port => Inbound.All(p => p.Definition.Port != port || p.ShortestDelay == p.LongestDelay))]);
        return states.Count == 0 ? this : new(this, left, states, precision, options);
    }
}

/// <summary>What the backward pass needs of a population.</summary>
/// <param name="Ports">The ports whose adjoint is wanted.</param>
/// <param name="Seeded">What is sent, by name, whose adjoint comes from other populations or a regulariser.</param>
internal sealed record BackwardPlan(IReadOnlyCollection<string> Ports, IReadOnlyList<string> Seeded);

/// <summary>How a network is built and compiled.</summary>
public sealed record NetworkOptions
{
    /// <summary>Whether gradients are wanted.</summary>
    public bool Training { get; init; }

    /// <summary>Whether spikes are replaced by their surrogate's smooth function, to check gradients.</summary>
    public bool Smooth { get; init; }

    /// <summary>The online method by which gradients are found; null for backpropagation through time.</summary>
    public OnlineMethod? Online { get; init; }

    /// <summary>How kernels are compiled.</summary>
    public CompileOptions Compile { get; init; } = CompileOptions.Default;

    /// <summary>Populations whose readout the loss reads; only they and what leads to them have gradients.</summary>
    public IReadOnlyCollection<string> Observed { get; init; } = [];

    /// <summary>What keeps the rates of the populations that are trained near a value; null for nothing.</summary>
    public RateRegularizer? Rates { get; init; }

    /// <summary>What keeps the potentials of the populations that are trained within bounds; null for nothing.</summary>
    public VoltageRegularizer? Voltages { get; init; }

    /// <summary>Outputs that are computed to be recorded, by population.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Record { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
