using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;

namespace BrainModular.Host;

public sealed class SetOptionTests
{
    [Fact]
    public void A_value_is_json_where_it_parses_and_else_a_text()
    {
        using var file = new ConfigFile(ConfigFile.Minimal);
        var (config, faults) = file.Load("seed=7", "stages.fit.timeStep=0.1 ms", "stages.fit.free=[\"gL\", \"gNa\"]", "description=\"7\"");
        Assert.Empty(faults);
        var fit = (FitConfig)config.Stages[0];
        Assert.Equal((7ul, "7", "0.1 ms"), (config.Seed, config.Description, fit.Stepping.TimeStep.ToString()));
        Assert.Equal(["gL", "gNa"], fit.Free);
    }

    [Fact]
    public void Paths_are_taken_from_the_current_folder_and_those_of_the_file_from_the_files()
    {
        using var file = new ConfigFile(ConfigFile.Minimal);
        Assert.Equal(Path.Combine(file.Folder, "cell.nwb"), ((FitConfig)file.Load().Config.Stages[0]).Recording!.Path);
        Assert.Equal(Path.GetFullPath("/typed/other.nwb"), ((FitConfig)file.Load("stages.fit.recording.path=other.nwb").Config.Stages[0]).Recording!.Path);
    }

    [Fact]
    public void An_item_of_a_list_is_replaced()
    {
        using var file = new ConfigFile(ConfigFile.Minimal.Replace("{\n", "{ \"plugins\": [\"a.dll\", \"b.dll\"],\n", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal));
        Assert.Equal(["a.dll", "c.dll"], file.Load("plugins[1]=c.dll").Config.Plugins.Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("stages.fit.strats=3", "BM1103", "'starts'")]
    [InlineData("sed=3", "BM1103", "'seed'")]
    [InlineData("stages.fit.coupling.konductance=3 nS", "BM1103", "'conductance'")]
    public void A_key_that_neither_the_file_nor_the_schema_knows_is_a_fault_of_usage(string option, string id, string cure)
    {
        var fault = Assert.Single(ConfigFile.FaultsOf(ConfigFile.Minimal, option), f => f.Id == id);
        Assert.Equal(2, fault.ExitCode);
        Assert.Contains(cure, fault.Cure, StringComparison.Ordinal);
        Assert.Equal($"--set {option}", fault.Place.File);
    }

    [Theory]
    [InlineData("seed", "BM1101")]
    [InlineData("a..b=1", "BM1101")]
    [InlineData("a[x]=1", "BM1101")]
    [InlineData("=1", "BM1101")]
    [InlineData("stages[0]=1", "BM1102")]
    [InlineData("stages.fit.neuron.type.name=1", "BM1102")]
    public void A_path_that_cannot_be_followed_is_a_fault_of_usage(string option, string id)
    {
        using var file = new ConfigFile(ConfigFile.Minimal);
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => file.Load(option)).Diagnostics);
        Assert.Equal((id, 2), (fault.Id, fault.ExitCode));
    }

    [Fact]
    public void A_value_that_does_not_fit_is_named_by_the_option_and_not_by_a_line()
    {
        var fault = Assert.Single(ConfigFile.FaultsOf(ConfigFile.Minimal, "stages.fit.timeStep=5"));
        Assert.Equal(("BM2007", "--set stages.fit.timeStep=5", "stages.fit.timeStep"), (fault.Id, fault.Place.File, fault.Place.Path));
        Assert.Null(fault.Place.Line);
    }
}
