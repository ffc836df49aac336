using BrainModular.Engine.Tracing;
using BrainModular.Host.Configuration;
using BrainModular.Models;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Networks;

/// <summary>What a projection carries, and where it ends.</summary>
/// <param name="Config">The projection.</param>
/// <param name="Output">What of the source is carried; empty for the input.</param>
/// <param name="Port">The port of the target population.</param>
internal sealed record Route(ProjectionConfig Config, string Output, InputPort Port);

/// <summary>Finds for each projection what it carries and where it ends.</summary>
/// <param name="models">The models of the populations, by name.</param>
/// <param name="ends">What comes in from outside.</param>
/// <param name="faults">Where faults go.</param>
internal sealed class RouteComposer(IReadOnlyDictionary<string, ModelDefinition> models, NetworkEnds ends, Faults faults)
{
    /// <param name="projection">A projection between ends that are known.</param>
    /// <param name="synapse">Its synapse; null for none.</param>
    /// <param name="receptors">The names of the synapses that end on the target.</param>
    /// <returns>Null after a fault was added.</returns>
    public Route? Compose(ProjectionConfig projection, ComposedSynapse? synapse, IReadOnlyList<string> receptors) =>
        Port(projection, synapse, receptors) is { } port && Output(projection, synapse, port) is { } output ? new(projection, output, port) : null;

    private InputPort? Port(ProjectionConfig projection, ComposedSynapse? synapse, IReadOnlyList<string> receptors)
    {
        var target = models[projection.To];
        var prefix = synapse?.Parts.Receptor is null ? "" : $"{synapse.Name}.";
        IReadOnlyList<InputPort> ports =
        [
            .. target.Ports.Where(p => prefix.Length > 0 ? p.Name.StartsWith(prefix, StringComparison.Ordinal) : !receptors.Any(r => p.Name.StartsWith($"{r}.", StringComparison.Ordinal))),
        ];
        var names = ports.Select(p => p.Name[prefix.Length..]).ToList();
        if (projection.Port is { } wanted)
        {
            if (names.Contains(wanted))
            {
                return ports[names.IndexOf(wanted)];
            }

            faults.Add("BM2604", $"{(prefix.Length > 0 ? $"synapse {synapse!.Name}" : $"population {projection.To}")} has no input '{wanted}'", projection.Section.PlaceOf("port"), cure: NearestNames.Cure(wanted, names));
            return null;
        }

        if (ports.Count == 1)
        {
            return ports[0];
        }

        faults.Add(
            "BM2604", $"projection {projection.Name} does not say where on {projection.To} it ends", projection.Place,
            ports.Count == 0 ? "a 'synapse': the population has no input of its own" : $"a 'synapse', or a 'port' among {string.Join(", ", names)}", "name one");
        return null;
    }

    private string? Output(ProjectionConfig projection, ComposedSynapse? synapse, InputPort port)
    {
        if (ends.Find(projection.From) is { } input)
        {
            return InputFits(input, projection, synapse, port) ? "" : null;
        }

        var source = models[projection.From];
        IReadOnlyList<string> events = [.. source.Spikes.Concat(source.Releases).Select(static s => s.Name)];
        IReadOnlyDictionary<string, Dimension> graded = source.Outputs.Select(static o => (o.Name, o.Unit.Dimension))
            .Concat(source.States.Select(static s => (s.Name, s.Dimension))).ToDictionary();
        var output = projection.Output ?? synapse?.Sent ?? (port.Kind == PortKind.Event ? events.Count > 0 ? events[0] : "spike" : "V");
        var place = projection.Section.PlaceOf("output");
        if (!events.Contains(output) && !graded.ContainsKey(output))
        {
            faults.Add("BM2605", $"population {projection.From} has no output '{output}'", place, cure: NearestNames.Cure(output, events.Concat(graded.Keys)));
            return null;
        }

        if (events.Contains(output) != (port.Kind == PortKind.Event))
        {
            faults.Add(
                "BM2605", $"projection {projection.Name} carries {output} of {projection.From} to {port.Name} of {projection.To}, which takes {Kind(port.Kind)}", place,
                $"{Kind(port.Kind)}: one of {string.Join(", ", port.Kind == PortKind.Event ? events : graded.Keys)}", "name another 'output', or another 'synapse' or 'port'");
            return null;
        }

        if (port.Kind == PortKind.Graded && graded[output] != port.Signal.Dimension)
        {
            faults.Add(
                "BM2605", $"{output} of {projection.From} has the dimension {graded[output]}, and {port.Name} of {projection.To} takes {port.Signal.Dimension}", place,
                $"an output in {port.Signal.Symbol}", "name another 'output', or another 'synapse' or 'port'");
            return null;
        }

        return output;
    }

    private bool InputFits(NetworkInput input, ProjectionConfig projection, ComposedSynapse? synapse, InputPort port)
    {
        if (projection.Output is not null || synapse?.Sent is not null)
        {
            faults.Add(
                "BM2605",
                projection.Output is not null ? "input channels have no outputs to choose from" : $"synapse {synapse!.Name} begins on neurons, and input channels are none",
                projection.Section.PlaceOf(projection.Output is not null ? "output" : "synapse"), cure: projection.Output is not null ? "remove the key" : "use a synapse without a presynaptic part");
            return false;
        }

        if (input.Kind is { } kind && kind != port.Kind)
        {
            faults.Add(
                "BM2605", $"{(input.Name == NetworkSchema.Input ? "the task" : $"input {input.Name}")} gives {Kind(kind)}, and {port.Name} of {projection.To} takes {Kind(port.Kind)}", projection.Place,
                $"a port for {Kind(kind)}", "give the projection another 'synapse' or 'port'");
            return false;
        }

        if (input.Dimension is { } dimension && dimension != port.Signal.Dimension)
        {
            faults.Add(
                "BM2605", $"input {input.Name} has the dimension {dimension}, and {port.Name} of {projection.To} takes {port.Signal.Dimension}", projection.Place, $"an input in {port.Signal.Symbol}",
                "give the input another unit, or the projection another 'synapse' or 'port'");
            return false;
        }

        return true;
    }

    private static string Kind(PortKind kind) => kind == PortKind.Event ? "spikes" : "values";
}
