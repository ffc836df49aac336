using BrainModular.Formats.Nwb;

namespace BrainModular.EndToEnd.Runs;

/// <summary><c>brain convert</c> on real recordings of other formats.</summary>
public sealed class ConversionTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [SkippableFact]
    public void An_axon_file_becomes_the_nwb_file_that_was_published_of_it()
    {
        var outcome = place.Run("convert", RealData.Require("icephys-ferguson2015", "PYR2.abf"), "out.nwb").Succeeded();
        Assert.StartsWith("sweeps 1-13: current clamp, 20000 samples at 10000 Hz, ", outcome.Output, StringComparison.Ordinal);
        Assert.Equal("out.nwb", outcome.LastLine);
        using var mine = NwbFile.Open(place["out.nwb"]);
        using var published = NwbFile.Open(RealData.Require("icephys-ferguson2015", "FergusonEtAl2015_PYR2.nwb"));
        Assert.Empty(mine.Warnings);
        Assert.Equal(@"C:\Axon\Params\Carey protocols\cc25pA1s.pro", mine.Session.General["protocol"]);
        foreach (var (one, other) in mine.Sweeps.Zip(published.Sweeps))
        {
            var (a, b) = (mine.Read(one), published.Read(other));
            Assert.Equal((NwbClamp.Current, other.Number, b.Rate, 3.0 * (one.Number - 1)), (one.Clamp, one.Number, a.Rate, Math.Round(one.Response.Series.Timing!.Start, 6)));
            Assert.Equal(b.Potential, a.Potential, static (x, y) => Math.Abs(x - y) < 1e-8);
            Assert.Equal(b.Current, a.Current, static (x, y) => Math.Abs(x - y) < 1e-16);
            Assert.Equal("cc25pA1s.pro", one.Response.Series.StimulusDescription);
        }

        // What the amplifier's samples were is kept: 16-bit integers with a factor.
        Assert.Equal(10 / 32768.0 / 0.01f * 1e-3, mine.Sweeps[0].Response.Series.Conversion, 1e-15);
    }

    [SkippableFact]
    public void A_command_that_was_not_recorded_is_made_of_the_protocol_s_epochs_and_a_fit_takes_it()
    {
        place.Run("convert", RealData.Require("icephys-pyabf", "abfs", "17o05028_ic_steps.abf"), "cell.nwb", "--force").Succeeded();
        using (var file = NwbFile.Open(place["cell.nwb"]))
        {
            var samples = file.Read(file.Sweep(3));
            Assert.Equal([0, -30e-12, 0, -50e-12, -30e-12, 0], ((int[])[0, 5000, 15000, 25000, 35000, 50000]).Select(i => samples.Current[i]), static (a, b) => Math.Abs(a - b) < 1e-21);
            Assert.Equal(-0.04708862, file.Read(file.Sweep(1)).Potential[0], 1e-8);
        }

        place.Write("fit.json", Workplace.Fit(recording: """{ "path": "cell.nwb", "duration": "300 ms", "sweeps": { "train": "1,2", "test": "3" } }"""));
        place.Run("run", "fit.json", "--out", "run").Succeeded();
    }

    /// <summary>A fit takes the current-clamp sweeps of a file that has others, too, and says which it leaves out; one that names its sweeps knows.</summary>
    [SkippableFact]
    public void Sweeps_in_voltage_clamp_are_left_out_of_a_fit_and_named()
    {
        place.Run("convert", RealData.Require("icephys-pyabf", "abfs", "171116sh_0016.abf"), RealData.Require("icephys-pyabf", "abfs", "171116sh_0013.abf"), "mixed.nwb").Succeeded();
        var runs = 0;
        string Fitted(string sweeps)
        {
            place.Write("fit.json", $$"""{ "stages": { "fit": { "neuron": { "type": "leaky-integrate-and-fire" }, "free": [], "recording": { "path": "mixed.nwb"{{sweeps}} } } } }""");
            return place.Run("run", "fit.json", "--out", $"out{runs++}").Succeeded().Error;
        }

        Assert.Contains("BM3125", Fitted(""), StringComparison.Ordinal);
        Assert.Contains("left out: sweeps 12-24 (in voltage clamp)", Fitted(""), StringComparison.Ordinal);
        Assert.DoesNotContain("BM3125", Fitted(", \"sweeps\": \"1-11\""), StringComparison.Ordinal);
    }

    /// <summary>One channel of this file holds what the stimulator was sent, in volts, and is the first of two that could be a response.</summary>
    [SkippableFact]
    public void Of_two_responses_the_one_to_fit_has_to_be_named()
    {
        var file = RealData.Require("icephys-pyabf", "abfs", "File_axon_3.abf");
        var both = place.Run("convert", file, "both.nwb").Succeeded();
        Assert.Contains("channel VmRK is response 2 of 2, and no command has its place, only Iimp RK01G", both.Error, StringComparison.Ordinal);
        Assert.Contains("where not all of stim, VmRK are responses, name the one that is with --response", both.Error, StringComparison.Ordinal);
        place.RefusesConfig(3, "BM3126", Fit("both.nwb"), "number 1", "recorded_0001, recorded_0001_electrode_VmRK (without a stimulus)", "'response'");
        place.RefusesConfig(3, "BM3111", Fit("both.nwb").Replace("\"both.nwb\"", "\"both.nwb\", \"sweeps\": \"77\"", StringComparison.Ordinal), "no sweep 77");
        place.RefusesConfig(3, "BM3127", Fit("both.nwb", "Vm"), "stages.fit.recording.response", "recorded_0001_electrode_VmRK (without a stimulus)");
        place.RefusesConfig(3, "BM3110", Fit("both.nwb", "*VmRK"), "no current-clamp sweep with a stimulus");
        place.RefusesConfig(3, "BM3103", Fit("both.nwb", "recorded_????"), "4.24 volts");

        var one = place.Run("convert", file, "one.nwb", "--response", "VmRK").Succeeded();
        Assert.Contains("response recorded as channel VmRK in mV, stimulus commanded by Iimp RK01G", one.Output, StringComparison.Ordinal);
        place.Write("fit.json", Fit("one.nwb"));
        place.Run("run", "fit.json", "--out", "run").Succeeded();

        static string Fit(string path, string? response = null) =>
            $$"""{ "stages": { "fit": { "neuron": { "type": "leaky-integrate-and-fire" }, "free": [], "recording": { "path": "{{path}}"{{(response is null ? "" : $", \"response\": \"{response}\"")}} } } } }""";
    }

    [SkippableFact]
    public void Voltage_clamp_and_several_electrodes_keep_their_own_series()
    {
        place.Run("convert", RealData.Require("icephys-pyabf", "abfs", "pclamp11_4ch.abf"), "four.nwb").Succeeded();
        using var file = NwbFile.Open(place["four.nwb"]);
        Assert.Empty(file.Warnings);
        Assert.Equal((40, 10), (file.Sweeps.Count, file.Sweeps.Select(static s => s.Number).Distinct().Count()));
        Assert.All(file.Sweeps, static sweep => Assert.Equal((NwbClamp.Voltage, sweep.Response.Series.Electrode), (sweep.Clamp, sweep.Stimulus!.Series.Electrode)));
        Assert.Equal(4, file.Sweeps.Select(static s => s.Response.Series.Electrode).Distinct().Count());
        Assert.Equal(["amperes", "volts"], [file.Sweeps[0].Response.Series.Unit, file.Sweeps[0].Stimulus!.Series.Unit]);

        // Each command has its own level, 10 to 40 mV, at its own holding potential.
        Assert.Equal([(0.01, -0.01), (0.02, -0.02), (0.03, 0), (0.04, -0.04)], file.Sweeps.Take(4).Select(s => file.Read(s).Potential).Select(static v => (Math.Round(v[1000], 9), Math.Round(v[0], 9))));
    }

    [SkippableFact]
    public void Pairs_of_waves_become_sweeps_with_the_numbers_of_their_names()
    {
        var folder = RealData.Require("icephys-bluepyefe", "B6");
        string[] files = [.. from channel in (int[])[3, 0] from number in (int[])[181, 182] select Path.Combine(folder, $"B6_Ch{channel}_IDRest_{number}.ibw")];
        place.Run(["convert", .. files, "waves.nwb"]).Succeeded();
        place.Run(["convert", .. files, "named.nwb", "--response", "*_Ch3_*", "--stimulus", "*_Ch0_*"]).Succeeded();
        foreach (var name in (string[])["waves.nwb", "named.nwb"])
        {
            using var file = NwbFile.Open(place[name]);
            Assert.Equal([181, 182], file.Sweeps.Select(static s => s.Number));
            var samples = file.Read(file.Sweep(181));
            Assert.Equal([-69.09037780761719e-3, 106.24481201171875e-12], [samples.Potential[0], samples.Current[6000]], Near);
            Assert.Contains("TYPE:pulse", file.Session.General["notes"], StringComparison.Ordinal);
        }

        Refuses(3, "BM2908", ["numbers 181 and 182", "in the same order"], [files[0], files[1], files[3], files[2], "bad.nwb"]);
        Refuses(3, "BM2907", ["2 stimuli for 3 responses"], [.. files, Path.Combine(folder, "B6_Ch3_IDRest_183.ibw"), "bad.nwb"]);
        Refuses(3, "BM2909", ["--stimulus-unit", "'mV'"], [.. files, "bad.nwb", "--response", "*_Ch0_*", "--stimulus", "*_Ch3_*"]);
    }

    [SkippableFact]
    public void Columns_of_tables_are_chosen_by_number()
    {
        string[] files = [.. ((string[])["11-0", "11-1", "04-0"]).Select(static name => RealData.Require("icephys-qsnmc2007", "Challenge_A", "training", $"{name}.voltage.gz"))];
        Refuses(3, "BM2913", ["--rate 10000"], [.. files, "bad.nwb"]);
        string[] options = ["--rate", "5000", "--response", "3", "--response-unit", "mV", "--stimulus", "2", "--stimulus-unit", "pA"];
        Refuses(3, "BM2906", ["1 to 3"], [.. files, "bad.nwb", .. options[..3], "4", .. options[4..]]);
        var outcome = place.Run(["convert", .. files, "table.nwb", .. options]).Succeeded();
        Assert.Contains("warning: BM2911", outcome.Error, StringComparison.Ordinal);
        using var file = NwbFile.Open(place["table.nwb"]);

        // Two names end with 0, so that sweeps have the order of the files.
        Assert.Equal([1, 2, 3], file.Sweeps.Select(static s => s.Number));
        var samples = file.Read(file.Sweep(1));
        Assert.Equal((34000, 5000.0), (samples.Current.Length, samples.Rate));
        Assert.Equal([-4.375e-12, -56.9922e-3], [samples.Current[0], samples.Potential[0]], Near);
    }

    [SkippableFact]
    public void Nothing_is_written_over_and_what_cannot_be_converted_leaves_no_file()
    {
        var recording = RealData.Require("icephys-ferguson2015", "PYR2.abf");
        Refuses(2, "BM1422", ["--force"], [recording, "cell.nwb"]);
        Refuses(2, "BM1421", [".nwb"], [recording, "out.abf"]);
        Refuses(3, "BM3001", ["absent.abf"], ["absent.abf", "out.nwb"]);
        Refuses(3, "BM2901", ["HDF5"], ["cell.nwb", "out.nwb"]);
        Refuses(3, "BM2906", ["Imemb, Vm"], [recording, "out.nwb", "--response", "IN 0"]);
        File.WriteAllBytes(place["cut.abf"], File.ReadAllBytes(recording)[..500_000]);
        Refuses(3, "BM2902", [place["cut.abf"], "byte 8192", "500000 bytes"], [place["cut.abf"], "out.nwb"]);
        place.Write("text.ibw", "no wave");
        Refuses(3, "BM2901", ["text.ibw"], ["text.ibw", "out.nwb"]);
    }

    private static bool Near(double a, double b) => Math.Abs(a - b) < 1e-9 * Math.Abs(a);

    private void Refuses(int exitCode, string id, string[] mentions, string[] command) => place.Refuses(exitCode, id, mentions, ["convert", .. command]);
}
