using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Random;

namespace BrainModular.Host.Composition.Networks;

/// <summary>A network, ready to be compiled.</summary>
/// <param name="Definition">Its populations and projections, with the weights that they start with.</param>
/// <param name="Readout">The population that is read out; empty where none is.</param>
/// <param name="Rescaling">What plain numbers mean; null where numbers need units.</param>
/// <param name="Notes">What the user should know of how the configuration was read.</param>
internal sealed record ComposedNetwork(NetworkDefinition Definition, string Readout, Rescaling? Rescaling, IReadOnlyList<string> Notes)
{
    /// <summary>The numbers by which files know the channels of inputs, [channel]; where there are none, channels are counted from 0.</summary>
    public IReadOnlyDictionary<string, long[]> InputIds { get; init; } = new Dictionary<string, long[]>();
}

/// <summary>Puts a network together: synapses, models, connectomes, parameters, weights. Every fault is collected.</summary>
internal sealed class NetworkComposer(ComponentFactory components, Faults faults, EdgeLimit limit)
{
    private const string ReadoutType = "leaky-readout";
    /// <summary>The state that is read out.</summary>
    public const string ReadoutState = "y";


    /// <param name="config">The network.</param>
    /// <param name="ends">What comes into it and what is read out.</param>
    /// <param name="surrogate">The surrogate of populations that have none of their own.</param>
    /// <param name="fitted">What fits give to cells and units.</param>
    /// <param name="random">What parameters, connections and weights are drawn from.</param>
    /// <returns>The network, or null where faults keep it from being made.</returns>
    public ComposedNetwork? Compose(NetworkConfig config, NetworkEnds ends, ComponentConfig surrogate, FittedCells fitted, IRandomStream random)
    {
        var before = faults.Found.Count;
        var rescaling = config.Rescaling is { } units ? Rescaling.Of(units, fitted, faults) : null;
        if (config.Rescaling is not null && rescaling is null)
        {
            return null;
        }

        var smooth = components.Create<ISurrogate>(surrogate, faults);
        var synapses = smooth is null ? null : new SynapseComposer(components, rescaling, faults).Compose(config, smooth);
        var projections = Projections(config, ends);
        var readout = Readout(config, ends);
        if (synapses is null)
        {
            return null;
        }

        var joints = config.Populations.ToDictionary(static p => p.Name, p => Joints(p.Name, projections, synapses));
        var populations = new PopulationComposer(components, rescaling, fitted, faults);
        var models = new Dictionary<string, ModelDefinition>();
        foreach (var population in config.Populations)
        {
            if (populations.Model(population, surrogate, joints[population.Name].Receptors, joints[population.Name].Releases) is { } model)
            {
                models[population.Name] = model;
            }
        }

        CheckReadout(config, readout, models);
        var routes = Routes(projections, synapses, models, joints, ends);
        if (!ends.AreKnown)
        {
            return null;
        }

        var notes = new List<string>();
        var sizes = Sizes(config, readout, ends);
        var composer = new ConnectomeComposer(components, faults);
        using var connectomes = new Connectomes(composer.Open(projections, sizes, random.Split("connectome")));
        CheckSizes(config, ends, sizes, composer.Unsized);
        var nodes = new PopulationNodes(projections, connectomes.Open);
        var integrator = Integrator.All.First(i => i.Name == config.Stepping.Integrator);
        var defined = config.Populations.Where(p => models.ContainsKey(p.Name) && sizes.ContainsKey(p.Name))
            .Select(p => populations.Define(p, sizes[p.Name], models[p.Name], joints[p.Name].All, integrator, nodes, random.Split("parameters"))).ToList();
        var joined = new ProjectionComposer(config, ends, readout, rescaling, random, faults, notes, limit).Compose(routes, connectomes.Open, sizes);
        return faults.Found.Count > before || readout is null
            ? null
            : new(new(config.TimeStep.InEngineUnits, [.. ends.Inputs.Select(i => new InputDefinition(i.Name, sizes[i.Name], i.Kind!.Value))], defined, joined), readout, rescaling, notes)
            {
                InputIds = ends.Inputs.Select(i => (i.Name, Ids: nodes.Ids(i.Name))).Where(static i => i.Ids is not null).ToDictionary(static i => i.Name, static i => i.Ids!),
            };
    }

    /// <summary>The projections whose ends and synapse are known.</summary>
    private List<ProjectionConfig> Projections(NetworkConfig config, NetworkEnds ends)
    {
        var populations = config.Populations.Select(static p => p.Name).ToList();
        foreach (var taken in config.Populations.Where(p => ends.IsInput(p.Name)))
        {
            faults.Add("BM2615", $"a population cannot be called {taken.Name}", taken.Place, "another name: this one is that of input channels", "rename it");
        }

        foreach (var taken in config.Projections.Where(p => populations.Contains(p.Name) || ends.IsInput(p.Name)))
        {
            faults.Add("BM2615", $"the projection {taken.Name} has the name of a population or an input", taken.Place, "a name of its own for every population and projection", "rename it");
        }

        var synapses = config.Synapses.Select(static s => s.Name).ToList();
        return
        [
            .. config.Projections.Where(p =>
                Known(p, "from", "population", p.From, [.. populations, .. ends.Inputs.Select(static i => i.Name)])
                & Known(p, "to", "population", p.To, populations)
                & (p.Synapse is null || Known(p, "synapse", "synapse", p.Synapse, synapses))),
        ];
    }

