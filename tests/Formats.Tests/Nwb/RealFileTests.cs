using BrainModular.Formats.Nwb;

namespace BrainModular.Formats.Tests.Nwb;

/// <summary>Every NWB file of the data folder opens with what it holds, or is refused for a reason stated here. Counts are h5py's.</summary>
public sealed class RealFileTests
{
    /// <summary>File, version, objects, series, tables, sweeps, and the warnings' ids.</summary>
    public static TheoryData<string, string, int, int, int, int, string> Opening => new()
    {
        { "icephys-ferguson2015/FergusonEtAl2015_PYR2.nwb", "2.2.5", 34, 26, 1, 13, "" },
        { "icephys-lantyer2018/LantyerEtAl2018_170328_AL_238_VC.nwb", "2.2.2", 36, 28, 1, 14, "" },
        { "icephys-lantyer2018/LantyerEtAl2018_171220_NC_156_ST100_C.nwb", "2.2.2", 12, 4, 1, 2, "" },
        { "icephys-lantyer2018/LantyerEtAl2018_180817_ME_9_CC.nwb", "2.2.2", 28, 20, 1, 10, "" },
        { "nwb-dandi-testdata/v2.0.0/test_ClusterWaveforms.nwb", "2.0b", 2, 0, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_Clustering.nwb", "2.0b", 1, 0, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_CurrentClampSeries.nwb", "2.0b", 3, 1, 0, 1, "BM3030 BM3106" },
        { "nwb-dandi-testdata/v2.0.0/test_CurrentClampStimulusSeries.nwb", "2.0b", 3, 1, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_DecompositionSeries.nwb", "2.0b", 7, 2, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_Device.nwb", "2.0b", 1, 0, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_DynamicTable.nwb", "2.0b", 4, 0, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_ElectricalSeries.nwb", "2.0b", 14, 1, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_ElectrodeGroup.nwb", "2.0b", 2, 0, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_EventDetection.nwb", "2.0b", 15, 1, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_EventWaveform.nwb", "2.0b", 15, 1, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_FeatureExtraction.nwb", "2.0b", 14, 0, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_FilteredEphys.nwb", "2.0b", 17, 2, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_IZeroClampSeries.nwb", "2.0b", 3, 1, 0, 1, "" },
        { "nwb-dandi-testdata/v2.0.0/test_ImagingPlane.nwb", "2.0b", 3, 0, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_IntracellularElectrode.nwb", "2.0b", 2, 0, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_LFP.nwb", "2.0b", 17, 2, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_OptogeneticSeries.nwb", "2.0b", 3, 1, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_OptogeneticStimulusSite.nwb", "2.0b", 2, 0, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_PatchClampSeries.nwb", "2.0b", 8, 1, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_PlaneSegmentation.nwb", "2.0b", 11, 1, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_RoiResponseSeries.nwb", "2.0b", 13, 2, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_Subject.nwb", "2.0b", 1, 0, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_SweepTable.nwb", "2.0b", 8, 1, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_TimeIntervals.nwb", "2.0b", 12, 2, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_TimeSeries.nwb", "2.0b", 1, 1, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_TwoPhotonSeries.nwb", "2.0b", 4, 1, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_Units.nwb", "2.0b", 6, 0, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_VoltageClampSeries.nwb", "2.0b", 3, 1, 0, 1, "BM3106" },
        { "nwb-dandi-testdata/v2.0.0/test_VoltageClampStimulusSeries.nwb", "2.0b", 3, 1, 0, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_append.nwb", "2.0b", 17, 2, 1, 0, "" },
        { "nwb-dandi-testdata/v2.0.0/test_timestamps_linking.nwb", "2.0b", 2, 2, 0, 0, "" },
        { "nwb-osb-showcase/NWB/simple_example.nwb", "2.5.0", 0, 0, 0, 0, "" },
        { "nwb-osb-showcase/NWB/simple_example_latest.nwb", "2.1.0", 0, 0, 0, 0, "" },
        { "nwb-osb-showcase/NWB/time_series_data.nwb", "2.5.0", 16, 3, 1, 0, "" },
        { "nwb-osb-showcase/NWB/time_series_data_latest.nwb", "2.1.0", 16, 3, 1, 0, "" },
        { "nwb-pynwb-backcompat/1.0.2_nwbfile.nwb", "2.0b", 0, 0, 0, 0, "" },
        { "nwb-pynwb-backcompat/1.0.2_str_experimenter.nwb", "2.0b", 0, 0, 0, 0, "BM3026" },
        { "nwb-pynwb-backcompat/1.0.2_str_pub.nwb", "2.0b", 0, 0, 0, 0, "" },
        { "nwb-pynwb-backcompat/1.0.3_nwbfile.nwb", "2.0.2", 0, 0, 0, 0, "" },
        { "nwb-pynwb-backcompat/1.0.3_str_experimenter.nwb", "2.0.2", 0, 0, 0, 0, "BM3026" },
        { "nwb-pynwb-backcompat/1.0.3_str_pub.nwb", "2.0.2", 0, 0, 0, 0, "" },
        { "nwb-pynwb-backcompat/1.1.0_nwbfile.nwb", "2.1.0", 0, 0, 0, 0, "" },
        { "nwb-pynwb-backcompat/1.1.0_str_experimenter.nwb", "2.1.0", 0, 0, 0, 0, "" },
        { "nwb-pynwb-backcompat/1.1.0_str_pub.nwb", "2.1.0", 0, 0, 0, 0, "" },
        { "nwb-pynwb-backcompat/1.1.2_nwbfile.nwb", "2.1.0", 0, 0, 0, 0, "" },
        { "nwb-pynwb-backcompat/1.1.2_str_experimenter.nwb", "2.1.0", 0, 0, 0, 0, "" },
        { "nwb-pynwb-backcompat/1.1.2_str_pub.nwb", "2.1.0", 0, 0, 0, 0, "" },
        { "nwb-pynwb-backcompat/2.1.0_imageseries_no_data.nwb", "2.5.0", 1, 1, 0, 0, "" },
        { "nwb-pynwb-backcompat/2.1.0_imageseries_non_external_format.nwb", "2.5.0", 1, 1, 0, 0, "" },
        { "nwb-pynwb-backcompat/2.1.0_imageseries_nonmatch_starting_frame.nwb", "2.5.0", 1, 1, 0, 0, "" },
    };

    /// <summary>File and the id of the refusal.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "nwb1-sonata-bmtk/spikes.onepop.v1.0.nwb", "BM3020" },
    };

