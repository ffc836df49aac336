using System.Text.Json;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>Which neurodata type extends which: a table for the types that matter here, and the file's own specifications for extensions.</summary>
internal sealed class NwbTypes(Hdf5File file)
{
    private static readonly Dictionary<string, string> Core = new(StringComparer.Ordinal)
    {
        ["PatchClampSeries"] = "TimeSeries",
        ["CurrentClampSeries"] = "PatchClampSeries",
        ["IZeroClampSeries"] = "CurrentClampSeries",
        ["CurrentClampStimulusSeries"] = "PatchClampSeries",
        ["VoltageClampSeries"] = "PatchClampSeries",
        ["VoltageClampStimulusSeries"] = "PatchClampSeries",
        ["ElectricalSeries"] = "TimeSeries",
        ["SpikeEventSeries"] = "ElectricalSeries",
        ["AnnotationSeries"] = "TimeSeries",
        ["AbstractFeatureSeries"] = "TimeSeries",
        ["IntervalSeries"] = "TimeSeries",
        ["DecompositionSeries"] = "TimeSeries",
        ["SpatialSeries"] = "TimeSeries",
        ["ImageSeries"] = "TimeSeries",
        ["ImageMaskSeries"] = "ImageSeries",
        ["OpticalSeries"] = "ImageSeries",
        ["TwoPhotonSeries"] = "ImageSeries",
        ["OnePhotonSeries"] = "ImageSeries",
        ["IndexSeries"] = "TimeSeries",
        ["RoiResponseSeries"] = "TimeSeries",
        ["OptogeneticSeries"] = "TimeSeries",
        ["Units"] = "DynamicTable",
        ["TimeIntervals"] = "DynamicTable",
        ["PlaneSegmentation"] = "DynamicTable",
        ["SweepTable"] = "DynamicTable",
        ["AlignedDynamicTable"] = "DynamicTable",
        ["IntracellularElectrodesTable"] = "DynamicTable",
        ["IntracellularStimuliTable"] = "DynamicTable",
        ["IntracellularResponsesTable"] = "DynamicTable",
        ["IntracellularRecordingsTable"] = "AlignedDynamicTable",
        ["SimultaneousRecordingsTable"] = "DynamicTable",
        ["SequentialRecordingsTable"] = "DynamicTable",
        ["RepetitionsTable"] = "DynamicTable",
        ["ExperimentalConditionsTable"] = "DynamicTable",
        ["TimeSeries"] = "NWBDataInterface",
        ["DynamicTable"] = "Container",
    };

    private Dictionary<string, string>? _extensions;

    /// <summary>Whether a type is another or extends it, directly or not.</summary>
    public bool IsA(string type, string ancestor)
    {
        // No chain of types is as long as this; one that refers to itself would be for ever.
        for (var steps = 0; steps < 32; steps++)
        {
            if (type == ancestor)
            {
                return true;
            }

            if (!Core.TryGetValue(type, out var parent) && !Extensions.TryGetValue(type, out parent))
            {
                return false;
            }

            type = parent;
        }

        return false;
    }

    private Dictionary<string, string> Extensions => _extensions ??= ReadSpecifications();

    // /specifications/NAMESPACE/VERSION/FILE holds JSON text; files before NWB 2.0.2, and some after, have none.
    private Dictionary<string, string> ReadSpecifications()
    {
        var parents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Children("/specifications").SelectMany(Children).SelectMany(Children))
        {
            if (file.Find(path) is { IsDataset: true } && file.Dataset(path).Type.Kind == Hdf5Kind.Text && file.Read(path).Text is { } text)
            {
                Collect(text, parents);
            }
        }

        return parents;
    }

    private IEnumerable<string> Children(string group) =>
        file.Find(group) is { IsDataset: false } ? file.Links(group).Select(link => $"{group}/{link.Name}") : [];

    private static void Collect(string json, Dictionary<string, string> parents)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            Collect(document.RootElement, parents);
        }
        catch (JsonException)
        {
            // A specification that is no JSON describes nothing; the objects of its types stay generic, as without it.
            return;
        }
    }

    private static void Collect(JsonElement element, Dictionary<string, string> parents)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Collect(item, parents);
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            if (element.TryGetProperty("neurodata_type_def", out var defined) && element.TryGetProperty("neurodata_type_inc", out var extended)
                && defined.ValueKind == JsonValueKind.String && extended.ValueKind == JsonValueKind.String)
            {
                parents.TryAdd(defined.GetString()!, extended.GetString()!);
            }

            foreach (var property in element.EnumerateObject())
            {
                Collect(property.Value, parents);
            }
        }
    }
}
