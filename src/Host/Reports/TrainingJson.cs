using System.Text.Json;
using BrainModular.Engine.Statistics;

namespace BrainModular.Host.Reports;

/// <summary>What the page's script draws of a training. Every plot has a few thousand points at most.</summary>
internal static class TrainingJson
{
    /// <summary>How many channels of a readout are drawn.</summary>
    public const int MostChannels = 12;

    /// <summary>How many spikes are drawn.</summary>
    public const int MostSpikes = 6_000;

    /// <summary>Into how many bins a trial's rates are counted.</summary>
    public const int MostRateBins = 200;

    private const int MostTracePoints = 24_000;
    private const int MostPointsPerTrace = 2_000;
    private const int FewestPointsPerTrace = 100;
    private const int MostPointsPerCurve = 1_000;
    private const double ShortestRateBin = 10;
    private const int FewestWeightBins = 6;
    private const int MostWeightBins = 50;
    private const int FitPoints = 150;

    public static void Write(Utf8JsonWriter json, ReportTraining training)
    {
        json.WriteStartObject("training");
        json.WriteString("accuracyName", training.AccuracyName);
        var curves = training.Curves;
        Trace(json, "loss", curves.Trials, [.. curves.Loss], MostPointsPerCurve);
        Trace(json, "accuracy", curves.Trials, [.. curves.Accuracy], MostPointsPerCurve);
        Trace(json, "validationLoss", curves.ValidationTrials, [.. curves.ValidationLoss], MostPointsPerCurve);
        Trace(json, "validationAccuracy", curves.ValidationTrials, [.. curves.ValidationAccuracy], MostPointsPerCurve);
        Each(json, "rates", curves.Rates, (_, rate) =>
        {
            json.WriteString("name", rate.Name);
            Points(json, curves.Trials, rate.Samples.Span, MostPointsPerCurve);
        });
        if (training.Trial is { } trial)
        {
            Trial(json, trial);
        }

        Each(json, "weights", training.Weights.Take(TrainingSection.MostDrawn), Weights);
        json.WriteEndObject();
    }

    /// <summary>Of which units spikes are drawn: every so many, so that those that are drawn are drawn whole.</summary>
    public static int StrideOf(ReportTrial trial)
    {
        if (trial.Stride is { } given)
        {
            return given;
        }

        var stride = 1;
        while (stride < int.MaxValue / 2 && trial.Rasters.Sum(r => (long)r.Spikes.Count(s => s.Unit % stride == 0)) > MostSpikes && trial.Rasters.Any(r => r.Units > stride))
        {
            stride++;
        }

        return stride;
    }

    /// <summary>Writes a trial under that name.</summary>
    public static void Trial(Utf8JsonWriter json, ReportTrial trial)
    {
        var stride = StrideOf(trial);
        var traces = trial.Inputs.Count + trial.Potentials.Count + Math.Min(trial.Readout.Count, MostChannels) + Math.Min(trial.Targets.Count, MostChannels);
        var points = Math.Clamp(MostTracePoints / Math.Max(1, traces), FewestPointsPerTrace, MostPointsPerTrace);
        double[] times = [.. Enumerable.Range(0, trial.Steps).Select(t => t * trial.TimeStep)];
        void Named(Utf8JsonWriter _, ReportTrace trace)
        {
            json.WriteString("name", trace.Name);
            Points(json, times, trace.Samples.Span, points);
        }

        json.WriteStartObject("trial");
        json.WriteNumber("end", trial.Steps * trial.TimeStep);
        Each(json, "periods", trial.Periods, Period);
        Each(json, "asked", trial.Asked, Period);
        Each(json, "rasters", trial.Rasters, (_, raster) => Raster(json, raster, trial, stride));
        Each(json, "inputs", trial.Inputs, Named);
        Each(json, "potentials", trial.Potentials, (_, trace) =>
        {
            json.WriteString("population", trace.Population);
            json.WriteString("variable", trace.Variable);
            json.WriteNumber("unit", trace.Unit);
            json.WriteString("in", NumberText.Unit(trace.In));
            JsonNumbers.Write(json, "threshold", trace.Threshold is { } threshold ? [threshold] : []);
            JsonNumbers.Write(json, "spikes", trace.Spikes.Take(MostPointsPerTrace).Select(t => t * trial.TimeStep));
            Points(json, trace.Every == 1 ? times : [.. Enumerable.Range(0, trace.Samples.Length).Select(i => i * trace.Every * trial.TimeStep)], trace.Samples.Span, points);
        });
        Each(json, "readout", trial.Readout.Take(MostChannels), Named);
        Each(json, "targets", trial.Targets.Take(MostChannels), Named);
        json.WriteEndObject();
    }

