using BrainModular.Diagnostics;
using BrainModular.Engine.Networks;
using BrainModular.Formats.Arrays;
using BrainModular.Formats.Nir;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Export.Nir;

/// <summary>
/// Writes a network as the nodes and edges of a NIR graph: populations as <c>LIF</c>, <c>CubaLIF</c>, <c>LI</c> or <c>CubaLI</c>, receptors beside others as <c>LI</c>,
/// projections as <c>Linear</c> behind a <c>Delay</c>. Which it is follows from the equations, at each unit's parameters.
/// </summary>
internal sealed class NetworkNir
{
    private readonly NetworkDefinition network;
    private readonly NetworkReadout readout;
    private readonly bool single;
    private readonly List<Diagnostic> faults = [];
    private readonly List<NirNode> nodes = [];
    private readonly List<NirEdge> edges = [];
    private readonly Dictionary<string, IReadOnlyList<UnitDynamics>> units = [];

    /// <summary>Which node takes what arrives at a port of a population, and by what each unit's weights are multiplied for it.</summary>
    private readonly Dictionary<(string Population, string Port), (string Node, double[] Factor)> ends = [];

    /// <summary>The nodes of inputs and populations.</summary>
    private readonly Dictionary<string, string> nodeOf = [];

    private readonly HashSet<string> names = [];

    /// <param name="network">The network.</param>
    /// <param name="readout">What is read out.</param>
    /// <param name="single">Whether the file has float32 numbers instead of float64.</param>
    public NetworkNir(NetworkDefinition network, NetworkReadout readout, bool single) => (this.network, this.readout, this.single) = (network, readout, single);

    /// <summary>What has no primitive: every population and projection at fault.</summary>
    public IReadOnlyList<Diagnostic> Check()
    {
        foreach (var population in network.Populations)
        {
            var (read, problem) = UnitDynamics.Of(population, network.TimeStep);
            if (problem is not null)
            {
                Refuse($"population {population.Name} ({population.Model.Name}) has no NIR primitive: {problem}");
                continue;
            }

            units[population.Name] = read;
            if (population.Name == readout.Population && (read[0].Threshold is not null || read[0].State.Name != readout.State))
            {
                Refuse($"population {population.Name} is read out at {readout.State}, which is no leaky integrator of NIR");
            }
        }

        foreach (var projection in network.Projections)
        {
            if (Problem(projection) is { } problem)
            {
                Refuse($"projection {projection.Name} has no NIR primitive: {problem}");
            }
        }

        return faults;
    }

    /// <summary>The graph.</summary>
    /// <param name="weights">The weights of a projection, in engine units.</param>
    /// <exception cref="DiagnosticException">BM2704: a population or projection has no primitive.</exception>
    public NirGraph Graph(Func<ProjectionDefinition, double[]> weights)
    {
        if (Check().Count > 0)
        {
            throw new DiagnosticException(faults);
        }

        foreach (var input in network.Inputs)
        {
            nodeOf[input.Name] = Add(input.Name, "Input", new() { ["shape"] = new([1], [input.Count]) });
        }

        foreach (var population in network.Populations)
        {
            Population(population);
        }

        foreach (var projection in network.Projections)
        {
            Project(projection, weights(projection));
        }

        var output = Add("output", "Output", new() { ["shape"] = new([1], [network.CountOf(readout.Population)]) });
        edges.Add(new(nodeOf[readout.Population], output));
        return new(nodes, edges) { Metadata = Metadata() };
    }

    private Dictionary<string, string> Metadata() => new()
    {
        ["author"] = "BrainModular",
        ["units"] = "SI: tau and delay in s, potentials in V above each unit's rest (metadata v_rest), r in Ohm, currents in A; of a unit whose state is a pure number, pure numbers",
        ["events"] = "an event is a pulse of height 1 for one step of dt; r of what events arrive at, and w_in, give each the jump that its weight says",
        ["dt"] = FormattableString.Invariant($"{network.TimeStep / 1000:R} s"),
        ["integrator"] = network.Populations[0].Integrator.Name,
    };

    private string? Problem(ProjectionDefinition projection)
    {
        if (units.ContainsKey(projection.Source) && network.Population(projection.Source).Model.Spikes.All(s => s.Name != projection.Output))
        {
            return $"it carries {projection.Output} of {projection.Source}, and only spikes can be carried";
        }

        var weights = (long)network.CountOf(projection.Source) * network.CountOf(projection.Target);
        if (weights > Array.MaxLength)
        {
            return $"its matrix would have {weights} weights, and NIR has no sparse ones";
        }

        return !units.TryGetValue(projection.Target, out var targets) || targets.All(t => t.Drives.ContainsKey(projection.Port)) ? null
            : $"what arrives at {projection.Port} has no effect on {targets[0].State.Name} of {projection.Target}";
    }

    private void Refuse(string problem) => faults.Add(new(
        "BM2704", problem, default, "leaky integrators, with or without a threshold, and currents that decay exponentially", "use leaky-integrate-and-fire with a tref of 0 and exponential-current synapses, or export as ONNX alone"));

