namespace BrainModular.EndToEnd.Runs;

public sealed class RealRecordingTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [SkippableTheory]
    [InlineData("hodgkin-huxley")]
    [InlineData("generalized-integrate-and-fire")]
    public void The_example_fits_any_current_clamp_file_that_is_set_on_the_command_line(string neuron)
    {
        var recording = RealData.Require("icephys-lantyer2018", "LantyerEtAl2018_180817_ME_9_CC.nwb");
        var config = Path.Combine(RealData.Repository, "examples", "fit-recording", "experiment.json");
        string[] settings =
        [
            $"stages.fit.recording.path={recording}", $"stages.fit.neuron.type={neuron}", "stages.fit.recording.duration=300 ms",
            "stages.fit.starts=1", "stages.fit.coupling.rounds=1", "stages.fit.optimizer.maxIterations=3",
        ];
        place.Run(["run", config, "--out", "out", .. settings.SelectMany(setting => (string[])["--set", setting])]).Succeeded();
        var stages = SummaryText.Read(place["out"])["stages"]!;
        Assert.Equal(10, stages["fit"]!["train"]!["sweeps"]!.AsArray().Count + stages["fit"]!["test"]!["sweeps"]!.AsArray().Count);
        Assert.True((double)stages["fit"]!["loss"]! < (double)stages["fit"]!["initialLoss"]!);
        Assert.InRange((double)stages["export"]!["maxAbsDifference"]!, 0, 1e-3);
    }
}
