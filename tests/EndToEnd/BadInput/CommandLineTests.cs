namespace BrainModular.EndToEnd.BadInput;

/// <summary>What users type: faults of usage end with 2 and change nothing.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly Workplace place = new();

    public CommandLineTests() => place.Write("good.json", Workplace.Fit());

    public void Dispose() => place.Dispose();

    [Theory]
    [InlineData("--treads", "run", "good.json", "--treads", "1")]
    [InlineData("rnu", "rnu", "good.json")]
    [InlineData("--threads takes a whole number from 0 to 4096, not 'many'", "run", "good.json", "--threads", "many")]
    [InlineData("--seed takes a whole number from 0 to 9223372036854775807, not '-1'", "run", "good.json", "--seed", "-1")]
    public void What_is_no_command_or_option_is_refused(string mention, params string[] command) => place.Refuses(2, "BM1001", [mention, "--help"], command);

    [SkippableFact]
    public void Names_of_files_do_not_speak_to_the_terminal()
    {
        Skip.If(OperatingSystem.IsWindows(), "files of Windows cannot have such names");
        const string name = "\u001b]0;title\a.json";
        place.Write(name, Workplace.Fit());
        Assert.StartsWith("\uFFFD]0;title\uFFFD.json is valid", place.Run("validate", name).Succeeded().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_has_to_be_named() => place.Refuses(2, "BM1001", ["run", "brain run --help"], "run");

    [Fact]
    public void A_run_folder_that_is_not_empty_is_refused()
    {
        place.Write("out/notes.txt", "mine");
        place.Refuses(2, "BM1201", [place["out"], "not empty", "expected: "], "run", "good.json", "--out", "out");
        Assert.Equal("mine", File.ReadAllText(place["out/notes.txt"]));
    }

    [Fact]
    public void A_run_folder_that_is_a_file_is_refused() => place.Refuses(2, "BM1201", ["is a file"], "run", "good.json", "--out", "cell.nwb");

    [Theory]
    [InlineData("--report")]
    [InlineData("--json")]
    public void What_a_comparison_cannot_be_written_to_is_refused(string option)
    {
        Directory.CreateDirectory(place["out"]);
        place.Refuses(2, "BM1204", [place["out"], "is a folder"], "compare-fitters", "good.json", option, place["out"]);
    }

    [Theory]
    [InlineData("BM1103", "stages.fit.startz=3", "'startz'", "did you mean 'starts'?")]
    [InlineData("BM1103", "stages.fti.starts=3", "'fti'", "did you mean 'fit'?")]
    [InlineData("BM1103", "sede=3", "'sede'", "did you mean 'seed'?")]
    [InlineData("BM1103", "stages.fit.optimizer.maxIteration=3", "'maxIteration'", "did you mean 'maxIterations'?")]
    [InlineData("BM1102", "stages.fit.starts.many=3", "'many'", "expected: an object there")]
    [InlineData("BM1101", "stages.fit.starts", "needs a value", "PATH=VALUE")]
    public void Set_has_to_hit_a_key_and_suggests_the_nearest(string id, string set, string problem, string cure) =>
        place.Refuses(2, id, [$"--set {set}", problem, cure], "run", "good.json", "--set", set, "--out", "out");

    [Fact]
    public void A_wrong_value_of_set_is_a_fault_of_the_option() =>
        place.Refuses(3, "BM2005", ["--set stages.fit.starts=many", "(stages.fit.starts)", "expected: "], "run", "good.json", "--set", "stages.fit.starts=many", "--out", "out");

    [Fact]
    public void Paths_of_set_are_relative_to_the_current_folder_and_those_of_the_file_to_its_own()
    {
        place.Write("inside/config.json", Workplace.Fit(recording: """{ "path": "cell.nwb" }"""));
        place.Refuses(3, "BM3001", [place["inside/cell.nwb"]], "validate", "inside/config.json");
        place.Run("validate", "inside/config.json", "--set", "stages.fit.recording.path=cell.nwb").Succeeded();
        place.Run("validate", "inside/config.json", "--set", "stages.fit.recording.path=../cell.nwb").EndedWith(3);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData(".")]
    public void Only_a_run_folder_is_resumed(string folder) => place.Refuses(2, "BM1202", ["no run folder", "expected: "], "resume", folder);

    [Fact]
    public void A_component_that_nobody_offers_cannot_be_described() =>
        place.Refuses(2, "BM1301", ["'hodgkin-huxly'", "'hodgkin-huxley'"], "describe", "hodgkin-huxly");

    [Theory]
    [InlineData("nmda", "receptor parameters")]
    [InlineData("delta", "weights in mV")]
    [InlineData("tsodyks-markram", "release states")]
    [InlineData("hodgkin-huxley", "gNa")]
    [InlineData("config", "| `stages` |")]
    public void Components_and_the_configuration_are_described(string what, string text) =>
        Assert.Contains(text, place.Run("describe", what).Succeeded().Output, StringComparison.Ordinal);

    [Fact]
    public void A_valid_configuration_is_said_to_be_valid_and_nothing_is_written()
    {
        var outcome = place.Run("validate", "good.json").Succeeded();
        Assert.Equal([place["cell.nwb"], place["good.json"]], Directory.EnumerateFileSystemEntries(place.Root).Order(StringComparer.Ordinal));
        Assert.Equal("good.json is valid: fit\n", outcome.Output);
        Assert.Equal("", outcome.Error);
    }

    [Theory]
    [InlineData("--help", "run")]
    [InlineData("--version", "0.1.0")]
    public void Help_and_version_are_given_on_stdout(string option, string text)
    {
        var outcome = place.Run(option).Succeeded();
        Assert.Contains(text, outcome.Output, StringComparison.Ordinal);
        Assert.Equal("", outcome.Error);
    }
}