    private static void Raster(Utf8JsonWriter json, ReportRaster raster, ReportTrial trial, int stride)
    {
        var drawn = raster.Spikes.Where(s => s.Unit % stride == 0).Take(MostSpikes).ToList();
        json.WriteString("name", raster.Name);
        json.WriteBoolean("isInput", raster.IsInput);
        json.WriteNumber("rows", (raster.Units + stride - 1) / stride);
        json.WriteNumber("stride", stride);
        JsonNumbers.Write(json, "x", drawn.Select(s => s.Step * trial.TimeStep));
        JsonNumbers.Write(json, "y", drawn.Select(s => (double)(s.Unit / stride)));
        var (centers, rates) = raster.Rates ?? RatesOf(raster, trial);
        JsonNumbers.Write(json, "rateX", centers);
        JsonNumbers.Write(json, "rateY", rates, digits: 4);
    }

    /// <summary>The mean rate of all units in Hz, in bins of whole steps.</summary>
    private static (double[] Centers, double[] Rates) RatesOf(ReportRaster raster, ReportTrial trial)
    {
        var width = Math.Max(1, (int)Math.Round(Math.Max(ShortestRateBin / trial.TimeStep, (double)trial.Steps / MostRateBins)));
        var bins = (trial.Steps + width - 1) / width;
        var rates = new double[bins];
        double Length(int bin) => Math.Min(width, trial.Steps - (bin * width));
        foreach (var (step, _) in raster.Spikes)
        {
            rates[step / width] += 1000 / (Length(step / width) * trial.TimeStep * raster.Units);
        }

        return ([.. Enumerable.Range(0, bins).Select(b => ((b * width) + (0.5 * Length(b))) * trial.TimeStep)], rates);
    }

    private static void Weights(Utf8JsonWriter json, ReportWeights weights)
    {
        var (bins, width) = Bins([weights.Before, weights.After]);
        double[] at = [.. Enumerable.Range(0, FitPoints).Select(i => bins * width * (i + 0.5) / FitPoints)];
        json.WriteString("projection", weights.Projection);
        json.WriteString("unit", NumberText.Unit(weights.Unit));
        json.WriteBoolean("isTrained", weights.IsTrained);
        JsonNumbers.Write(json, "edges", Enumerable.Range(0, bins + 1).Select(i => i * width), digits: 5);
        JsonNumbers.Write(json, "before", weights.Before.Histogram(bins, width), digits: 4);
        JsonNumbers.Write(json, "after", weights.After.Histogram(bins, width), digits: 4);
        JsonNumbers.Write(json, "at", weights.After.HalfNormal is null ? [] : at, digits: 5);
        JsonNumbers.Write(json, "halfNormal", weights.After.HalfNormal is { } half ? at.Select(half.Density) : [], digits: 4);
        JsonNumbers.Write(json, "logNormal", weights.After.LogNormal is { } log ? at.Select(log.Density) : [], digits: 4);
    }

    /// <summary>Into how many bins of which width magnitudes are counted that are drawn on one axis.</summary>
    public static (int Bins, double Width) Bins(IReadOnlyList<WeightStatistics> weights)
    {
        // Twice the cube root of the number (Rice's rule), so that few weights make no comb.
        var bins = Math.Clamp((int)Math.Round(2 * Math.Cbrt(weights[^1].Magnitudes.Count)), FewestWeightBins, MostWeightBins);
        var most = weights.Max(static w => Range(w.Magnitudes));
        return (bins, most > 0 ? most / bins : 1);
    }

    /// <summary>Up to where magnitudes are drawn, so that a few large ones do not press the others together.</summary>
    private static double Range(IReadOnlyList<double> ascending) =>
        ascending.Count == 0 ? 0 : Math.Min(1.02 * ascending[^1], 1.5 * ascending[(int)(0.99 * (ascending.Count - 1))]);

    private static void Period(Utf8JsonWriter json, ReportPeriod period)
    {
        json.WriteString("name", period.Name);
        JsonNumbers.Write(json, "span", [period.Start, period.End]);
    }

    public static void Each<T>(Utf8JsonWriter json, string name, IEnumerable<T> things, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var thing in things)
        {
            json.WriteStartObject();
            write(json, thing);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Trace(Utf8JsonWriter json, string name, IReadOnlyList<double> x, double[] y, int most)
    {
        json.WriteStartObject(name);
        Points(json, x, y, most);
        json.WriteEndObject();
    }

    private static void Points(Utf8JsonWriter json, IReadOnlyList<double> x, ReadOnlySpan<double> y, int most)
    {
        var indices = y.IsEmpty ? [] : Decimation.Indices(y, most);
        var values = new double[indices.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = y[indices[i]];
        }

        JsonNumbers.Write(json, "x", indices.Select(i => x[i]));
        JsonNumbers.Write(json, "y", values, digits: 5);
    }
}
