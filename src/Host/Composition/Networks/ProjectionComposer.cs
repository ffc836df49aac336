using BrainModular.Diagnostics;
using BrainModular.Engine.Networks;
using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Random;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Networks;

/// <summary>Connections, weights and delays of projections whose ends are known.</summary>
internal sealed class ProjectionComposer(
    NetworkConfig network, NetworkEnds ends, string? readout, Rescaling? rescaling, IRandomStream random, Faults faults, List<string> notes, EdgeLimit limit)
{
    private readonly WeightComposer weights = new(rescaling, faults);

    /// <param name="routes">What projections carry and where they end.</param>
    /// <param name="connectomes">Their connectomes, by name.</param>
    /// <param name="sizes">How many units populations have.</param>
    public IReadOnlyList<ProjectionDefinition> Compose(
        IReadOnlyList<Route> routes, IReadOnlyDictionary<string, OpenConnectome> connectomes, IReadOnlyDictionary<string, int> sizes)
    {
        var composed = new List<ProjectionDefinition>();
        foreach (var route in routes)
        {
            var projection = route.Config;
            var sound = weights.Check(projection.Weights);
            if (weights.Unit(projection.Weights, route.Port) is { } unit && sound
                && connectomes.TryGetValue(projection.Name, out var connectome)
                && sizes.TryGetValue(projection.From, out var sources) && sizes.TryGetValue(projection.To, out var targets)
                && UnitFits(projection, connectome, route))
            {
                faults.Collect(() => composed.Add(Define(route, connectome, sources, targets, unit)));
            }
        }

        return composed;
    }

    private ProjectionDefinition Define(Route route, OpenConnectome connectome, int sources, int targets, double unit)
    {
        var projection = route.Config;
        var timeStep = network.TimeStep.InEngineUnits;
        var connections = ConnectomeComposer.Read(projection, connectome, sources, targets, unit, timeStep, notes, limit);
        if (!projection.ChoosesDistribution)
        {
            TellOfUnusedWeights(projection, connections.Weight, connectome, unit);
        }

        if (projection.Delay is { Shape: not DistributionShape.Constant } spread)
        {
            connections = connections with { Delay = Delays.Draw(spread, connections.Count, timeStep, projection.Name, random.Split("delays").Split(projection.Name)) };
            ConnectionOrder.Sort(connections);
        }

        var isComplete = IsComplete(connections);
        var drawn = WeightComposer.Draw(projection.Weights, connections, unit, random.Split("weights").Split(projection.Name), mayShare: !isComplete && !projection.Trainable);
        TellOfNegativeConductances(projection, route.Port, drawn);
        var delay = projection.Delay is { Shape: DistributionShape.Constant } given ? Delays.Steps(given, timeStep, projection.Name, notes) : DefaultDelay(projection);
        return new(projection.Name, projection.From, route.Output, projection.To, route.Port.Name, isComplete ? null : connections with { Weight = [] }, drawn, delay)
        {
            WeightUnit = unit,
            Trainable = projection.Trainable,
            Sign = projection.Sign switch { "positive" => WeightSign.Positive, "negative" => WeightSign.Negative, _ => WeightSign.Free },
        };
    }

    /// <summary>Notes that a connectome has weights, where others are drawn that nobody asked for. Weights of 1 say no more than who is connected to whom.</summary>
    private void TellOfUnusedWeights(ProjectionConfig projection, float[] own, OpenConnectome connectome, double unit)
    {
        var factor = connectome.WeightFactor(unit);
        if (own.AsSpan().ContainsAnyExcept((float)factor))
        {
            var warning = new Diagnostic(
                "BM2651",
                FormattableString.Invariant($"projection {projection.Name}: the connectome's weights, from {own.Min() / factor:G4} to {own.Max() / factor:G4}, are not used; 'weights' names no 'distribution', and normal ones are drawn"),
                projection.Section.PlaceOf("weights"), "a 'distribution' beside a connectome that has weights",
                "set \"distribution\" in 'weights' to \"connectome\" for the connectome's weights, or to \"normal\" to draw them");
            notes.Add(warning.ToString());
        }
    }

    /// <summary>Notes weights that open a conductance below 0, which no synapse can; one that inhibits reverses below rest.</summary>
    private void TellOfNegativeConductances(ProjectionConfig projection, InputPort port, float[] drawn)
    {
        if (port.Weight.Dimension == Units.nS.Dimension && projection.Sign == "free" && drawn.Count(static w => w < 0) is var negative and > 0)
        {
            var warning = new Diagnostic(
                "BM2652",
                FormattableString.Invariant($"projection {projection.Name}: {negative} of {drawn.Length} weights onto the conductance {port.Name} of {projection.To} are negative"),
                projection.Weights.Place, "weights of at least 0, since a conductance below 0 drives away from its reversal potential",
                "inhibit by a synapse whose reversal potential is below rest, or set \"sign\" to \"positive\"");
            notes.Add(warning.ToString());
        }
    }

    private int DefaultDelay(ProjectionConfig projection) => ends.IsInput(projection.From) || projection.To == readout ? 0 : 1;

    private bool UnitFits(ProjectionConfig projection, OpenConnectome connectome, Route route)
    {
        var (unit, port) = (connectome.Edges.Weight, route.Port.Weight);
        if (projection.Weights.Shape != "connectome" || unit.Dimension.IsNone || unit.Dimension == port.Dimension)
        {
            return true;
        }

        faults.Add(
            "BM2612", $"the weights of the connectome are in {unit.Symbol}, and {route.Port.Name} of {projection.To} takes {port.Symbol}", projection.Weights.Place,
            $"weights in {port.Symbol}, or without a unit", "use another 'distribution', or another synapse");
        return false;
    }

    /// <summary>Whether every source is connected once to every target, without delays of its own: then who is connected need not be kept.</summary>
    private static bool IsComplete(Connections connections)
    {
        if (connections.Delay is not null || connections.Count != (long)connections.Sources * connections.Targets)
        {
            return false;
        }

        for (var i = 0; i < connections.Count; i++)
        {
            if (connections.Target[i] != i % connections.Targets)
            {
                return false;
            }
        }

        return true;
    }
}
