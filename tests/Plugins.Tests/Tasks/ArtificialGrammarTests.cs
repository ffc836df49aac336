using System.Text.RegularExpressions;

namespace BrainModular.Plugins.Tests.Tasks;

public sealed partial class ArtificialGrammarTests
{
    private const int Count = 400;

    private static readonly Trials Many = Trials.Generate("artificial-grammar", Count, 1, 1, ("symbol", 100 * Symbolics.Units.ms), ("symbols", 20), ("channels", 4));

    [Fact]
    public void Each_class_is_the_symbol_that_comes_next()
    {
        for (var trial = 0; trial < Count; trial++)
        {
            for (var i = 1; i < 20; i++)
            {
                Assert.Equal(Shown(trial, i + 1), Many.Answer(trial, $"symbol {i}"));
            }
        }
    }

    /// <summary>The grammar as a regular expression, worked out by hand from Reber's diagram.</summary>
    [Fact]
    public void Strings_are_those_of_the_grammar_and_as_frequent()
    {
        var texts = Enumerable.Range(0, Count).Select(trial => string.Concat(Enumerable.Range(1, 20).Select(i => Many.Shape.TargetNames[Shown(trial, i)]))).ToArray();
        HashSet<string> whole = [];
        foreach (var text in texts)
        {
            var strings = text.Split('E');
            Assert.All(strings[..^1], s => Assert.Matches(Reber(), s + "E"));
            whole.UnionWith(strings[..^1].Select(static s => s + "E"));
        }

        Assert.Superset(new HashSet<string>(["BTXSE", "BPVVE", "BTSXSE", "BPTVVE", "BTXXVVE", "BPVPSE", "BTSSXSE"]), whole);
        foreach (var (text, probability) in (ReadOnlySpan<(string, double)>)[("BTXSE", 1 / 8.0), ("BPVVE", 1 / 8.0), ("BTSXSE", 1 / 16.0), ("BPVPSE", 1 / 16.0)])
        {
            NormalDistribution.AssertNear(probability, texts.Average(t => t.StartsWith(text, StringComparison.Ordinal) ? 1.0 : 0), Count);
        }
    }

    private static int Shown(int trial, int symbol) => Many.Strongest(trial, Many.Period($"symbol {symbol}"), Many.Shape.InputGroups);

    [GeneratedRegex("^B(TS*X(XT*VP)*(S|XT*VV)|PT*V(V|P(XT*VP)*(S|XT*VV)))E$")]
    private static partial Regex Reber();
}
