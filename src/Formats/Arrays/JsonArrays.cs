using System.Text.Json;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Arrays;

/// <summary>Arrays of numbers by name in JSON: an object of arrays inside arrays, as many deep as there are axes.</summary>
public static class JsonArrays
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="DiagnosticException">BM3600: it cannot be read; BM3603: it is no JSON, or has no arrays of numbers with a shape.</exception>
    public static IReadOnlyDictionary<string, NumberArray> Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), new() { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.EnumerateObject().ToDictionary(static property => property.Name, property => Array(property.Value, path, property.Name))
                : throw Fault(path, "", $"the file holds {Noun(document.RootElement)}");
        }
        catch (JsonException error)
        {
            throw new DiagnosticException("BM3603", $"the file is not JSON: {error.Message}", new Place(path), "an object of arrays", "correct the file", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException("BM3600", $"the file cannot be read: {error.Message}", new Place(path), "a readable file of less than 2 GB", "check the path and the file's permissions", error);
        }
    }

    /// <summary>The content of a file. A number that is not finite becomes <c>null</c>, since JSON has none.</summary>
    public static byte[] Encode(IReadOnlyDictionary<string, NumberArray> arrays)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var (name, array) in arrays)
            {
                writer.WritePropertyName(name);
                Write(writer, array, 0, 0);
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }

    private static NumberArray Array(JsonElement element, string path, string name)
    {
        var shape = new List<long>();
        for (var inner = element; inner.ValueKind == JsonValueKind.Array; inner = inner[0])
        {
            shape.Add(inner.GetArrayLength());
            if (inner.GetArrayLength() == 0)
            {
                break;
            }
        }

        var elements = new List<double>();
        Add(element, 0);
        return new(shape, [.. elements]);

        void Add(JsonElement part, int axis)
        {
            if (axis == shape.Count)
            {
                elements.Add(part.ValueKind == JsonValueKind.Number ? part.GetDouble() : throw Fault(path, name, $"{Noun(part)} stands where a number should"));
                return;
            }

            if (part.ValueKind != JsonValueKind.Array || part.GetArrayLength() != shape[axis])
            {
                throw Fault(path, name, $"{Noun(part)} stands beside arrays of {shape[axis]}");
            }

            foreach (var inner in part.EnumerateArray())
            {
                Add(inner, axis + 1);
            }
        }
    }

    private static int Write(Utf8JsonWriter writer, NumberArray array, int axis, int at)
    {
        if (axis == array.Shape.Count)
        {
            if (!double.IsFinite(array.Elements[at]))
            {
                writer.WriteNullValue();
            }
            else if (array.IsSingle)
            {
                writer.WriteNumberValue((float)array.Elements[at]);
            }
            else
            {
                writer.WriteNumberValue(array.Elements[at]);
            }

            return at + 1;
        }

        writer.WriteStartArray();
        for (var i = 0L; i < array.Shape[axis]; i++)
        {
            at = Write(writer, array, axis + 1, at);
        }

        writer.WriteEndArray();
        return at;
    }

    private static string Noun(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => $"an array of {element.GetArrayLength()}",
        JsonValueKind.Object => "an object",
        JsonValueKind.Number => "a number",
        JsonValueKind.String => "a string",
        _ => element.GetRawText(),
    };

    private static DiagnosticException Fault(string path, string name, string problem) =>
        new("BM3603", problem, new Place(path, name), "an object of arrays of numbers, {\"NAME\": [[[0, 1], ...], ...]}, of which all on one axis are equally long", "correct the file");
}
