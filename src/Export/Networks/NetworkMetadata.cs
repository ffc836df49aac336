using System.Globalization;
using System.Text.Json.Nodes;
using BrainModular.Engine.Ir;
using BrainModular.Export.Onnx;

namespace BrainModular.Export.Networks;

/// <summary>What a network's file says about itself beside the graph, so that a program can run it without any other source.</summary>
internal static class NetworkMetadata
{
    public static IReadOnlyList<KeyValuePair<string, string>> Entries(NetworkModel model, string mode) =>
    [
        Entry("format", OnnxExport.Format),
        Entry("mode", mode),
        Entry("dt_ms", model.TimeStep.ToString("R", CultureInfo.InvariantCulture)),
        Entry("neurons", new JsonObject(model.Populations.Select(static p => KeyValuePair.Create(p.Name, (JsonNode?)p.Definition.Model.Name))).ToJsonString()),
        Entry("state", States(model).ToJsonString()),
        Entry("units", Units(model).ToJsonString()),
        Entry("parameters", new JsonObject(model.Populations.SelectMany(Parameters)).ToJsonString()),
        Entry("projections", Projections(model).ToJsonString()),
        .. model.Metadata.Select(static entry => Entry(entry.Key, entry.Value)),
    ];

    private static KeyValuePair<string, string> Entry(string key, string value) => new($"brainmodular.{key}", value);

    private static JsonArray States(NetworkModel model)
    {
        var initial = (from population in model.Populations from state in population.Step.States select population.Step.Initial[state]).Concat(model.DelayLines.Select(static line => line.Initial));
        return [.. NetworkValues.Of(model).States.Zip(initial, static (value, init) => new JsonObject
        {
            ["in"] = value.Name,
            ["out"] = NetworkNames.Next(value.Name),
            ["shape"] = value.Depth is { } depth ? new JsonArray(OnnxExport.Batch, depth, value.Width) : new JsonArray(OnnxExport.Batch, value.Width),
            ["init"] = Numbers(init),
            ["unit"] = value.Unit,
        })];
    }

    private static JsonObject Units(NetworkModel model)
    {
        var values = NetworkValues.Of(model);
        return new(values.Rows.Concat(values.Spikes).Concat(values.Readouts).Select(static value => KeyValuePair.Create(value.Name, (JsonNode?)value.Unit)));
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Parameters(PopulationModel population) => population.Definition.Model.Parameters.Select(parameter =>
        KeyValuePair.Create($"{population.Name}.{parameter.Name}", (JsonNode?)new JsonObject
        {
            ["value"] = Numbers(population.Definition.Values.GetValueOrDefault(parameter.Name, [parameter.Default.InEngineUnits])),
            ["unit"] = EngineUnit.Of(parameter.Dimension),
        }));

    private static JsonArray Projections(NetworkModel model) =>
        [.. model.Slices.GroupBy(static slice => slice.Projection).Select(static slices => new JsonObject
        {
            ["name"] = slices.Key,
            ["from"] = slices.First().Output.Length == 0 ? slices.First().Source : $"{slices.First().Source}.{slices.First().Output}",
            ["to"] = $"{slices.First().Target}.{slices.First().Port}",
            ["connections"] = slices.Sum(static slice => slice.Count),
            ["delays"] = new JsonArray([.. slices.Select(static slice => (JsonNode)slice.Delay)]),
            ["form"] = slices.All(static slice => slice.IsTable) ? "table" : slices.Any(static slice => slice.IsTable) ? "matrix and table" : "matrix",
        })];

    private static JsonNode Numbers(double[] values) => values.Length == 1 ? values[0] : new JsonArray([.. values.Select(static value => (JsonNode)value)]);
}
