using System.Text.Json;

namespace BrainModular.Host.Reports;

/// <summary>The rasters of a fit as the page's script reads them: rows from above, for each stimulus the recorded repeats and below them the model's.</summary>
internal static class SpikeJson
{
    /// <summary>How many rows are drawn at most.</summary>
    public const int MostRows = 120;

    /// <summary>The stimuli that are drawn, all rows of each.</summary>
    public static IReadOnlyList<ReportSpikeRaster> Drawn(ReportSpikes spikes)
    {
        var rows = 0;
        return [.. spikes.Rasters.TakeWhile((r, i) => (rows += 2 * r.Sweeps.Count) <= MostRows || i == 0)];
    }

    public static void Write(Utf8JsonWriter json, ReportSpikes spikes)
    {
        json.WriteStartArray("rasters");
        foreach (var raster in Drawn(spikes))
        {
            json.WriteStartObject();
            json.WriteNumber("start", raster.Start);
            json.WriteNumber("end", raster.End);
            json.WriteStartArray("rows");
            Rows(json, raster, "recorded", raster.Recorded);
            Rows(json, raster, "model", raster.Model);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Rows(Utf8JsonWriter json, ReportSpikeRaster raster, string kind, IReadOnlyList<double[]> rows)
    {
        foreach (var (sweep, times) in raster.Sweeps.Zip(rows).Take(MostRows / 2))
        {
            json.WriteStartObject();
            json.WriteNumber("sweep", sweep);
            json.WriteString("kind", kind);
            JsonNumbers.Write(json, "x", Decimation.Drawn(times));
            json.WriteEndObject();
        }
    }
}
