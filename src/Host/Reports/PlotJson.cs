using System.Buffers;
using System.Text;
using System.Text.Json;

namespace BrainModular.Host.Reports;

/// <summary>
/// What the page's script draws, as JSON that may stand inside a script element: the writer's default encoder escapes angle brackets, ampersands,
/// quotes and every character outside ASCII, so that no text from a file can end the element.
/// </summary>
internal static class PlotJson
{
    /// <summary>How many points all traces of a page have together at most; about 14 bytes each.</summary>
    private const int MostPoints = 400_000;

    private const int MostPointsPerTrace = 6_000;
    private const int FewestPointsPerTrace = 200;
    private const int MostCurves = 50;
    private const int MostPointsPerCurve = 500;

    public static Html Write(IReadOnlyList<ReportStage> stages)
    {
        var traces = Math.Max(1, stages.Sum(stage => stage.Sweeps.Sum(static sweep => sweep.Lower.IsEmpty ? 3 : 5)));
        var points = Math.Clamp(MostPoints / traces, FewestPointsPerTrace, MostPointsPerTrace);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var stage in stages)
            {
                WriteStage(json, stage, points);
            }

            json.WriteEndArray();
        }

        return new(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>What the comparison of trainings draws.</summary>
    public static Html Compared(IReadOnlyList<ReportStage> stages)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var compared in ComparedWeights.Of(stages).Take(TrainingSection.MostDrawn))
            {
                compared.Write(json);
            }

            json.WriteEndArray();
        }

        return new(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteStage(Utf8JsonWriter json, ReportStage stage, int points)
    {
        json.WriteStartObject();
        json.WriteString("name", stage.Name);
        json.WriteString("lossUnit", NumberText.Unit(stage.LossUnit));
        json.WriteStartArray("sweeps");
        foreach (var sweep in stage.Sweeps)
        {
            WriteSweep(json, sweep, points);
        }

        json.WriteEndArray();
        json.WriteStartArray("curves");
        foreach (var start in stage.Starts.OrderBy(start => start.Loss).Take(MostCurves))
        {
            WriteCurve(json, start);
        }

        json.WriteEndArray();
        if (stage.Spikes is { } spikes)
        {
            SpikeJson.Write(json, spikes);
        }

        if (stage.Uncertainty is { } uncertainty)
        {
            UncertaintyJson.Write(json, uncertainty);
        }

        if (stage.Training is { } training)
        {
            TrainingJson.Write(json, training);
        }

        if (stage.Trial is { } trial)
        {
            TrainingJson.Trial(json, trial);
        }

        json.WriteEndObject();
    }

    private static void WriteSweep(Utf8JsonWriter json, ReportSweep sweep, int points)
    {
        json.WriteStartObject();
        json.WriteNumber("number", sweep.Number);
        json.WriteString("part", sweep.Part);
        WriteTrace(json, "stimulus", sweep, sweep.Stimulus.Span, points);
        WriteTrace(json, "recorded", sweep, sweep.Recorded.Span, points);
        WriteTrace(json, "fitted", sweep, sweep.Fitted.Span, points);
        WriteTrace(json, "lower", sweep, sweep.Lower.Span, points);
        WriteTrace(json, "upper", sweep, sweep.Upper.Span, points);
        JsonNumbers.Write(json, "recordedSpikes", Decimation.Drawn(sweep.RecordedSpikes));
        JsonNumbers.Write(json, "fittedSpikes", Decimation.Drawn(sweep.FittedSpikes));
        json.WriteEndObject();
    }

    private static void WriteTrace(Utf8JsonWriter json, string name, ReportSweep sweep, ReadOnlySpan<double> samples, int points)
    {
        var indices = samples.IsEmpty ? [] : Decimation.Indices(samples, points);
        var values = new double[indices.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = samples[indices[i]];
        }

        json.WriteStartObject(name);
        JsonNumbers.Write(json, "x", indices.Select(index => sweep.Start + index * sweep.Interval), digits: 8);
        JsonNumbers.Write(json, "y", values, digits: 5);
        json.WriteEndObject();
    }

    // A curve may hold the loss of every iteration of a long training: it is thinned by the same rule as a trace.
    private static void WriteCurve(Utf8JsonWriter json, ReportStart start)
    {
        double[] losses = [.. start.LossCurve];
        var indices = losses.Length == 0 ? [] : Decimation.Indices(losses, MostPointsPerCurve);
        json.WriteStartObject();
        JsonNumbers.Write(json, "x", indices.Select(index => (double)index));
        JsonNumbers.Write(json, "y", indices.Select(index => losses[index]), digits: 5);
        json.WriteEndObject();
    }
}
