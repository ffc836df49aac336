using BrainModular.Connectomes;
using BrainModular.Diagnostics;
using BrainModular.Formats.Sonata;
using BrainModular.Plugins;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Connectomes.Files;

/// <summary>
/// <c>sonata</c>: one population of edges of a SONATA circuit, with the populations of nodes that it joins. An edge's weight is its attribute
/// <c>weight</c> times those of its <c>factors</c> that it has: as many synapses as it stands for, and the sign of their receptor. Attributes
/// are the edge's own, or its type's (<see cref="SonataEdges"/>). Settings: <c>path</c>, the circuit's configuration; <c>edges</c>, the population
/// of edges (needed where there are several); <c>weight</c> ("syn_weight", empty for weights of 1); <c>factors</c> ("nsyns, dynamics_params/sign");
/// <c>delay</c> ("delay", in ms; empty for none); <c>weightUnit</c> (1); those of <see cref="NodeChoice"/>.
/// </summary>
internal sealed class SonataLoader : IConnectomeLoader
{
    private const int WindowLength = 1 << 16;

    private static readonly Dictionary<string, Unit> Positions = new() { ["x"] = um, ["y"] = um, ["z"] = um };

    private readonly string path;
    private readonly string edges;
    private readonly string weight;
    private readonly string[] factors;
    private readonly string delay;
    private readonly string weightUnit;
    private readonly NodeChoice choice;

    public SonataLoader(ISettings settings)
    {
        path = settings.Path("path", "the circuit's configuration (JSON)");
        edges = settings.Text("edges", "", "the population of edges; needed where there are several");
        weight = settings.Text("weight", "syn_weight", "the attribute that is the weight; empty for weights of 1");
        factors = settings.Text("factors", "nsyns, dynamics_params/sign", "attributes that the weight is multiplied by, where an edge has them")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        delay = settings.Text("delay", "delay", "the attribute that is the delay in ms; empty for none");
        weightUnit = settings.Text("weightUnit", "1", "the unit of the weights");
        choice = new NodeChoice(settings);
    }

    /// <inheritdoc/>
    /// <exception cref="DiagnosticException">BM3235: no such population of edges or nodes; BM3236: no such attribute.</exception>
    public IConnectome Open(ConnectomeRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var circuit = SonataCircuit.Read(path);
        var names = SonataEdges.Names(circuit);
        var name = edges.Length > 0 ? edges : names.Distinct().Count() == 1 ? names[0] : throw Missing("the circuit has several populations of edges, or none", names);
        var population = SonataEdges.Open(circuit, name) ?? throw Missing($"there is no population of edges '{name}'", names);
        try
        {
            return Open(request, circuit, population);
        }
        catch
        {
            population.Dispose();
            throw;
        }
    }

    private FileConnectome Open(ConnectomeRequest request, SonataCircuit circuit, SonataEdges population)
    {
        var place = new Place(path);
        foreach (var attribute in new[] { weight, delay }.Where(attribute => attribute.Length > 0 && !population.Has(attribute)))
        {
            throw new DiagnosticException(
                "BM3236", $"edges of '{population.Name}' have no attribute '{attribute}'", place, "an attribute of the edges or of their types",
                "name one that is there, or an empty text for none");
        }

        if (request.Recurrent && population.Source != population.Target)
        {
            throw new DiagnosticException(
                "BM3235", $"the edges '{population.Name}' join '{population.Source}' to '{population.Target}'", place, "one population for a recurrent projection",
                "join two populations, or choose other edges");
        }

        var from = Nodes(circuit, population.Source);
        var to = population.Target == population.Source ? from : Nodes(circuit, population.Target);
        var ends = request.Recurrent
            ? choice.OnePopulation(population.Source, Table(from), place)
            : choice.TwoPopulations((population.Source, Table(from)), (population.Target == population.Source ? population.Target + " (targets)" : population.Target, Table(to)), place);
        var (fromPlaces, toPlaces) = (Places(from), Places(to));
        return new FileConnectome(
            population.Name, ends.Sources, ends.Targets, TableSettings.UnitOf("weightUnit", weightUnit), delay.Length == 0 ? null : ms,
            () => Read(population, fromPlaces, toPlaces), population);
    }

    private IEnumerable<FileEdge> Read(SonataEdges population, Dictionary<long, int> fromPlaces, Dictionary<long, int> toPlaces)
    {
        string[] attributes = [.. new[] { weight, delay }.Where(attribute => attribute.Length > 0), .. factors];
        var delayAt = weight.Length > 0 ? 1 : 0;
        for (var start = 0L; start < population.Count; start += WindowLength)
        {
            var window = population.Read(start, Math.Min(WindowLength, population.Count - start), attributes);
            for (var i = 0; i < window.Sources.Length; i++)
            {
                var value = weight.Length == 0 ? 1 : window.Attributes[0][i] ?? throw Lacking(population, weight, start + i);
                foreach (var factor in window.Attributes.Skip(attributes.Length - factors.Length))
                {
                    value *= factor[i] ?? 1;
                }

                var time = delay.Length == 0 ? 0 : window.Attributes[delayAt][i] ?? throw Lacking(population, delay, start + i);
                yield return new FileEdge(
                    Node(fromPlaces, window.Sources[i], population.Source, start + i), Node(toPlaces, window.Targets[i], population.Target, start + i), (float)value, (float)time);
            }
        }
    }

    private int Node(Dictionary<long, int> places, long id, string nodes, long edge) => places.TryGetValue(id, out var place) ? place : throw new DiagnosticException(
        "BM3215", $"edge {edge} names node {id}, which '{nodes}' has not", new Place(path), $"one of the {places.Count} nodes of '{nodes}'", "name the circuit's own files of nodes");

    private DiagnosticException Lacking(SonataEdges population, string attribute, long edge) => new(
        "BM3236", $"edge {edge} of '{population.Name}' has no '{attribute}', nor has its type", new Place(path), "a value for each edge", "name another attribute, or an empty text for none");

    private DiagnosticException Missing(string problem, IReadOnlyList<string> names) => new(
        "BM3235", problem, new Place(path), $"one of {string.Join(", ", names.DefaultIfEmpty("none"))}", "set edges to a population that is there");

    private SonataNodes Nodes(SonataCircuit circuit, string name) => SonataNodes.Read(circuit, name) ?? throw new DiagnosticException(
        "BM3235", $"no file of the circuit has the nodes '{name}'", new Place(path), "a file of nodes with that population", "add the file to the configuration's networks.nodes");

    private static NodeTable Table(SonataNodes nodes) => new(
        nodes.Ids.Length, nodes.Numbers, nodes.Texts, Positions);

    private Dictionary<long, int> Places(SonataNodes nodes)
    {
        var places = new Dictionary<long, int>(nodes.Ids.Length);
        foreach (var id in nodes.Ids)
        {
            if (!places.TryAdd(id, places.Count))
            {
                throw new DiagnosticException("BM3225", $"two nodes of '{nodes.Name}' have the number {id}", new Place(path), "a number for each node", "have the file's author mend it");
            }
        }

        return places;
    }
}
