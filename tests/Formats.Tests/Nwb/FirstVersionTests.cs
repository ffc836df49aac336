using BrainModular.Formats.Nwb;

namespace BrainModular.Formats.Tests.Nwb;

/// <summary>Patch-clamp files of NWB 1, laid out as those of the Allen Cell Types Database are; none of these is at hand.</summary>
public sealed class FirstVersionTests : IDisposable
{
    private const int Samples = 100;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("NWB-1.0.5")]
    [InlineData("1.0.6")]
    public void Sweeps_are_the_experiments_without_their_test_pulses(string version)
    {
        using var nwb = Start(version);
        Sweep(nwb, 4, "CurrentClamp");
        Epoch(nwb, 4, "Experiment", "count", 20, 60);
        Sweep(nwb, 12, "CurrentClamp");
        Epoch(nwb, 12, "Experiment", "idx_stop", 10, 39);
        Sweep(nwb, 13, "VoltageClamp");
        using var file = nwb.Open();
        Assert.Equal(version, file.Session.Version);
        Assert.Equal([(4L, NwbClamp.Current, 60L), (12, NwbClamp.Current, 30), (13, NwbClamp.Voltage, Samples)], file.Sweeps.Select(static s => (s.Number, s.Clamp, s.Count)));
        Assert.Equal("/acquisition/timeseries/Sweep_4", file.Sweep(4).Response.Series.Path);
        Assert.Equal("/stimulus/presentation/Sweep_4", file.Sweep(4).Stimulus!.Series.Path);
        Assert.Equal(["Long Square", "Long Square", "Long Square"], file.Sweeps.Select(static s => s.StimulusKind));
        var read = file.Read(file.Sweep(4));
        Assert.Equal(200_000, read.Rate);
        Assert.Equal([.. Enumerable.Range(20, 60).Select(static t => -0.07 + (1e-5 * t))], read.Potential, static (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([.. Enumerable.Range(20, 60).Select(static t => 1e-12 * t)], read.Current, static (a, b) => Math.Abs(a - b) < 1e-20);
        Assert.DoesNotContain(file.Warnings, static w => w.Id != "BM3026");
    }

    /// <summary>Links of epochs, hard ones too, do not hide what lies where it belongs.</summary>
    [Fact]
    public void A_sweep_without_epochs_is_whole_and_what_epochs_link_is_no_second_one()
    {
        using var nwb = Start("NWB-1.0.5");
        Sweep(nwb, 4, "CurrentClamp");
        foreach (var (role, path) in new[] { ("response", "/acquisition/timeseries/Sweep_4"), ("stimulus", "/stimulus/presentation/Sweep_4") })
        {
            nwb.Writer.Group($"/epochs/Sweep_4/{role}");
            nwb.Writer.HardLink($"/epochs/Sweep_4/{role}/timeseries", path);
        }

        using var file = nwb.Open();
        Assert.Equal(Samples, Assert.Single(file.Sweeps).Count);
        Assert.NotNull(file.Sweeps[0].Stimulus);
    }

    [Theory]
    [InlineData("count", 60, 60)]
    [InlineData("count", -1, 60)]
    [InlineData("count", 10, 0)]
    [InlineData("idx_stop", 10, 100)]
    public void An_epoch_beyond_its_series_is_warned_of_and_the_sweep_is_whole(string name, int start, int end)
    {
        using var nwb = Start("NWB-1.0.5");
        Sweep(nwb, 4, "CurrentClamp");
        Epoch(nwb, 4, "Experiment", name, start, end);
        using var file = nwb.Open();
        Assert.Equal(Samples, file.Sweep(4).Count);
        Assert.Contains(file.Warnings, static w => w.Id == "BM3029" && w.Place!.Path == "/epochs/Experiment_4/response");
    }

    private SmallNwb Start(string version)
    {
        var nwb = new SmallNwb(_folder["allen.nwb"], version: null);
        nwb.Writer.Dataset("/nwb_version", version);
        return nwb;
    }

    /// <summary>In current clamp a response of -70 mV and more and a stimulus of 1 pA a sample; in voltage clamp the other way round.</summary>
    private static void Sweep(SmallNwb nwb, int number, string clamp)
    {
        double[] potential = [.. Enumerable.Range(0, Samples).Select(static t => -70 + (0.01 * t))];
        double[] current = [.. Enumerable.Range(0, Samples).Select(static t => 1.0 * t)];
        var (response, stimulus) = ($"/acquisition/timeseries/Sweep_{number}", $"/stimulus/presentation/Sweep_{number}");
        var isCurrent = clamp == "CurrentClamp";
        nwb.Series(response, "TimeSeries", isCurrent ? potential : current, isCurrent ? "Volts" : "Amps", conversion: isCurrent ? 1e-3 : 1e-12, rate: 200_000);
        nwb.Writer.Attribute(response, "ancestry", new[] { "TimeSeries", "PatchClampSeries", $"{clamp}Series" });
        nwb.Series(stimulus, "TimeSeries", isCurrent ? current : potential, isCurrent ? "Amps" : "Volts", conversion: isCurrent ? 1e-12 : 1e-3, rate: 200_000);
        nwb.Writer.Attribute(stimulus, "ancestry", new[] { "TimeSeries", "PatchClampSeries", $"{clamp}StimulusSeries" });
        nwb.Writer.Dataset($"{stimulus}/aibs_stimulus_name", "Long Square");
    }

    private static void Epoch(SmallNwb nwb, int number, string kind, string last, int start, int end)
    {
        foreach (var role in new[] { "response", "stimulus" })
        {
            var path = $"/epochs/{kind}_{number}/{role}";
            nwb.Writer.Group(path);
            nwb.Writer.Dataset($"{path}/idx_start", start);
            nwb.Writer.Dataset($"{path}/{last}", end);
        }
    }
}
