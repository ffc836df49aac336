namespace BrainModular.EndToEnd;

/// <summary>Bad input: a message that names the place, the right exit code, no stack trace, and nothing half-written.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData(3, "BM2002", "experiment.json:3:", "{\n  \"stages\": {\n    \"fit\" {}\n  }\n}")]
    [InlineData(3, "BM2004", "'neuron'", "{ \"stages\": { \"simulate\": { \"neurn\": { \"type\": \"hodgkin-huxley\" }, \"duration\": \"1 ms\" } } }")]
    [InlineData(3, "BM2013", "'hodgkin-huxley'", "{ \"stages\": { \"simulate\": { \"neuron\": { \"type\": \"hodgkin-huxly\" }, \"stimulus\": { \"amplitude\": \"1 nA\" }, \"duration\": \"1 ms\" } } }")]
    [InlineData(3, "BM2304", "experiment.json:1:", "{ \"stages\": { \"simulate\": { \"neuron\": { \"type\": \"hodgkin-huxley\", \"parameters\": { \"gNa\": \"1 S\" } }, \"stimulus\": { \"amplitude\": \"1 nA\" }, \"duration\": \"1 ms\" } } }")]
    [InlineData(3, "BM2007", "experiment.json:1:", "{ \"stages\": { \"simulate\": { \"neuron\": { \"type\": \"hodgkin-huxley\" }, \"stimulus\": { \"amplitude\": 1 }, \"duration\": \"1 ms\" } } }")]
    public void A_configuration_with_a_fault_is_refused(int code, string id, string mentioned, string config)
    {
        using var folder = new ExperimentFolder(config);
        AssertRefused(folder, Brain.Run(folder.Root, "run", "experiment.json"), code, id, mentioned);
        AssertRefused(folder, Brain.Run(folder.Root, "validate", "experiment.json"), code, id, mentioned);
    }

    [Theory]
    [InlineData(3, "BM2001", "run", "experimnt.json")]
    [InlineData(2, "BM1001", "run")]
    [InlineData(2, "BM1001", "fit", "experiment.json")]
    [InlineData(2, "BM1001", "run", "experiment.json", "--sed", "1")]
    [InlineData(2, "BM1001", "run", "experiment.json", "--seed", "one")]
    [InlineData(2, "BM1101", "run", "experiment.json", "--set", "seed")]
    [InlineData(2, "BM1103", "run", "experiment.json", "--set", "stages.simulate.duraton=1 s")]
    [InlineData(2, "BM1201", "run", "experiment.json", "--out", ".")]
    [InlineData(2, "BM1202", "resume", ".")]
    [InlineData(2, "BM1301", "describe", "hodgkin-huxly")]
    public void A_command_that_cannot_be_meant_is_refused(int code, string id, params string[] arguments)
    {
        using var folder = new ExperimentFolder(ExperimentFolder.Simulation);
        AssertRefused(folder, Brain.Run(folder.Root, arguments), code, id, "");
    }

    [Fact]
    public void Every_fault_is_reported_in_one_go()
    {
        using var folder = new ExperimentFolder("""
            { "sed": 1, "stages": { "fit": { "neuron": { "type": "hodgkin-huxley", "parameters": { "gNA": "1 uS" } }, "recording": { "path": "cell.nwb" }, "loss": { "type": "mean" }, "timeStep": 3 } } }
            """);
        var outcome = Brain.Run(folder.Root, "validate", "experiment.json");
        Assert.Equal(3, outcome.Code);
        foreach (var id in (string[])["BM2004", "BM2301", "BM2013", "BM2007"])
        {
            Assert.Contains(id, outcome.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_truncated_recording_is_refused()
    {
        using var folder = WithRecording();
        var bytes = File.ReadAllBytes(folder.In("cell.nwb"));
        File.WriteAllBytes(folder.In("cell.nwb"), bytes[..(bytes.Length / 2)]);
        AssertRefused(folder, Brain.Run(folder.Root, "run", "experiment.json"), 3, "BM3005", "cell.nwb");
    }

    [Fact]
    public void A_file_that_is_no_recording_is_refused()
    {
        using var folder = WithRecording();
        File.WriteAllText(folder.In("cell.nwb"), "time, potential");
        AssertRefused(folder, Brain.Run(folder.Root, "run", "experiment.json"), 3, "BM3", "cell.nwb");
    }

    [Fact]
    public void A_recording_that_is_not_there_is_refused()
    {
        using var folder = new ExperimentFolder(ExperimentFolder.Fit);
        AssertRefused(folder, Brain.Run(folder.Root, "run", "experiment.json"), 3, "BM3001", "cell.nwb");
    }

    [Fact]
    public void A_sweep_that_is_not_there_is_refused()
    {
        using var folder = WithRecording();
        AssertRefused(folder, Brain.Run(folder.Root, "run", "experiment.json", "--set", "stages.fit.recording.sweeps=\"1,99\""), 3, "BM", "99");
    }

    [Fact]
    public void A_series_whose_unit_has_the_wrong_dimension_is_refused()
    {
        using var folder = WithRecording(unit: "seconds");
        AssertRefused(folder, Brain.Run(folder.Root, "run", "experiment.json"), 3, "BM3", "seconds");
    }

    [Fact]
    public void Values_beyond_a_volt_are_refused()
    {
        // Millivolts in a series that says volts: the commonest mistake of all.
        using var folder = WithRecording(v => { for (var i = 0; i < v.Length; i++) { v[i] *= 1000; } });
        AssertRefused(folder, Brain.Run(folder.Root, "run", "experiment.json"), 3, "BM3", "response_0");
    }

    [Fact]
    public void A_sample_that_is_no_number_is_refused()
    {
        using var folder = WithRecording(v => v[17] = double.NaN);
        AssertRefused(folder, Brain.Run(folder.Root, "run", "experiment.json"), 3, "BM3", "17");
    }

    private static ExperimentFolder WithRecording(Action<double[]>? change = null, string unit = "volts")
    {
        var folder = new ExperimentFolder(ExperimentFolder.Fit);
        folder.WriteRecording(change, unit);
        return folder;
    }

    private static void AssertRefused(ExperimentFolder folder, Outcome outcome, int code, string id, string mentioned)
    {
        Assert.True(outcome.Code == code, $"exit code {outcome.Code}: {outcome.Error}");
        Assert.Contains(id, outcome.Error, StringComparison.Ordinal);
        Assert.Contains(mentioned, outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("BM9999", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("", outcome.Output);
        Assert.DoesNotContain(Directory.GetFileSystemEntries(folder.Root), e => Path.GetFileName(e) is not ("experiment.json" or "cell.nwb"));
    }
}
