using BrainModular.Diagnostics;
using BrainModular.Formats.Hdf5;
using BrainModular.Plugins.Recordings;
using BrainModular.Recordings;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Recordings;

public sealed class NwbRecordingLoaderTests
{
    [Fact]
    public void The_plugin_offers_the_loader_nwb()
    {
        var catalog = RecordingCatalog.Of(new RecordingsPlugin());
        Assert.Equal(["nwb"], catalog.Names<IRecordingLoader>());
        Assert.IsType<NwbRecordingLoader>(catalog.Create<IRecordingLoader>("nwb"));
    }

    [SkippableFact]
    public void Real_sweeps_come_in_millivolts_and_nanoamperes()
    {
        using var recording = Open("LantyerEtAl2018_180817_ME_9_CC.nwb");
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), recording.Sweeps.Select(sweep => sweep.Number));
        var seventh = recording.Sweeps[6];
        Assert.Equal(
            new SweepInfo(
                7, ClampMode.CurrentClamp, "/acquisition/CurrentClampSeries_07", "/stimulus/presentation/CurrentClampStimulusSeries_07", 20000, 23200,
                "step-and-hold stimulation protocol") { Texts = seventh.Texts },
            seventh);
        Assert.Contains("step-and-hold stimulation protocol", seventh.Texts);
        var data = recording.Read(seventh);
        Assert.Equal(-70.87499648332596, data.Potential[12345], 1e-12);
        Assert.Equal(0.281860785, data.Current[8000], 1e-9);
        var window = recording.Read(seventh, 23190, 100);
        Assert.Equal((23190L, 10), (window.Start, window.Potential.Length));
        Assert.Empty(recording.Warnings);
    }

    [SkippableFact]
    public void In_voltage_clamp_the_current_is_the_response()
    {
        using var recording = Open("LantyerEtAl2018_170328_AL_238_VC.nwb");
        var sweep = recording.Sweeps[0];
        Assert.Equal(ClampMode.VoltageClamp, sweep.Mode);
        var data = recording.Read(sweep, 0, 1);
        Assert.Equal(-0.1651454389905993, data.Current[0], 1e-15);
        Assert.Equal(-70.08228451013565, data.Potential[0], 1e-12);
    }

    [Fact]
    public void A_sweep_of_another_file_is_no_sweep()
    {
        using var folder = new Folder();
        using (var writer = Hdf5Writer.Create(folder.File))
        {
            writer.Attribute("/", "nwb_version", "2.5.0");
            writer.Commit();
        }

        using var recording = new NwbRecordingLoader().Open(folder.File);
        Assert.Empty(recording.Sweeps);
        Assert.NotEmpty(recording.Warnings);
        Assert.Throws<ArgumentException>(() => recording.Read(new SweepInfo(1, ClampMode.CurrentClamp, "/acquisition/a", null, 1000, 10, "")));
    }

    [Fact]
    public void Files_are_judged_by_name_and_first_bytes()
    {
        using var folder = new Folder();
        var loader = new NwbRecordingLoader();
        Assert.True(loader.CanOpen("missing.NWB"));
        Assert.False(loader.CanOpen("missing.h5"));
        var path = folder.File + ".dat";
        File.WriteAllText(path, "text");
        Assert.False(loader.CanOpen(path));
        Hdf5Writer.Create(path).Dispose();
        using (var writer = Hdf5Writer.Create(path))
        {
            writer.Commit();
        }

        Assert.True(loader.CanOpen(path));
        Assert.Equal("BM3020", Assert.Single(Assert.Throws<DiagnosticException>(() => loader.Open(path)).Diagnostics).Id);
        Assert.Equal("BM3001", Assert.Single(Assert.Throws<DiagnosticException>(() => loader.Open("missing.nwb")).Diagnostics).Id);
    }

    private static IRecording Open(string name) => new NwbRecordingLoader().Open(RealData.Require("icephys-lantyer2018", name));

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("recordings-");

        public string File => Path.Combine(_folder.FullName, "a.nwb");

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