    [SkippableTheory]
    [MemberData(nameof(Opening))]
    public void Opens_with_all_that_it_holds(string path, string version, int objects, int series, int tables, int sweeps, string warnings)
    {
        using var file = NwbFile.Open(RealData.Require(path));
        Assert.Equal((version, objects, series, tables, sweeps), (file.Session.Version, file.Objects.Count, file.Series.Count, file.Tables.Count, file.Sweeps.Count));
        Assert.Equal(warnings, string.Join(' ', file.Warnings.Select(warning => warning.Id).Distinct().Order()));
        Assert.NotEmpty(file.Session.Identifier);
        Assert.NotNull(file.Session.StartTime);
        foreach (var one in file.Series.Where(one => one.SampleCount > 0))
        {
            var width = one.Shape.Skip(1).Aggregate(1L, (product, length) => product * length);
            Assert.Equal(width, one.Read(0, 1).Length);
            Assert.Equal(width, one.Read(one.SampleCount - 1).Length);
        }

        foreach (var table in file.Tables.Select(file.Table))
        {
            Assert.All(table.Columns, column => Assert.Equal(table.Ids.Count, column.Cells.Count));
        }

        Assert.Equal(warnings, string.Join(' ', file.Warnings.Select(warning => warning.Id).Distinct().Order()));
    }

