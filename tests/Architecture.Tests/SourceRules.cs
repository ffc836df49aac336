using System.Text.RegularExpressions;

namespace BrainModular.Architecture;

/// <summary>What no source file may contain. Each rule yields the offending lines of a text, so that it can be tried on a text that offends.</summary>
internal static partial class SourceRules
{
    public const int MostLines = 500;

    public static readonly IReadOnlyDictionary<string, Func<string, string, IEnumerable<string>>> All =
        new Dictionary<string, Func<string, string, IEnumerable<string>>>
        {
            ["at most 500 lines"] = (_, text) => text.Count(c => c == '\n') is var lines && lines > MostLines ? [$"{lines} lines"] : [],
            ["a name that says what it holds"] = (path, text) => Matches(VagueName(), text).Concat(VagueFile().IsMatch(path) ? [path] : []),
            ["an exception that says what kind it is"] = (_, text) => Matches(BareException(), text),
            ["no empty catch"] = (_, text) => Matches(EmptyCatch(), text),
            ["no unfinished work"] = (_, text) => Matches(Unfinished(), text),
            ["no skipped test"] = (_, text) => Matches(SkippedTest(), text),
            ["no region"] = (_, text) => Matches(Region(), text),
            ["no way round the banned APIs"] = (_, text) => Matches(BanLifted(), text),
        };

    private static IEnumerable<string> Matches(Regex rule, string text) =>
        rule.Matches(text).Select(m => $"line {text.AsSpan(0, m.Index).Count('\n') + 1}: {m.Value.Trim()}");

    [GeneratedRegex(@"\b(class|struct|interface|record|enum|namespace)\s+[\w.]*(Utils?|Utilit(y|ies)|Helpers?|Manager|Common|Misc)\b")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"(^|/)\w*(Utils?|Utilit(y|ies)|Helpers?|Manager|Common|Misc)(\.cs|/)")]
    private static partial Regex VagueFile();

    [GeneratedRegex(@"throw\s+new\s+(System\.)?Exception\s*\(")]
    private static partial Regex BareException();

    [GeneratedRegex(@"catch\s*(\([^)]*\)\s*)?(when\s*\([^{]*\)\s*)?\{\s*\}")]
    private static partial Regex EmptyCatch();

    [GeneratedRegex(@"//.*\b(TO" + @"DO|FIX" + @"ME|HA" + @"CK|XX" + @"X)\b|\bNotImplemented" + @"Exception\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\[\w+\(.*\bSki" + @"p\s*=")]
    private static partial Regex SkippedTest();

    [GeneratedRegex(@"^\s*#reg" + @"ion\b", RegexOptions.Multiline)]
    private static partial Regex Region();

    [GeneratedRegex(@"#pragma warning disable.*RS00" + @"30|SuppressMessage\(.*RS00" + @"30")]
    private static partial Regex BanLifted();
}
