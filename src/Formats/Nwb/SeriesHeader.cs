using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>All of a series but its samples.</summary>
internal sealed record SeriesHeader(
    IReadOnlyList<long> Shape,
    string Unit,
    double Conversion,
    double Offset,
    IReadOnlyList<double>? ChannelConversion,
    NwbTiming? Timing,
    long? SweepNumber,
    double? Gain,
    string? Electrode,
    IReadOnlyDictionary<string, Hdf5Value> Attributes,
    Diagnostic? Fault)
{
    /// <summary>The current in A that the amplifier injected beside the stimulus; null where the file gives none.</summary>
    public double? BiasCurrent { get; init; }

    /// <summary>The attribute that says what stimulus was applied.</summary>
    public const string StimulusDescription = "stimulus_description";

    private const string AllenStimulus = "aibs_stimulus_name";

    public string Text(string attribute) => Attributes.GetValueOrDefault(attribute)?.Text ?? "";

    /// <summary>The factor of the element at a position, whose channel is the second dimension.</summary>
    public double ConversionOf(long position)
    {
        if (ChannelConversion is not { Count: > 0 } channels || Shape.Count < 2 || Shape[1] != channels.Count)
        {
            return Conversion;
        }

        long inner = 1;
        for (var i = 2; i < Shape.Count; i++)
        {
            inner *= Shape[i];
        }

        return Conversion * channels[(int)(position / inner % Shape[1])];
    }

    /// <summary>Stands for a header that the file's damage keeps from being read.</summary>
    public static SeriesHeader Unreadable(Diagnostic fault) => new([0], "", 1, 0, null, null, null, null, null, new Dictionary<string, Hdf5Value>(), fault);

    public static SeriesHeader Read(Hdf5File file, string path)
    {
        var attributes = file.Attributes(path);
        if (!attributes.ContainsKey(StimulusDescription) && file.Find($"{path}/{AllenStimulus}") is { IsDataset: true })
        {
            attributes = new Dictionary<string, Hdf5Value>(attributes) { [StimulusDescription] = file.Read($"{path}/{AllenStimulus}") };
        }

        var sweep = attributes.GetValueOrDefault("sweep_number")?.Number;
        var data = $"{path}/data";
        var (dataset, fault) = Describe(file, data);
        var about = dataset is null ? new Dictionary<string, Hdf5Value>() : file.Attributes(data);
        var (conversion, offset) = (Scale(about, "conversion", 1), Scale(about, "offset", 0));
        if (fault is null && (conversion is null or 0 || offset is null))
        {
            var wrong = offset is null ? "offset" : "conversion";
            fault = new Diagnostic(
                "BM3028", $"the {wrong} of the series' data is {Shown(about[wrong])}", new Place(file.Path, data), wrong == "offset" ? "a finite number" : "a finite number other than 0",
                "correct the attribute, or leave out the sweep");
        }

        return new SeriesHeader(
            dataset?.Shape ?? [0],
            about.GetValueOrDefault("unit")?.Text ?? "",
            conversion ?? 1,
            offset ?? 0,
            Numbers(file, $"{path}/channel_conversion"),
            ReadTiming(file, path, dataset?.Shape is [var samples, ..] ? samples : 0),
            sweep is >= 0 and < long.MaxValue ? (long)sweep : null,
            Numbers(file, $"{path}/gain") is [var gain, ..] ? gain : null,
            file.Find($"{path}/electrode")?.Path,
            attributes,
            fault) { BiasCurrent = Numbers(file, $"{path}/bias_current") is [var bias, ..] ? bias : null };
    }

    // A number that is there and none, such as the text "0.001", must not pass for the one that stands where none is.
    private static double? Scale(IReadOnlyDictionary<string, Hdf5Value> attributes, string name, double otherwise) =>
        !attributes.TryGetValue(name, out var value) ? otherwise : value.Number is { } number && double.IsFinite(number) ? number : null;

    private static string Shown(Hdf5Value value) =>
        value.Text is { } text ? $"the text '{text}'" : value.Number is { } number ? string.Create(CultureInfo.InvariantCulture, $"{number}") : value.Type.ToString() ?? "no number";

    private static (Hdf5Dataset? Dataset, Diagnostic? Fault) Describe(Hdf5File file, string path)
    {
        var place = new Place(file.Path, path);
        if (file.Find(path, out var reason) is not { } found)
        {
            return (null, new Diagnostic("BM3024", $"the series has no data: {reason!.Problem}", place, "a dataset of numbers"));
        }

        if (!found.IsDataset)
        {
            return (null, new Diagnostic("BM3024", "the series' data is a group", place, "a dataset of numbers"));
        }

        var dataset = file.Dataset(path);
        var fault = dataset.Type.IsNumber || dataset.Type.Kind == Hdf5Kind.Boolean
            ? null
            : new Diagnostic("BM3024", $"the series' data holds {dataset.Type}", place, "numbers");
        return (dataset, fault);
    }

    private static NwbTiming? ReadTiming(Hdf5File file, string path, long samples)
    {
        if (Numbers(file, $"{path}/starting_time") is [var start, ..] && file.Attribute($"{path}/starting_time", "rate")?.Number is { } rate)
        {
            return new NwbTiming(start, rate, HasTimestamps: false);
        }

        var stamps = $"{path}/timestamps";
        if (file.Find(stamps) is not { IsDataset: true } || file.Dataset(stamps) is not { Type.IsNumber: true, Shape: [var count] } || count != samples)
        {
            return null;
        }

        if (count < 2)
        {
            return new NwbTiming(count == 0 ? 0 : file.ReadDoubles(stamps)[0], double.NaN, HasTimestamps: true);
        }

        var first = file.ReadDoubles(stamps, Hdf5Window.Rows(0, 1))[0];
        var last = file.ReadDoubles(stamps, Hdf5Window.Rows(count - 1, 1))[0];
        return new NwbTiming(first, (count - 1) / (last - first), HasTimestamps: true);
    }

    private static double[]? Numbers(Hdf5File file, string path) =>
        file.Find(path) is { IsDataset: true } && file.Dataset(path) is { Type.IsNumber: true, Count: < 1 << 20 } ? file.ReadDoubles(path) : null;
}