    private void Population(PopulationDefinition population)
    {
        var of = units[population.Name];
        var ports = network.Projections.Where(p => p.Target == population.Name).Select(static p => p.Port).Distinct().ToList();
        var si = Si(of[0].State.Dimension);
        NumberArray Each(Func<UnitDynamics, double> value) => Row([.. of.Select(value)]);
        var values = new Dictionary<string, NumberArray> { ["v_leak"] = Each(static _ => 0) };
        if (of[0].Threshold is not null)
        {
            values["v_threshold"] = Each(u => (u.Threshold!.Value - u.Rest) * si);
            values["v_reset"] = Each(u => (u.Reset - u.Rest) * si);
        }

        // One receptor is part of the primitive; several are integrators of their own. Others than the first port's weights are scaled to its resistance.
        Drive First(UnitDynamics unit) => ports.Count == 0 ? new(1, null, 1) : unit.Drives[ports[0]];
        var arriving = ports.Count == 0 ? 1 : Si(Dimension(population, ports[0]));
        values["r"] = Each(u => First(u).Effect * si / arriving);
        var current = ports.Count == 1 && First(of[0]).Decay is not null;
        values[current ? "tau_mem" : "tau"] = Each(static u => u.Tau / 1000);
        if (current)
        {
            values["tau_syn"] = Each(u => First(u).Decay!.Value / 1000);
            values["w_in"] = Each(u => First(u).Gain);
        }

        var type = $"{(current ? "Cuba" : "")}LI{(of[0].Threshold is null ? "" : "F")}";
        var node = nodeOf[population.Name] = Add(population.Name, type, values, new() { ["v_rest"] = Each(u => u.Rest * si) });
        foreach (var port in ports)
        {
            double[] factor = [.. of.Select(u => u.Drives[port].Effect / First(u).Effect)];
            ends[(population.Name, port)] = (current || of[0].Drives[port].Decay is null ? node : Receptor(node, port, of), factor);
        }
    }

    /// <summary>An integrator for a receptor beside others.</summary>
    private string Receptor(string node, string port, IReadOnlyList<UnitDynamics> of)
    {
        var name = Add($"{node}_{port.Replace('.', '_')}", "LI", new()
        {
            ["tau"] = Row([.. of.Select(u => u.Drives[port].Decay!.Value / 1000)]),
            ["r"] = Row([.. of.Select(u => u.Drives[port].Gain)]),
            ["v_leak"] = Row(new double[of.Count]),
        });
        edges.Add(new(name, node));
        return name;
    }

    /// <summary>A matrix for the connections of each delay, [target][source].</summary>
    private void Project(ProjectionDefinition projection, double[] weights)
    {
        var (node, factor) = ends[(projection.Target, projection.Port)];
        var (sources, targets) = (network.CountOf(projection.Source), network.CountOf(projection.Target));
        var si = Si(Dimension(network.Population(projection.Target), projection.Port));
        var matrices = new SortedDictionary<int, double[]>();
        for (var source = 0; source < sources; source++)
        {
            var (from, to) = projection.Connections is { } rows ? (rows.RowStart[source], rows.RowStart[source + 1]) : (0, targets);
            for (var c = from; c < to; c++)
            {
                var target = projection.Connections?.Target[c] ?? (int)c;
                var delay = projection.Connections?.Delay?[c] ?? projection.Delay;
                if (!matrices.TryGetValue(delay, out var matrix))
                {
                    matrices[delay] = matrix = new double[(long)sources * targets];
                }

                matrix[((long)target * sources) + source] += weights[projection.Connections is null ? ((long)source * targets) + c : c] * factor[target] * si;
            }
        }

        foreach (var (delay, matrix) in matrices)
        {
            var linear = Add(matrices.Count == 1 ? projection.Name : $"{projection.Name}_{delay}", "Linear", new() { ["weight"] = new([targets, sources], matrix, single) });
            edges.Add(new(linear, node));
            if (delay == 0)
            {
                edges.Add(new(nodeOf[projection.Source], linear));
                continue;
            }

            var wait = Add($"{linear}_delay", "Delay", new() { ["delay"] = Row([.. Enumerable.Repeat(delay * network.TimeStep / 1000, sources)]) });
            edges.Add(new(nodeOf[projection.Source], wait));
            edges.Add(new(wait, linear));
        }
    }

    private static Dimension Dimension(PopulationDefinition population, string port) => population.Model.Ports.First(p => p.Name == port).Sum.Dimension;

    /// <summary>What an engine unit of a dimension is in the SI.</summary>
    private static double Si(Dimension dimension) => 1 / dimension.EngineUnitsPerSi;

    private NumberArray Row(double[] values) => new([values.Length], values, single);

    /// <summary>Adds a node; its name is changed where another has it or HDF5 could not hold it.</summary>
    private string Add(string name, string type, Dictionary<string, NumberArray> values, Dictionary<string, NumberArray>? metadata = null)
    {
        var wanted = name.Replace('/', '_');
        var free = wanted;
        for (var i = 2; !names.Add(free); i++)
        {
            free = $"{wanted}_{i}";
        }

        nodes.Add(new(free, type, values) { Metadata = metadata ?? [] });
        return free;
    }
}
