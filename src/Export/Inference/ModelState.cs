using System.Text.Json;
using BrainModular.Diagnostics;
using BrainModular.Formats.Arrays;

namespace BrainModular.Export.Inference;

/// <summary>A state or delay line of an exported model, as its metadata describes it.</summary>
/// <param name="In">The input that takes it at the start.</param>
/// <param name="Out">The output that gives it at the end.</param>
/// <param name="Shape">The axes after that of lanes.</param>
/// <param name="Initial">Its value at time 0: one number, or one for each unit.</param>
internal sealed record ModelState(string In, string Out, long[] Shape, double[] Initial)
{
    /// <summary>The value at time 0 in as many lanes.</summary>
    public NumberArray At0(long lanes)
    {
        var elements = new double[lanes * Shape.Aggregate(1L, static (a, b) => a * b)];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = Initial[i % Initial.Length];
        }

        return new([lanes, .. Shape], elements);
    }

    /// <summary>The states that <c>brainmodular.state</c> lists.</summary>
    /// <exception cref="DiagnosticException">BM3610: it lists something else.</exception>
    public static IReadOnlyList<ModelState> Parse(string json, string file)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            ModelState[] states = [.. document.RootElement.EnumerateArray().Select(static state => new ModelState(
                state.GetProperty("in").GetString()!,
                state.GetProperty("out").GetString()!,
                [.. state.GetProperty("shape").EnumerateArray().Skip(1).Select(static length => length.GetInt64())],
                state.GetProperty("init") is { ValueKind: JsonValueKind.Array } values ? [.. values.EnumerateArray().Select(static value => value.GetDouble())] : [state.GetProperty("init").GetDouble()]))];
            return Array.TrueForAll(states, static state => state.Initial.Length == 1 || state.Initial.Length == state.Shape.LastOrDefault()) ? states
                : throw new FormatException("a state with neither one value at time 0 nor one for each unit");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new DiagnosticException("BM3610", "the model's metadata does not say which states it has", new Place(file, "brainmodular.state"),
                "a list of 'in', 'out', 'shape' and 'init'", "export the model again", error);
        }
    }
}
