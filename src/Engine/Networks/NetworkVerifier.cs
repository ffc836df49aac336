using BrainModular.Diagnostics;
using BrainModular.Engine.Steps;

namespace BrainModular.Engine.Networks;

/// <summary>Checks a network's definition. What holds after it: all names are known and all sizes agree.</summary>
internal static class NetworkVerifier
{
    public static void Check(NetworkDefinition network)
    {
        var names = network.Inputs.Select(static i => i.Name).Concat(network.Populations.Select(static p => p.Name)).ToList();
        foreach (var twice in names.Concat(network.Projections.Select(static p => p.Name)).GroupBy(static n => n).Where(static g => g.Count() > 1))
        {
            throw Fault("BM2502", $"the name {twice.Key} is given twice", "a name of its own for every input, population and projection", "rename one of them");
        }

        foreach (var population in network.Populations)
        {
            Check(population);
        }

        foreach (var projection in network.Projections)
        {
            Check(network, projection, names);
        }
    }

    private static void Check(PopulationDefinition population)
    {
        foreach (var (name, values) in population.Values)
        {
            if (population.Model.FindParameter(name) is null && !population.Model.States.Any(s => StepOptions.InitialOf(s.Name) == name))
            {
                throw Fault("BM2503", $"population {population.Name} has no parameter {name}", $"one of {string.Join(", ", population.Model.Parameters.Select(static p => p.Name).Concat(population.Model.States.Select(static s => StepOptions.InitialOf(s.Name))))}", "correct the name");
            }

            if (values.Length != 1 && values.Length != population.Count)
            {
                throw Fault("BM2504", $"population {population.Name} has {values.Length} values of {name}", $"one, or {population.Count}", "give as many as there are units");
            }
        }
    }

    private static void Check(NetworkDefinition network, ProjectionDefinition projection, List<string> names)
    {
        var place = $"projection {projection.Name}";
        if (!names.Contains(projection.Source) || network.Populations.All(p => p.Name != projection.Target))
        {
            throw Fault("BM2505", $"{place} goes from {projection.Source} to {projection.Target}", $"a source among {string.Join(", ", names)}, and a population as target", "correct the names");
        }

        var target = network.Population(projection.Target);
        if (target.Model.Ports.All(p => p.Name != projection.Port))
        {
            throw Fault(
                "BM2506", $"{place} ends on port {projection.Port}, which population {target.Name} does not have",
                $"one of {string.Join(", ", target.Model.Ports.Select(static p => p.Name))}", "name another port, or give the projection a synapse");
        }

        if (network.Populations.FirstOrDefault(p => p.Name == projection.Source) is { } source && !Outputs(source).Contains(projection.Output))
        {
            throw Fault(
                "BM2507", $"{place} carries {projection.Output}, which population {source.Name} does not have", $"one of {string.Join(", ", Outputs(source))}", "name another output");
        }

        var (sources, targets) = (network.CountOf(projection.Source), target.Count);
        var connections = projection.Connections;
        if (connections is not null && (connections.Sources != sources || connections.Targets != targets))
        {
            throw Fault("BM2508", $"{place} connects {connections.Sources} to {connections.Targets} units", $"{sources} to {targets}, as its ends have", "use a connectome of that size");
        }

        var owner = projection.SharesWeightsOf is { } shared
            ? network.Projections.FirstOrDefault(p => p.Name == shared && p.SharesWeightsOf is null)
                ?? throw Fault("BM2509", $"{place} shares the weights of {shared}", "a projection with weights of its own", "correct the name")
            : projection;
        var count = connections?.Count ?? sources * targets;
        var isShared = owner.Weights.Length == 1 && connections is not null && !owner.Trainable;
        if ((owner.Weights.Length != count && !isShared) || (owner.Connections is null) != (connections is null))
        {
            throw Fault("BM2510", $"{place} has {owner.Weights.Length} weights", $"{count}, one for every connection, or a single one for all of a sparse projection that is not trained", "give as many weights as connections");
        }

        if (connections is not null && !ConnectionOrder.IsInOrder(connections))
        {
            throw Fault("BM2514", $"{place} has connections that are not in order", "in every row ascending delays, and ascending targets where delays are the same", "sort them by ConnectionOrder.Sort");
        }

        if (projection.Delay < 0 || projection.Frozen?.Length is { } frozen && frozen != count)
        {
            throw Fault("BM2511", $"{place} has a delay of {projection.Delay} steps and {projection.Frozen?.Length} frozen flags", $"a delay of at least 0, and {count} flags or none", "correct them");
        }
    }

    private static IEnumerable<string> Outputs(PopulationDefinition population) => population.Model.Spikes.Select(static s => s.Name)
        .Concat(population.Model.Releases.Select(static r => r.Name))
        .Concat(population.Model.Outputs.Select(static o => o.Name))
        .Concat(population.Model.States.Select(static s => s.Name));

    private static DiagnosticException Fault(string id, string problem, string expected, string cure) => new(id, problem, expected: expected, cure: cure);
}
