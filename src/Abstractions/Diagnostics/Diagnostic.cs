namespace BrainModular.Diagnostics;

/// <summary>One fault: what is wrong, where, what was expected and how to mend it.</summary>
/// <param name="Id">
/// Its kind, <c>BM</c> and four digits. The first digit says who has to act, and gives the command's exit code:
/// 1 usage (exit 2), 2 configuration (3), 3 data (3), 4 plugin (4), 5 numerical failure or failed check (5), 6 environment (6).
/// </param>
/// <param name="Problem">What is wrong, one sentence without a full stop.</param>
/// <param name="Place">Where.</param>
/// <param name="Expected">What was expected instead, or null where the problem says it all.</param>
/// <param name="Cure">What to do, as an instruction, or null where there is nothing to advise.</param>
public sealed record Diagnostic(string Id, string Problem, Place Place = default, string? Expected = null, string? Cure = null)
{
    /// <summary>The exit code of a command that ends with this fault.</summary>
    public int ExitCode => Id[2] switch { '1' => 2, '2' => 3, '3' => 3, '4' => 4, '5' => 5, '6' => 6, _ => 1 };

    /// <summary>The fault as text: a first line with id, place and problem, then expectation and cure, one line each.</summary>
    public override string ToString()
    {
        var place = Place.ToString();
        var text = place.Length == 0 ? $"{Id}: {Problem}" : $"{Id}: {place}: {Problem}";
        if (Expected is not null)
        {
            text += $"\n  expected: {Expected}";
        }

        return Cure is null ? text : $"{text}\n  to mend it: {Cure}";
    }
}
