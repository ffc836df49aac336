using BrainModular.Diagnostics;
using BrainModular.Formats.Arrays;

namespace BrainModular.Formats.Nir;

/// <summary>Says what keeps a graph from being one: every fault, with its node or edge.</summary>
internal static class NirVerifier
{
    /// <exception cref="DiagnosticException">BM3621: the graph is faulty.</exception>
    public static void Check(NirGraph graph, string file)
    {
        List<Diagnostic> faults = [.. Nodes(graph, file)];
        if (faults.Count == 0)
        {
            faults.AddRange(Edges(graph, file));
        }

        if (faults.Count > 0)
        {
            throw new DiagnosticException(faults);
        }
    }

    private static IEnumerable<Diagnostic> Nodes(NirGraph graph, string file)
    {
        foreach (var twice in graph.Nodes.GroupBy(static n => n.Name).Where(static g => g.Count() > 1))
        {
            yield return Fault(file, twice.Key, "two nodes have this name", "a name of its own for each node");
        }

        foreach (var node in graph.Nodes.Where(static n => n.Name.Length == 0 || n.Name.Contains('/', StringComparison.Ordinal)))
        {
            yield return Fault(file, node.Name, $"'{node.Name}' cannot name a node", "a name without a slash");
        }

        if (!graph.Nodes.Any(static n => NirPrimitives.IsEnd(n.Type)))
        {
            yield return Fault(file, "", "there is no node Input and none Output", "at least one of them");
        }

        foreach (var node in graph.Nodes)
        {
            if (NirPrimitives.Find(node.Type) is not { } primitive)
            {
                yield return Fault(file, node.Name, $"'{node.Type}' is no primitive", "a primitive of NIR 1, such as LIF or Linear");
                continue;
            }

            foreach (var missing in primitive.Required.Where(r => !node.Values.ContainsKey(r)))
            {
                yield return Fault(file, node.Name, $"the {node.Type} has no {missing}", $"the parameters {string.Join(", ", primitive.Required)}");
            }

            var shaped = primitive.Same.Where(node.Values.ContainsKey).ToList();
            foreach (var other in shaped.Skip(1).Where(s => !node.Values[s].Shape.SequenceEqual(node.Values[shaped[0]].Shape)))
            {
                yield return Fault(file, node.Name, $"{other} has the shape {node.Values[other].ShapeText} and {shaped[0]} {node.Values[shaped[0]].ShapeText}", "one shape for all parameters of a node");
            }

            foreach (var (name, values) in node.Values.Where(static v => v.Value.Elements.Any(static x => !double.IsFinite(x))))
            {
                yield return Fault(file, node.Name, $"{name} has the value {values.Elements.First(static x => !double.IsFinite(x))}", "finite numbers");
            }
        }
    }

    private static IEnumerable<Diagnostic> Edges(NirGraph graph, string file)
    {
        var nodes = graph.Nodes.ToDictionary(static n => n.Name);
        foreach (var edge in graph.Edges)
        {
            var place = $"{edge.From} -> {edge.To}";
            if (!nodes.TryGetValue(edge.From, out var from) || !nodes.TryGetValue(edge.To, out var to))
            {
                yield return Fault(file, place, "the edge names a node that is not there", string.Join(", ", nodes.Keys));
            }
            else if (NirPrimitives.Find(from.Type)!.Outputs(from) is { } sent && NirPrimitives.Find(to.Type)!.Inputs(to) is { } taken && sent != taken)
            {
                yield return Fault(file, place, $"{edge.From} gives {sent} numbers and {edge.To} takes {taken}", "as many on both sides");
            }
        }
    }

    private static Diagnostic Fault(string file, string path, string problem, string expected) =>
        new("BM3621", problem, new Place(file, path), expected, "have the file's author mend it");
}
