using BrainModular.Diagnostics;

namespace BrainModular.Host.Configuration;

/// <summary>One of the recordings that an experiment is run for.</summary>
/// <param name="Name">What it is called: the file's name without extension, with a number where several have it.</param>
/// <param name="File">The file.</param>
internal sealed record NamedRecording(string Name, string File);

/// <summary>The key <c>recordings</c>: which files it names, and the configuration for each of them alone.</summary>
internal static class RecordingList
{
    public const string Key = "recordings";

    private const string Path = "path";
    private const string Recording = "recording";

    /// <summary>Gives a fit that neither names a recording nor goes on from another one an empty one, which takes its file from the list.</summary>
    public static ConfigObject Prepared(ConfigObject root) => root[Key] is { } list
        ? WithStages(root, (type, stage) => type == "fit" && stage[Recording] is null && stage["from"] is null ? stage.With(Recording, new ConfigObject(list.Position, [])) : stage)
        : root;

    /// <summary>The configuration for one of the recordings.</summary>
    /// <param name="root">The configuration with the list.</param>
    /// <param name="recording">The recording.</param>
    public static ConfigObject For(ConfigObject root, NamedRecording recording)
    {
        var at = root[Key]!.Position;
        var alone = root with { Members = [.. root.Members.Where(static m => m.Name != Key)] };
        return WithStages(alone, (_, stage) => TakesFromList(stage) is { } taking ? stage.With(Recording, taking.With(Path, new ConfigText(at, recording.File))) : stage)
            .With("name", new ConfigText(at, recording.Name));
    }

    /// <summary>The files that the list names, patterns expanded, each once.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="faults">BM2014: a pattern matches nothing, or the list is empty; BM2016: no stage takes its file from the list.</param>
    public static IReadOnlyList<NamedRecording> Named(ExperimentConfig config, Faults faults)
    {
        var place = config.Section.PlaceOf(Key);
        if (config.Section.Node["stages"] is ConfigObject stages && !stages.Members.Any(static m => m.Value is ConfigObject stage && TakesFromList(stage) is not null))
        {
            faults.Add("BM2016", "no stage takes its recording from 'recordings'", place, "a stage whose 'recording' has no 'path'", "remove the stages' paths, or 'recordings'");
        }

        var files = config.Recordings.SelectMany(pattern => Matching(pattern, place, faults)).Distinct().ToList();
        if (config.Recordings.Count == 0)
        {
            faults.Add("BM2014", "'recordings' is empty", place, "at least one recording", "name files, or a pattern such as cells/*.nwb");
        }

        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. files.Select(file => new NamedRecording(Free(Runs.RunFolder.FileName(System.IO.Path.GetFileNameWithoutExtension(file)), used), file))];
    }

    private static ConfigObject? TakesFromList(ConfigObject stage) => stage[Recording] is ConfigObject recording && recording[Path] is null ? recording : null;

    private static ConfigObject WithStages(ConfigObject root, Func<string, ConfigObject, ConfigObject> change) => root["stages"] is ConfigObject stages
        ? root.With("stages", stages with
        {
            Members = [.. stages.Members.Select(m => m.Value is ConfigObject stage ? m with { Value = change((stage["type"] as ConfigText)?.Value ?? m.Name, stage) } : m)],
        })
        : root;

    private static string[] Matching(string pattern, Place place, Faults faults)
    {
        var (folder, name) = (System.IO.Path.GetDirectoryName(pattern)!, System.IO.Path.GetFileName(pattern));
        if (!name.AsSpan().ContainsAny('*', '?'))
        {
            return [pattern];
        }

        string[] found = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, name).Order(StringComparer.Ordinal)] : [];
        if (found.Length == 0)
        {
            faults.Add(
                "BM2014", $"no file matches {pattern}", place, "at least one recording",
                "check the pattern: in a configuration it is relative to the configuration's folder, in --set to the current one, and only the file's name may hold * and ?");
        }

        return found;
    }

    private static string Free(string name, HashSet<string> used)
    {
        var free = name;
        for (var i = 2; !used.Add(free); i++)
        {
            free = FormattableString.Invariant($"{name}-{i}");
        }

        return free;
    }
}
