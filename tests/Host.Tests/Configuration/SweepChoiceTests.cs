using System.Text.Json;
using System.Text.Json.Nodes;
using BrainModular.Host.Composition;
using BrainModular.Host.Configuration;
using BrainModular.Recordings;

namespace BrainModular.Host;

public sealed class SweepChoiceTests
{
    [Theory]
    [InlineData("1,3,5-9", new long[] { 1, 3, 5, 6, 7, 8, 9 })]
    [InlineData(" 4 ", new long[] { 4 })]
    [InlineData("10-10, 2", new long[] { 10, 2 })]
    public void Numbers_and_ranges_are_read_in_their_order(string text, long[] expected) => Assert.Equal(expected, NumbersKind.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("1,,2")]
    [InlineData("5-3")]
    [InlineData("1-2-3")]
    [InlineData("-1")]
    [InlineData("1,2,1")]
    [InlineData("0-99999999999")]
    [InlineData("all")]
    public void Anything_else_is_no_list(string text) => Assert.Null(NumbersKind.Parse(text));

    [Fact]
    public void A_list_may_have_numbers_and_texts() => Assert.Equal([1, 2, 4, 5, 6], Read("""[1, 2, "4-6"]""")!.Train!.Numbers);

    [Fact]
    public void One_list_holds_out_every_third() => Split("\"10-16\"", [], [10, 11, 13, 14, 16], [12, 15]);

    [Fact]
    public void Nothing_given_takes_all_of_the_file() => Split("{}", [1, 2, 3], [1, 2], [3]);

    [Fact]
    public void An_empty_test_list_leaves_all_for_training() => Split("""{ "train": "1-3", "test": "none" }""", [1, 2, 3], [1, 2, 3], []);

    [Fact]
    public void A_test_list_alone_leaves_the_rest_for_training() => Split("""{ "test": 2 }""", [1, 2, 3], [1, 3], [2]);

    [Theory]
    [InlineData("""{ "stimulus": "*square*" }""", new long[] { 1, 2, 3 })]
    [InlineData("""{ "stimulus": "long square" }""", new long[] { 1, 2 })]
    [InlineData("""{ "stimulus": "Noise ?" }""", new long[] { 4, 5 })]
    [InlineData("""{ "stimulus": "s4_*" }""", new long[] { 4 })]
    [InlineData("""{ "text": "REPEAT" }""", new long[] { 2, 5 })]
    [InlineData("""{ "text": "repeat", "stimulus": "noise*" }""", new long[] { 5 })]
    [InlineData("""{ "numbers": [1, 3, 4, 9], "stimulus": "*square*" }""", new long[] { 1, 3 })]
    [InlineData("""{ "amplitude": { "lower": "20 pA" } }""", new long[] { 2, 3, 4, 5 })]
    [InlineData("""{ "amplitude": { "upper": "-10 pA" } }""", new long[] { 6 })]
    [InlineData("""{ "amplitude": { "lower": "20 pA", "upper": "0.03 nA" }, "stimulus": "long*" }""", new long[] { 2 })]
    public void Sweeps_are_chosen_by_what_the_file_says_of_them(string chosen, long[] expected) =>
        Split($$"""{ "train": {{chosen}}, "test": "none" }""", [1, 2, 3, 4, 5, 6], expected, []);

    [Fact]
    public void What_both_choose_is_held_out() => Split("""{ "train": { "stimulus": "*" }, "test": { "stimulus": "Noise*" } }""", [1, 2, 3, 4, 5, 6], [1, 2, 3, 6], [4, 5]);

    [Fact]
    public void Of_chosen_sweeps_every_third_is_held_out() => Split("""{ "stimulus": "*square*" }""", [1, 2, 3, 4, 5, 6], [1, 2], [3]);

    [Theory]
    [InlineData("""{ "stimulus": "*square*", "amplitude": { "upper": "60 pA" } }""")]
    [InlineData("""{ "train": "1,2", "test": { "text": "repeat", "numbers": "5" } }""")]
    [InlineData("\"1,2,7\"")]
    public void A_choice_is_written_as_it_was_read(string text)
    {
        var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            new SweepsKind().Write(writer, Read(text)!);
        }

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(text), JsonNode.Parse(stream.ToArray())));
    }

    [Theory]
    [InlineData("""{ "stimuls": "*" }""", "BM2004", "'stimulus'")]
    [InlineData("""{ "train": { "stimuls": "*" } }""", "BM2004", "'stimulus'")]
    [InlineData("""{ "train": "1", "stimulus": "*" }""", "BM2004", "'train'")]
    [InlineData("""{ "train": {} }""", "BM2005", "chosen by")]
    [InlineData("""{ "amplitude": { "lower": "20 mV" } }""", "BM2008", "50 pA")]
    [InlineData("[1, 1]", "BM2005", "each number once")]
    [InlineData("[true]", "BM2005", "each number once")]
    [InlineData("""{ "train": [1, 2], "test": [2] }""", "BM2010", "sweep 2")]
    public void Anything_else_is_refused(string text, string id, string mentioned)
    {
        var faults = new Faults();
        new SweepsKind().Read(ConfigParser.ParseLiteral(text, Position, faults), faults);
        Assert.Contains(faults.Found, f => f.Id == id && f.ToString().Contains(mentioned, StringComparison.Ordinal));
    }

    /// <summary>A step of 40 pA from a holding current of -10 pA, a test pulse of 5 pA before it, and noise of 1 pA.</summary>
    [Theory]
    [InlineData(0.04)]
    [InlineData(-0.04)]
    public void The_amplitude_of_a_step_is_its_height_above_the_holding_current(double height)
    {
        var random = new System.Random(1);
        double[] current = [.. Enumerable.Range(0, 20_000).Select(t => -0.01 + (t is > 2000 and < 3000 ? 0.005 : 0) + (t is > 5000 and < 15_000 ? height : 0) + (0.001 * (random.NextDouble() - 0.5)))];
        Assert.Equal(height, SweepSelection.Amplitude(current, 20_000), 0.001);
        Assert.Equal(0, SweepSelection.Amplitude(new double[100], 20_000));
    }

    private static NodePosition Position => new(new("test", "/"), "sweeps");

    private static SweepChoice? Read(string text)
    {
        var faults = new Faults();
        var choice = (SweepChoice?)new SweepsKind().Read(ConfigParser.ParseLiteral(text, Position, faults), faults);
        Assert.Empty(faults.Found);
        return choice;
    }

    private static void Split(string text, long[] available, long[] train, long[] test)
    {
        var (fitted, heldOut) = Read(text)!.Split([.. available.Select(Sweep)], static s => 0.01 * s.Number * (s.Number == 6 ? -1 : 1), everyThird: true);
        Assert.Equal(train, fitted);
        Assert.Equal(test, heldOut);
    }

    private static SweepInfo Sweep(long number) =>
        new(number, ClampMode.CurrentClamp, $"/acquisition/r{number}", $"/stimulus/presentation/s{number}_x", 1000, 100, number switch { <= 2 => "Long Square", 3 => "Short Square", <= 5 => $"Noise {number}", _ => "" })
        {
            Texts = number is 2 or 5 ? ["a repeat of the one before"] : [],
        };
}
