using System.Text;
using BrainModular.Diagnostics;
using BrainModular.Formats.Axon;
using BrainModular.Formats.Nwb;
using BrainModular.Host.Conversion;

namespace BrainModular.Host;

public sealed class RecordingConverterTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("brain-convert-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void An_input_that_cannot_be_read_is_named()
    {
        File.WriteAllText(Named("empty.abf"), "");
        Directory.CreateDirectory(Named("folder"));
        Refuses("BM3001", Named("absent.abf"), new(), Named("absent.abf"));
        Refuses("BM3002", Named("folder"), new(), Named("folder"));
        Refuses("BM3003", Named("empty.abf"), new(), Named("empty.abf"));
    }

    [SkippableFact]
    public void A_recording_that_is_named_twice_is_refused()
    {
        File.WriteAllText(Named("table.txt"), "1 2\n3 4\n");
        var table = new ConversionOptions(Response: "1", Stimulus: "2", ResponseUnit: "mV", StimulusUnit: "pA", Rate: 1000);
        Refuses("BM2914", Named("table.txt"), table, Named("table.txt"), Path.Combine(root, ".", "table.txt"));
        File.Copy(Named("table.txt"), Named("other.txt"));
        Convert(table, Named("table.txt"), Named("other.txt"));
        File.Delete(Named("out.nwb"));
        var recording = RealData.Require("icephys-pyabf", "abfs", "pclamp11_4ch_abf1.abf");
        Refuses("BM2914", recording, new(), recording, recording);
    }

    /// <summary>One wave of a stimulus for each of two responses.</summary>
    [SkippableFact]
    public void A_stimulus_may_be_named_for_each_of_its_responses()
    {
        var folder = RealData.Require("icephys-bluepyefe", "B6");
        string Wave(int channel, int number) => Path.Combine(folder, $"B6_Ch{channel}_IDRest_{number}.ibw");
        File.Copy(Wave(0, 181), Named("stimulus.ibw"));
        Convert(new(), Wave(3, 181), Wave(3, 182), Named("stimulus.ibw"), Named("stimulus.ibw"));
        using var file = NwbFile.Open(Named("out.nwb"));
        Assert.Equal([181, 182], file.Sweeps.Select(static s => s.Number));
    }

    [SkippableFact]
    public void Electrodes_whose_channels_have_the_same_name_are_numbered()
    {
        var bytes = File.ReadAllBytes(RealData.Require("icephys-pyabf", "abfs", "pclamp11_4ch_abf1.abf"));
        string[] names = ["IN 0", "IN_0", "IN-0", "IN_0_2"];
        for (var i = 0; i < names.Length; i++)
        {
            Encoding.ASCII.GetBytes(names[i].PadRight(10)).CopyTo(bytes, 442 + (10 * i));
        }

        File.WriteAllBytes(Named("same.abf"), bytes);
        Convert(new(), Named("same.abf"));
        using (var source = AxonFile.Open(Named("same.abf")))
        {
            Assert.Equal(["electrode_IN_0", "electrode_IN_0_2", "electrode_IN_0_3", "electrode_IN_0_2_2"], new AxonSource(source, new()).Read().Sweeps.Take(4).Select(static s => s.Electrode));
        }

        using var file = NwbFile.Open(Named("out.nwb"));
        Assert.Equal((40, 4), (file.Sweeps.Count, file.Sweeps.Select(static s => s.Response.Series.Electrode).Distinct().Count()));
    }

    [Fact]
    public void Writing_begins_once_and_after_all_inputs_were_found_right()
    {
        File.WriteAllText(Named("table.txt"), "1 2\n3 4\n");
        var table = new ConversionOptions(Response: "1", Stimulus: "2", ResponseUnit: "mV", StimulusUnit: "pA", Rate: 1000);
        var begun = 0;
        void Begin()
        {
            Assert.Equal([Named("table.txt")], Directory.GetFileSystemEntries(root));
            begun++;
        }

        Assert.Throws<DiagnosticException>(() => RecordingConverter.Convert([Named("table.txt"), Named("absent.abf")], Named("out.nwb"), table, DateTimeOffset.UnixEpoch, Begin, default));
        Assert.Equal(0, begun);
        RecordingConverter.Convert([Named("table.txt")], Named("out.nwb"), table, DateTimeOffset.UnixEpoch, Begin, default);
        Assert.Equal(1, begun);
    }

    private string Named(string name) => Path.Combine(root, name);

    private void Refuses(string id, string file, ConversionOptions options, params string[] inputs)
    {
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => Convert(options, inputs)).Diagnostics);
        Assert.Equal((id, file), (fault.Id, fault.Place.File));
        Assert.NotNull(fault.Cure);
        Assert.False(File.Exists(Named("out.nwb")));
    }

    private void Convert(ConversionOptions options, params string[] inputs) => RecordingConverter.Convert(inputs, Named("out.nwb"), options, DateTimeOffset.UnixEpoch, static () => { }, default);
}