    private bool Known(ProjectionConfig projection, string key, string noun, string name, List<string> known)
    {
        if (known.Contains(name))
        {
            return true;
        }

        faults.Add(noun == "synapse" ? "BM2603" : "BM2602", $"there is no {noun} '{name}'", projection.Section.PlaceOf(key), cure: NearestNames.Cure(name, known));
        return false;
    }

    private static (IReadOnlyList<ComposedSynapse> Receptors, IReadOnlyList<ComposedSynapse> Releases, IEnumerable<ComposedSynapse> All) Joints(
        string population, List<ProjectionConfig> projections, IReadOnlyDictionary<string, ComposedSynapse> synapses)
    {
        List<ComposedSynapse> Of(Func<ProjectionConfig, string> end, Func<SynapseDefinition, ModelDefinition?> part) =>
            [.. projections.Where(p => end(p) == population && p.Synapse is not null && synapses.ContainsKey(p.Synapse)).Select(p => synapses[p.Synapse!]).Distinct().Where(s => part(s.Parts) is not null)];
        var (receptors, releases) = (Of(static p => p.To, static s => s.Receptor), Of(static p => p.From, static s => s.Release));
        return (receptors, releases, receptors.Union(releases));
    }

    private List<Route> Routes(
        List<ProjectionConfig> projections, IReadOnlyDictionary<string, ComposedSynapse> synapses, Dictionary<string, ModelDefinition> models,
        Dictionary<string, (IReadOnlyList<ComposedSynapse> Receptors, IReadOnlyList<ComposedSynapse> Releases, IEnumerable<ComposedSynapse> All)> joints, NetworkEnds ends)
    {
        var composer = new RouteComposer(models, ends, faults);
        return
        [
            .. projections
                .Where(p => models.ContainsKey(p.To) && (ends.IsInput(p.From) || models.ContainsKey(p.From)) && (p.Synapse is null || synapses.ContainsKey(p.Synapse)))
                .Select(p => composer.Compose(p, p.Synapse is null ? null : synapses[p.Synapse], [.. joints[p.To].Receptors.Select(static s => s.Name)]))
                .OfType<Route>(),
        ];
    }

    /// <summary>The population that is read out, empty for none; null after a fault was added.</summary>
    private string? Readout(NetworkConfig config, NetworkEnds ends)
    {
        var names = config.Populations.Select(static p => p.Name).ToList();
        if (config.Readout is { } given)
        {
            if (names.Contains(given))
            {
                return given;
            }

            faults.Add("BM2602", $"there is no population '{given}'", config.Section.PlaceOf("readout"), cure: NearestNames.Cure(given, names));
            return null;
        }

        var readouts = config.Populations.Where(static p => p.Neuron.Type == ReadoutType).ToList();
        if (readouts.Count != 1 && !ends.NeedsReadout)
        {
            return "";
        }

        if (readouts.Count != 1)
        {
            faults.Add(
                "BM2609", $"{readouts.Count} populations are of the type {ReadoutType}", config.Section.Place, "one population that is read out",
                readouts.Count == 0 ? $"add one, or name a population with a state {ReadoutState} under 'readout'" : $"name one of {string.Join(", ", readouts.Select(static p => p.Name))} under 'readout'");
            return null;
        }

        return readouts[0].Name;
    }

    private void CheckReadout(NetworkConfig config, string? readout, Dictionary<string, ModelDefinition> models)
    {
        if (readout?.Length > 0 && models.TryGetValue(readout, out var model) && model.States.All(static s => s.Name != ReadoutState))
        {
            faults.Add(
                "BM2609", $"population {readout} has no state {ReadoutState} to read out", config.Section.PlaceOf("readout"), $"a population with a state {ReadoutState}, such as one of the type {ReadoutType}",
                "name another population");
        }
    }

    private Dictionary<string, int> Sizes(NetworkConfig config, string? readout, NetworkEnds ends)
    {
        var sizes = ends.Inputs.Where(static i => i.Count is not null).ToDictionary(static i => i.Name, static i => i.Count!.Value);
        foreach (var population in config.Populations.Where(static p => p.Count is not null))
        {
            sizes[population.Name] = population.Count!.Value;
        }

        if (readout?.Length > 0 && ends.Shape is { } shape && !sizes.TryAdd(readout, shape.Targets) && sizes[readout] != shape.Targets)
        {
            faults.Add(
                "BM2610", $"population {readout} has {sizes[readout]} units, and the task {shape.Targets} targets: {string.Join(", ", shape.TargetNames)}",
                config.Populations.First(p => p.Name == readout).Section.PlaceOf("count"), $"{shape.Targets} units", "leave the count out");
        }

        return sizes;
    }

    private void CheckSizes(NetworkConfig config, NetworkEnds ends, Dictionary<string, int> sizes, IReadOnlySet<string> unsized)
    {
        foreach (var input in ends.Inputs.Where(i => !sizes.ContainsKey(i.Name) && !unsized.Contains(i.Name)))
        {
            faults.Add("BM2606", $"input {input.Name} does not say how many channels it has, and no connectome of its projections does", input.Place, "a 'count'", "add one, or a projection from it");
        }

        foreach (var population in config.Populations.Where(p => !sizes.ContainsKey(p.Name) && !unsized.Contains(p.Name)))
        {
            faults.Add("BM2606", $"population {population.Name} does not say how many units it has, and none of its connectomes does", population.Place, "a 'count'", "add one");
        }
    }

    /// <summary>Connectomes that are closed together.</summary>
    private sealed class Connectomes(Dictionary<string, OpenConnectome> open) : IDisposable
    {
        public Dictionary<string, OpenConnectome> Open => open;

        public void Dispose()
        {
            foreach (var connectome in open.Values)
            {
                connectome.Dispose();
            }
        }
    }
}
