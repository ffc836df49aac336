using BrainModular.Diagnostics;

namespace BrainModular.Formats.Onnx;

/// <summary>
/// Checks a model's structure without knowing any operator: after it, every value is defined once and before its use, every function that is called
/// is there, and every tensor has the bytes that its sizes promise.
/// </summary>
public static class OnnxVerifier
{
    /// <summary>Every fault of a model (BM3505), none where it is sound.</summary>
    public static IReadOnlyList<Diagnostic> Run(OnnxModel model, string? file = null)
    {
        var faults = new List<Diagnostic>();
        var functions = new FunctionTable(model.Functions);
        var report = new Report(file, faults);
        Domains(model, report);
        foreach (var repeated in Repeated(model.Metadata.Select(entry => entry.Key)))
        {
            report.Fault("metadata_props", $"the key '{repeated}' stands twice", "each key once");
        }

        new GraphVerifier(functions, model.Opsets, new HashSet<string>(), report).Graph(model.Graph, "graph", outer: new HashSet<string>());
        for (var index = 0; index < model.Functions.Count; index++)
        {
            var function = model.Functions[index];
            new GraphVerifier(functions, function.Opsets, function.Attributes.ToHashSet(), report).Function(function, $"functions[{index}] ({function.Name})");
        }

        if (functions.FindCycle() is { } cycle)
        {
            report.Fault("functions", $"functions call each other in a circle: {string.Join(" -> ", cycle)}", "functions that end");
        }

        return faults;
    }

    internal static IEnumerable<string> Repeated(IEnumerable<string> names) =>
        names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key);

    private static void Domains(OnnxModel model, Report report)
    {
        if (!model.Opsets.Any(opset => opset.Domain.Length == 0))
        {
            report.Fault("opset_import", "the version of ONNX's own operators is missing", "one entry for the domain ''");
        }

        foreach (var repeated in Repeated(model.Opsets.Select(opset => opset.Domain)))
        {
            report.Fault("opset_import", $"the domain '{repeated}' stands twice", "each domain once");
        }

        foreach (var repeated in Repeated(model.Functions.Select(function => $"{function.Domain}::{function.Name}")))
        {
            report.Fault("functions", $"the function {repeated} stands twice", "each function once");
        }
    }

    /// <summary>Adds faults with the file they lie in.</summary>
    internal sealed class Report(string? file, List<Diagnostic> faults)
    {
        public void Fault(string place, string problem, string expected) =>
            faults.Add(new Diagnostic("BM3505", problem, new Place(file, place), expected, "export the model again"));
    }

    /// <summary>The model's own functions by domain and name.</summary>
    internal sealed class FunctionTable(IReadOnlyList<OnnxFunction> functions)
    {
        private readonly ILookup<(string, string), OnnxFunction> byName = functions.ToLookup(function => (function.Domain, function.Name));

        public OnnxFunction? Find(OnnxNode node) => byName[(node.Domain, node.OpType)].FirstOrDefault();

        /// <summary>The names along a circle of calls, or null where there is none.</summary>
        public IReadOnlyList<string>? FindCycle()
        {
            var ended = new HashSet<OnnxFunction>(ReferenceEqualityComparer.Instance);
            return functions.Select(function => Follow(function, [], ended)).FirstOrDefault(cycle => cycle is not null);
        }

        private IReadOnlyList<string>? Follow(OnnxFunction function, List<OnnxFunction> path, HashSet<OnnxFunction> ended)
        {
            var seen = path.FindIndex(earlier => ReferenceEquals(earlier, function));
            if (seen >= 0)
            {
                return [.. path.Skip(seen).Append(function).Select(step => step.Name)];
            }

            if (ended.Contains(function))
            {
                return null;
            }

            path.Add(function);
            var cycle = function.Nodes.Select(Find).OfType<OnnxFunction>()
                .Select(called => Follow(called, path, ended)).FirstOrDefault(found => found is not null);
            path.RemoveAt(path.Count - 1);
            ended.Add(function);
            return cycle;
        }
    }
}
