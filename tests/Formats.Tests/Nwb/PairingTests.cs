using BrainModular.Formats.Hdf5;
using BrainModular.Formats.Nwb;

namespace BrainModular.Formats.Tests.Nwb;

public sealed class PairingTests : IDisposable
{
    private const string Icephys = "/general/intracellular_ephys/";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Series_of_one_sweep_number_belong_together()
    {
        Assert.Equal(
            ["3: a - z", "11: b - y"],
            Pairs(nwb =>
            {
                nwb.Pair("a", "z", 3);
                nwb.Pair("b", "y", 11);
            }));
    }

    [Fact]
    public void The_sweep_table_numbers_series_that_have_no_number()
    {
        Assert.Equal(
            ["7: a - y", "9: b - z"],
            Pairs(nwb =>
            {
                nwb.Pair("a", "y");
                nwb.Pair("b", "z");
                nwb.Table(Icephys + "sweep_table", "SweepTable", "series", "sweep_number");
                nwb.Writer.Dataset(Icephys + "sweep_table/id", new[] { 0, 1, 2 });
                nwb.Writer.Dataset(Icephys + "sweep_table/sweep_number", new ulong[] { 7, 9, 9 });
                nwb.Writer.Dataset(Icephys + "sweep_table/series", Targets("/acquisition/a", "/stimulus/presentation/y", "/acquisition/b", "/stimulus/presentation/z"));
                nwb.Writer.Dataset(Icephys + "sweep_table/series_index", new byte[] { 2, 3, 4 });
            }));
    }

    [Fact]
    public void The_icephys_tables_pair_stretches_of_series_row_by_row()
    {
        Pairs(
            nwb =>
            {
                nwb.Pair("long", "steps");
                nwb.Pair("short", "other");
                const string table = Icephys + "intracellular_recordings";
                nwb.Table(table, "IntracellularRecordingsTable");
                nwb.Writer.Attribute(table, "categories", new[] { "responses", "stimuli" });
                nwb.Writer.Dataset(table + "/id", new[] { 21, 22, 23 });
                nwb.Table(table + "/responses", "IntracellularResponsesTable", "response");
                nwb.Table(table + "/stimuli", "IntracellularStimuliTable", "stimulus");
                References(nwb, table + "/responses/response", [0, 4, 0], [4, 6, 10], "/acquisition/long", "/acquisition/long", "/acquisition/short");
                References(nwb, table + "/stimuli/stimulus", [0, 4, -1], [4, 6, -1], "/stimulus/presentation/steps", "/stimulus/presentation/steps", "/acquisition/short");
            },
            file =>
            {
                Assert.Equal(["21: long - steps", "22: long - steps", "23: short - "], Describe(file));
                Assert.Equal([(0L, 4L), (4L, 6L), (0L, 10L)], file.Sweeps.Select(sweep => (sweep.Response.Start, sweep.Response.Count)));
                Assert.Equal(6, file.Read(file.Sweep(22)).Potential.Length);
                Assert.Equal("BM3106", Assert.Single(file.Warnings).Id);
                Assert.All(file.Read(file.Sweep(23)).Current, current => Assert.Equal(0, current));
            });
    }

    [Fact]
    public void Names_pair_what_nothing_else_does()
    {
        Assert.Equal(
            ["4: Sweep_4 - Sweep_4", "5: in_5 - out_5"],
            Pairs(nwb =>
            {
                nwb.Pair("Sweep_4", "Sweep_4");
                nwb.Pair("in_5", "out_5");
            }));
    }

    [Fact]
    public void An_electrodes_stimulus_is_preferred_where_several_share_a_sweep()
    {
        Assert.Equal(
            ["1: a - y", "1: b - z"],
            Pairs(nwb =>
            {
                nwb.Pair("a", "z", 1);
                nwb.Pair("b", "y", 1);
                nwb.Group(Icephys + "e0", "IntracellularElectrode");
                nwb.Group(Icephys + "e1", "IntracellularElectrode");
                nwb.Writer.SoftLink("/acquisition/a/electrode", Icephys + "e0");
                nwb.Writer.SoftLink("/stimulus/presentation/y/electrode", Icephys + "e0");
                nwb.Writer.SoftLink("/acquisition/b/electrode", Icephys + "e1");
                nwb.Writer.SoftLink("/stimulus/presentation/z/electrode", Icephys + "e1");
            }));
    }

    [Fact]
    public void The_current_into_another_cell_is_no_stimulus_of_this_one()
    {
        Pairs(
            nwb =>
            {
                nwb.Pair("a", "y", 1);
                nwb.Series("/acquisition/b", "CurrentClampSeries", Enumerable.Repeat(-0.06, 10).ToArray(), "volts", 1);
                nwb.Group(Icephys + "e0", "IntracellularElectrode");
                nwb.Group(Icephys + "e1", "IntracellularElectrode");
                nwb.Writer.SoftLink("/acquisition/a/electrode", Icephys + "e0");
                nwb.Writer.SoftLink("/stimulus/presentation/y/electrode", Icephys + "e0");
                nwb.Writer.SoftLink("/acquisition/b/electrode", Icephys + "e1");
            },
            file =>
            {
                Assert.Equal(["1: a - y", "1: b - "], Describe(file));
                Assert.Equal("BM3106", Assert.Single(file.Warnings).Id);
            });
    }

