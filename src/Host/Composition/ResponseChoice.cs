using System.IO.Enumeration;
using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;
using BrainModular.Recordings;

namespace BrainModular.Host.Composition;

/// <summary>Chooses among the potentials that several electrodes recorded at once: a sweep is that of one cell.</summary>
internal static class ResponseChoice
{
    private const int MostListed = 8;

    /// <param name="sweeps">What the file holds.</param>
    /// <param name="config">Which of them are wanted.</param>
    /// <returns>Sweeps in current clamp.</returns>
    /// <exception cref="DiagnosticException">BM3127: none is named so.</exception>
    public static IReadOnlyList<SweepInfo> Of(IReadOnlyList<SweepInfo> sweeps, RecordingConfig config)
    {
        SweepInfo[] clamped = [.. sweeps.Where(static s => s.Mode == ClampMode.CurrentClamp && s.Count > 1)];
        SweepInfo[] named = config.Response is { } pattern ? [.. clamped.Where(s => FileSystemName.MatchesSimpleExpression(pattern, NameOf(s), ignoreCase: true))] : clamped;
        if (named.Length == 0 && clamped.Length > 0)
        {
            throw new DiagnosticException(
                "BM3127", $"'response' is '{config.Response}', and no potential recorded in current clamp has such a name", config.ResponsePlace, $"one of {Listed(clamped)}",
                "name what is there; * stands for any characters, ? for one");
        }

        return named;
    }

    /// <param name="named">What <see cref="Of"/> gave.</param>
    /// <param name="chosen">The numbers of the sweeps that are read.</param>
    /// <param name="config">Which of them are wanted.</param>
    /// <exception cref="DiagnosticException">BM3126: several have one number.</exception>
    public static void CheckNumbers(IReadOnlyList<SweepInfo> named, IEnumerable<long> chosen, RecordingConfig config)
    {
        if (named.Where(s => chosen.Contains(s.Number)).GroupBy(static s => s.Number).FirstOrDefault(static same => same.Count() > 1) is { } several)
        {
            throw new DiagnosticException(
                "BM3126", $"several responses have the number {several.Key} in {config.Path}: {Listed(several)}", config.Response is null ? config.PathPlace : config.ResponsePlace,
                "one response for each sweep", "name those of one cell with the recording's 'response', in which * stands for any characters and ? for one, or convert that channel alone with 'brain convert --response'");
        }
    }

    private static string NameOf(SweepInfo sweep) => sweep.Response[(sweep.Response.LastIndexOf('/') + 1)..];

    private static string Listed(IEnumerable<SweepInfo> sweeps)
    {
        string[] names = [.. sweeps.Select(s => $"{NameOf(s)}{(s.Stimulus is null ? " (without a stimulus)" : "")}")];
        return $"{string.Join(", ", names.Take(MostListed))}{(names.Length > MostListed ? ", ..." : "")}";
    }
}
