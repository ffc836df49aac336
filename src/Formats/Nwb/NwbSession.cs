using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;

namespace BrainModular.Formats.Nwb;

/// <summary>What a file says about the session that it records.</summary>
/// <param name="Version">The version of NWB that it was written for, such as <c>2.5.0</c>.</param>
/// <param name="Identifier">The file's identifier; empty where it has none.</param>
/// <param name="Description">What was recorded; empty where the file does not say.</param>
/// <param name="StartTime">When the session began, or null where the file does not say or not legibly.</param>
/// <param name="Experimenters">Who recorded it.</param>
/// <param name="General">Every other text directly in <c>/general</c> and in <c>/general/subject</c>, by its path below <c>/general</c>.</param>
public sealed record NwbSession(
    string Version, string Identifier, string Description, DateTimeOffset? StartTime, IReadOnlyList<string> Experimenters, IReadOnlyDictionary<string, string> General)
{
    internal static NwbSession Read(Hdf5File file, string version, FaultLog log)
    {
        var general = new Dictionary<string, string>(StringComparer.Ordinal);
        ReadTexts(file, "/general", "", general);
        ReadTexts(file, "/general/subject", "subject/", general);
        general.Remove("experimenter");
        var start = Required(file, "/session_start_time", log);
        var legible = DateTimeOffset.TryParse(start, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        if (start.Length > 0 && !legible)
        {
            log.Add(new Diagnostic("BM3026", $"'{start}' is no time", new Place(file.Path, "/session_start_time"), "a time as ISO 8601 writes it"));
        }

        return new NwbSession(
            version, Required(file, "/identifier", log), Required(file, "/session_description", log), legible ? time : null, ReadExperimenters(file, log), general);
    }

    private static string Required(Hdf5File file, string path, FaultLog log)
    {
        if (file.Find(path) is { IsDataset: true } && log.Try(() => file.Read(path).Text, null) is { } text)
        {
            return text;
        }

        log.Add(new Diagnostic("BM3022", "the file lacks this text, which NWB requires", new Place(file.Path, path)));
        return "";
    }

    private static IReadOnlyList<string> ReadExperimenters(Hdf5File file, FaultLog log)
    {
        const string path = "/general/experimenter";
        if (file.Find(path) is not { IsDataset: true })
        {
            return [];
        }

        var value = file.Read(path);
        if (value.Shape.Count == 0)
        {
            log.Add(new Diagnostic("BM3026", "there is one text where NWB requires a list of texts", new Place(file.Path, path)));
        }

        return value.Texts;
    }

    private static void ReadTexts(Hdf5File file, string group, string prefix, Dictionary<string, string> texts)
    {
        if (file.Find(group) is not { IsDataset: false })
        {
            return;
        }

        foreach (var link in file.Links(group))
        {
            var path = $"{group}/{link.Name}";
            if (file.Find(path) is { IsDataset: true } && file.Dataset(path) is { Type.Kind: Hdf5Kind.Text, Count: < 1000 })
            {
                texts[prefix + link.Name] = string.Join("; ", file.ReadTexts(path));
            }
        }
    }
}
