using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Export.Onnx;

namespace BrainModular.Export.Networks;

/// <summary>A port at which something arrives, and what does.</summary>
internal sealed record InboundPort(string Name, IReadOnlyList<InboundSlice> Inbound);

/// <summary>A population: its step as one function, and what arrives at its ports.</summary>
/// <param name="Definition">The population.</param>
/// <param name="Step">Its step: it reads states, sums at ports, the time; it gives <c>STATE.next</c> and <c>OUTPUT.sent</c>.</param>
/// <param name="Ports">The ports at which something arrives.</param>
/// <param name="Sent">What it sends: all spikes, and other outputs that projections carry.</param>
internal sealed record PopulationModel(PopulationDefinition Definition, StepModel Step, IReadOnlyList<InboundPort> Ports, IReadOnlyList<string> Sent)
{
    public string Name => Definition.Name;

    public int Units => Definition.Count;

    /// <summary>The names of its spikes.</summary>
    public IEnumerable<string> Spikes => Definition.Model.Spikes.Select(static spike => spike.Name);

    /// <summary>
    /// The step as the engine builds it: parameters that all units share are folded into its constants with the engine's own roundings, those that
    /// differ by unit, and the sums of weights at a port, are parameters of the step.
    /// </summary>
    /// <exception cref="DiagnosticException">BM2701: the population draws random numbers.</exception>
    public static PopulationModel From(NetworkDefinition network, PopulationDefinition population, IEnumerable<InboundSlice> inbound)
    {
        InboundPort[] ports = [.. inbound.GroupBy(static slice => slice.Port).Select(static group => new InboundPort(group.Key, [.. group]))];
        string[] sent = [.. SentBy(network, population)];
        var function = StepFunction.Build(population.Model, new(
            network.TimeStep,
            population.Integrator,
            population.Values.Where(static v => v.Value.Length == 1).ToDictionary(static v => v.Key, static v => v.Value[0]),
            population.Values.Where(static v => v.Value.Length > 1).ToDictionary(static v => v.Key, static _ => ParameterBinding.PerElement),
            Connected: [.. ports.Select(static p => p.Name), .. ports.Select(static p => $"{p.Name}.weight")],
            Sent: sent));
        RefuseNoise(population, function);
        var sums = ports.ToDictionary(static port => $"{port.Name}.weight", port => WeightSums(port, population.Count));
        var outputs = function.Step.Outputs.Where(o => o.Name.EndsWith(".next", StringComparison.Ordinal) || sent.Any(s => o.Name == $"{s}.sent"));
        var step = StepModel.Whole(function, outputs, row => sums.ContainsKey(row.Name) ? row with { Kind = IrInputKind.Parameter } : row);
        var model = new StepModel(population.Name, $"{population.Model.Name}.{population.Name}", step, population.Count, network.TimeStep)
        {
            Parameters = sums.Concat(population.Values).ToDictionary(static p => p.Key, static p => p.Value),
            Initial = new Dictionary<string, double[]>(),
            Outputs = [],
        };
        return new(population, model, ports, sent);
    }

    /// <summary>What a population sends: all spikes, and other outputs that projections carry.</summary>
    public static IEnumerable<string> SentBy(NetworkDefinition network, PopulationDefinition population) =>
        population.Model.Spikes.Select(static s => s.Name).Concat(network.Projections.Where(p => p.Source == population.Name).Select(static p => p.Output)).Distinct();

    /// <summary>Whether an output has a value at all times, also before time 0, instead of being sent now and then.</summary>
    public bool IsGraded(string output) => Definition.Model.Spikes.Concat(Definition.Model.Releases).All(events => events.Name != output);

    private static double[] WeightSums(InboundPort port, int units)
    {
        var sums = new double[units];
        foreach (var slice in port.Inbound)
        {
            slice.ForEach((_, target, weight) => sums[target] += weight);
        }

        return sums;
    }

    private static void RefuseNoise(PopulationDefinition population, StepFunction function)
    {
        if (function.Step.Inputs.FirstOrDefault(static row => row.Kind == IrInputKind.Noise) is { } noise)
        {
            throw new DiagnosticException(
                "BM2701", $"the population {population.Name} draws random numbers ({noise.Name}), which no file of a network holds",
                expected: "populations without noise", cure: "set what the noise is multiplied by to 0, or export a model without it");
        }
    }
}
