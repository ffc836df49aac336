using System.Text.Json;

namespace BrainModular.Host.Reports;

/// <summary>What the page's script draws of a fit's uncertainty.</summary>
internal static class UncertaintyJson
{
    public static void Write(Utf8JsonWriter json, ReportUncertainty uncertainty)
    {
        json.WriteStartArray("profiles");
        foreach (var profile in uncertainty.Profiles)
        {
            json.WriteStartObject();
            json.WriteString("name", profile.Name);
            json.WriteString("unit", NumberText.Unit(profile.Unit));
            json.WriteNumber("threshold", uncertainty.Threshold);
            JsonNumbers.Write(json, "x", profile.Values, digits: 8);
            JsonNumbers.Write(json, "y", profile.Nats, digits: 5);
            JsonNumbers.Write(json, "ends", new[] { profile.Lower, profile.Upper }.OfType<double>(), digits: 8);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