    [Fact]
    public void A_held_potential_is_no_stimulus_in_current_clamp()
    {
        Assert.Equal(
            ["1: held - x", "1: injected - y"],
            Pairs(nwb =>
            {
                nwb.Series("/acquisition/held", "VoltageClampSeries", new[] { 1e-10 }, "amperes", 1);
                nwb.Series("/acquisition/injected", "CurrentClampSeries", new[] { -0.07 }, "volts", 1);
                nwb.Series("/stimulus/presentation/x", "VoltageClampStimulusSeries", new[] { -0.07 }, "volts", 1);
                nwb.Series("/stimulus/presentation/y", "TimeSeries", new[] { 1e-10 }, "amperes", 1);
            }));
    }

    [Fact]
    public void Recordings_under_one_number_keep_their_own_stimuli()
    {
        Assert.Equal(
            ["7: in_0 - out_0", "7: in_1 - out_1", "7: in_2 - out_2"],
            Pairs(nwb =>
            {
                nwb.Pair("in_1", "out_1", 7);
                nwb.Pair("in_0", "out_0", 7);
                nwb.Pair("in_2", "out_2", 7);
            }));
    }

    [Fact]
    public void A_stimulus_that_had_to_be_guessed_is_named()
    {
        Pairs(
            nwb =>
            {
                nwb.Pair("a", "q", 7);
                nwb.Pair("b", "p", 7);
            },
            file =>
            {
                Assert.Equal(["7: a - p", "7: b - q"], Describe(file));
                Assert.Equal(["BM3128", "BM3128"], file.Warnings.Select(warning => warning.Id));
                Assert.Contains("order", file.Warnings[0].Problem, StringComparison.Ordinal);
            });
        Pairs(
            nwb =>
            {
                nwb.Pair("a", "p", 7);
                nwb.Series("/stimulus/presentation/q", "CurrentClampStimulusSeries", new double[10], "amperes", 7);
            },
            file =>
            {
                Assert.Equal(["7: a - p"], Describe(file));
                Assert.Equal("BM3128", Assert.Single(file.Warnings).Id);
            });
    }

    [Fact]
    public void Numbers_inside_of_names_tell_sweeps_apart()
    {
        Assert.Equal(
            ["1: response-01-ch-0 - stimulus-01-ch-0", "2: response-02-ch-0 - stimulus-02-ch-0", "10: response-10-ch-0 - stimulus-10-ch-0"],
            Pairs(nwb =>
            {
                nwb.Pair("response-10-ch-0", "stimulus-02-ch-0");
                nwb.Pair("response-01-ch-0", "stimulus-10-ch-0");
                nwb.Pair("response-02-ch-0", "stimulus-01-ch-0");
            }));
    }

    [Fact]
    public void Groups_that_nest_without_end_are_not_walked()
    {
        Pairs(
            nwb =>
            {
                nwb.Pair("a", "z", 3);
                nwb.Writer.Group(string.Concat(Enumerable.Repeat("/deep", 200)));
            },
            file =>
            {
                Assert.Equal(["3: a - z"], Describe(file));
                Assert.Equal("BM3027", Assert.Single(file.Warnings).Id);
            });
    }

    [Fact]
    public void A_sweep_that_is_not_there_is_refused_with_those_that_are()
    {
        Pairs(
            nwb =>
            {
                nwb.Pair("a", "z", 3);
                nwb.Pair("b", "y", 11);
            },
            file => Assert.Equal("one of 3, 11", DiagnosticAssert.Fails("BM3105", () => file.Sweep(4)).Expected));
        Pairs(_ => { }, file => DiagnosticAssert.Fails("BM3105", () => file.Sweep(0)));
    }

    [Fact]
    public void A_damaged_table_costs_a_warning_and_not_the_file()
    {
        Pairs(
            nwb =>
            {
                nwb.Pair("a", "z", 3);
                nwb.Table(Icephys + "sweep_table", "SweepTable", "series", "sweep_number", "lost");
                nwb.Writer.Dataset(Icephys + "sweep_table/sweep_number", new ulong[] { 3 });
                nwb.Writer.Dataset(Icephys + "sweep_table/series", Targets("/acquisition/a"));
                nwb.Writer.Dataset(Icephys + "sweep_table/series_index", new byte[] { 9 });
            },
            file =>
            {
                Assert.Equal(["3: a - z"], Describe(file));
                Assert.Equal(["BM3025", "BM3025"], file.Warnings.Select(warning => warning.Id));
            });
    }

    private static Hdf5Target[] Targets(params string[] paths) => [.. paths.Select(path => new Hdf5Target(path))];

    private static void References(SmallNwb nwb, string path, int[] starts, int[] counts, params string[] series) =>
        nwb.Writer.Records(path, [new("idx_start", starts), new("count", counts), new("timeseries", Targets(series))]);

    private static IEnumerable<string> Describe(NwbFile file) =>
        file.Sweeps.Select(sweep => $"{sweep.Number}: {sweep.Response.Series.Object.Name} - {sweep.Stimulus?.Series.Object.Name}");

    private string[] Pairs(Action<SmallNwb> write)
    {
        string[] pairs = [];
        Pairs(write, file =>
        {
            pairs = [.. Describe(file)];
            Assert.Empty(file.Warnings);
        });
        return pairs;
    }

    private void Pairs(Action<SmallNwb> write, Action<NwbFile> check)
    {
        using var nwb = new SmallNwb(_folder["small.nwb"]);
        write(nwb);
        using var file = nwb.Open();
        check(file);
    }
}
