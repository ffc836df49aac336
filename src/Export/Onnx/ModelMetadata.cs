using System.Globalization;
using System.Text.Json.Nodes;
using BrainModular.Engine.Ir;

namespace BrainModular.Export.Onnx;

/// <summary>What a file says about itself beside the graph, so that a program can run it without any other source.</summary>
internal static class ModelMetadata
{
    public static IReadOnlyList<KeyValuePair<string, string>> Entries(StepModel model, string mode)
    {
        var names = new ValueNames(model);
        return
        [
            Entry("format", OnnxExport.Format),
            Entry("mode", mode),
            Entry("dt_ms", model.TimeStep.ToString("R", CultureInfo.InvariantCulture)),
            Entry("neurons", new JsonObject { [model.Population] = model.NeuronType }.ToJsonString()),
            Entry("state", States(model, names).ToJsonString()),
            Entry("units", Units(model, names).ToJsonString()),
            Entry("parameters", Parameters(model).ToJsonString()),
            .. model.Metadata.Select(entry => Entry(entry.Key, entry.Value)),
        ];
    }

    private static KeyValuePair<string, string> Entry(string key, string value) => new($"brainmodular.{key}", value);

    private static JsonArray States(StepModel model, ValueNames names) =>
        [.. model.States.Select(state => new JsonObject
        {
            ["in"] = names.State(state),
            ["out"] = names.Next(state),
            ["shape"] = new JsonArray(OnnxExport.Batch, model.Units),
            ["init"] = Numbers(model.Initial[state]),
            ["unit"] = model.UnitOf(state),
        })];

    private static JsonObject Units(StepModel model, ValueNames names) => new(
    [
        .. model.Rows(IrInputKind.Signal).Select(port => KeyValuePair.Create(names.Row(port), (JsonNode?)model.UnitOf(port.Name))),
        .. model.Outputs.Select(output => KeyValuePair.Create(names.Output(output), (JsonNode?)output.Unit)),
    ]);

    private static JsonObject Parameters(StepModel model) => new(model.Rows(IrInputKind.Parameter).Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)new JsonObject
    {
        ["value"] = Numbers(model.Parameters[parameter.Name]),
        ["unit"] = model.UnitOf(parameter.Name),
    })));

    private static JsonNode Numbers(double[] values) => values.Length == 1 ? values[0] : new JsonArray([.. values.Select(value => (JsonNode)value)]);
}