    [SkippableTheory]
    [MemberData(nameof(Refused))]
    public void Is_refused_with_a_reason(string path, string id)
    {
        var diagnostic = DiagnosticAssert.Fails(id, () => NwbFile.Open(RealData.Require(path)));
        Assert.NotNull(diagnostic.Cure);
    }

    [SkippableFact]
    public void No_file_is_left_out()
    {
        RealData.Require("nwb-dandi-testdata");
        var known = Opening.Select(row => (string)row[0]).Concat(Refused.Select(row => (string)row[0])).ToHashSet();
        var there = Directory.EnumerateDirectories(RealData.Folder)
            .Where(folder => Path.GetFileName(folder).StartsWith("icephys-", StringComparison.Ordinal) || Path.GetFileName(folder).StartsWith("nwb", StringComparison.Ordinal))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.nwb", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(RealData.Folder, file).Replace('\\', '/'));
        Assert.DoesNotContain(there, file => !known.Contains(file));
    }

    [SkippableFact]
    public void Lantyers_current_clamp_file_has_ten_sweeps_of_current_steps()
    {
        using var file = NwbFile.Open(RealData.Require("icephys-lantyer2018", "LantyerEtAl2018_180817_ME_9_CC.nwb"));
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (long)i), file.Sweeps.Select(sweep => sweep.Number));
        Assert.All(file.Sweeps, sweep => Assert.Equal((NwbClamp.Current, 23200L, 20000.0), (sweep.Clamp, sweep.Count, sweep.Rate)));
        var sweep = file.Sweep(7);
        Assert.Equal("/acquisition/CurrentClampSeries_07", sweep.Response.Series.Path);
        Assert.Equal("/stimulus/presentation/CurrentClampStimulusSeries_07", sweep.Stimulus?.Series.Path);
        Assert.Equal("step-and-hold stimulation protocol", sweep.Response.Series.StimulusDescription);
        var samples = file.Read(sweep);
        Assert.Equal((0.06993749737739563, 2075), (samples.Potential.Max(), Array.IndexOf(samples.Potential, samples.Potential.Max())));
        Assert.Equal(-0.07087499648332596, samples.Potential[12345]);
        Assert.Equal(-1.4219948460923726e-14, samples.Current[12345]);
        var window = file.Read(sweep, 12345, 3);
        Assert.Equal(samples.Potential[12345..12348], window.Potential);
        Assert.Equal(55, file.Read(sweep, 23145, 1000).Current.Length);
        Assert.Equal("Mus musculus", file.Session.General["subject/species"]);
        Assert.Equal(["Melanie Emmelkamp"], file.Session.Experimenters);
    }

    [SkippableFact]
    public void Fergusons_file_has_thirteen_sweeps_with_the_measured_current()
    {
        using var file = NwbFile.Open(RealData.Require("icephys-ferguson2015", "FergusonEtAl2015_PYR2.nwb"));
        Assert.Equal(Enumerable.Range(1, 13).Select(i => (long)i), file.Sweeps.Select(sweep => sweep.Number));
        Assert.All(file.Sweeps, sweep => Assert.Equal((NwbClamp.Current, 20000L, 10000.0), (sweep.Clamp, sweep.Count, sweep.Rate)));
        var samples = file.Read(file.Sweep(1));
        Assert.Equal((-0.060302738f, -0.06063843f), ((float)samples.Potential[0], (float)samples.Potential[^1]));
        Assert.Equal((-6.958008e-11f, -8.57544e-11f), ((float)samples.Current[0], (float)samples.Current[^1]));
        Assert.All(file.Sweeps, sweep => Assert.Equal(sweep.Response.Series.Path[^2..], sweep.Stimulus?.Series.Path[^2..]));
    }

    [SkippableFact]
    public void Lantyers_voltage_clamp_files_give_the_recorded_current_and_the_held_potential()
    {
        using var steps = NwbFile.Open(RealData.Require("icephys-lantyer2018", "LantyerEtAl2018_170328_AL_238_VC.nwb"));
        Assert.Equal(Enumerable.Range(1, 14).Select(i => (long)i), steps.Sweeps.Select(sweep => sweep.Number));
        Assert.All(steps.Sweeps, sweep => Assert.Equal((NwbClamp.Voltage, 19750L, 50000.00000000001), (sweep.Clamp, sweep.Count, sweep.Rate)));
        var samples = steps.Read(steps.Sweep(1));
        Assert.Equal((-1.651454389905993e-10, -1.71389347158879e-10), (samples.Current[0], samples.Current[^1]));
        Assert.Equal((-0.07008228451013565, -0.07012225687503815), (samples.Potential[0], samples.Potential[^1]));

        using var sawtooth = NwbFile.Open(RealData.Require("icephys-lantyer2018", "LantyerEtAl2018_171220_NC_156_ST100_C.nwb"));
        Assert.Equal([1L, 2L], sawtooth.Sweeps.Select(sweep => sweep.Number));
        Assert.Equal((-1.118750023176851e-10, -0.07009375095367432), (sawtooth.Read(sawtooth.Sweep(1)).Current[0], sawtooth.Read(sawtooth.Sweep(1)).Potential[0]));
    }

    [SkippableTheory]
    [InlineData("test_CurrentClampSeries.nwb", "BM3102")]
    [InlineData("test_IZeroClampSeries.nwb", "BM3102")]
    [InlineData("test_VoltageClampSeries.nwb", "BM3103")]
    public void A_sweep_whose_numbers_cannot_be_a_recording_is_not_read(string name, string id)
    {
        using var file = NwbFile.Open(RealData.Require("nwb-dandi-testdata", "v2.0.0", name));
        var diagnostic = DiagnosticAssert.Fails(id, () => file.Read(Assert.Single(file.Sweeps)));
        Assert.Equal(file.Path, diagnostic.Place.File);
        Assert.NotNull(diagnostic.Expected);
        Assert.NotNull(diagnostic.Cure);
    }

    [SkippableFact]
    public void Timestamps_that_are_a_link_to_another_series_are_read()
    {
        using var file = NwbFile.Open(RealData.Require("nwb-dandi-testdata", "v2.0.0", "test_timestamps_linking.nwb"));
        var series = file.Series.Single(series => series.Object.Name == "b");
        Assert.Equal((0.0, 1.0, true), (series.Timing!.Start, series.Timing.Rate, series.Timing.HasTimestamps));
        Assert.Equal([997.0, 998.0, 999.0], series.ReadTimes(997));
    }

    [SkippableFact]
    public void Ragged_and_compound_columns_are_read()
    {
        using var masks = NwbFile.Open(RealData.Require("nwb-dandi-testdata", "v2.0.0", "test_PlaneSegmentation.nwb"));
        var table = masks.Table(Assert.Single(masks.Tables));
        var rows = table.Column("pixel_mask")!.Cells.Cast<object[]>().ToArray();
        Assert.Equal([3, 2], rows.Select(row => row.Length));
        Assert.Equal(["x", "y", "weight"], ((IReadOnlyDictionary<string, object>)rows[0][0]).Keys);
        Assert.Equal(25, Assert.IsType<object[]>(table.Column("image_mask")!.Cells[1]).Length);

        using var intervals = NwbFile.Open(RealData.Require("nwb-dandi-testdata", "v2.0.0", "test_TimeIntervals.nwb"));
        var epochs = intervals.Table(Assert.Single(intervals.Tables));
        Assert.Equal(["start_time", "stop_time", "tags", "timeseries", "foo"], epochs.Columns.Take(5).Select(column => column.Name));
    }
}
