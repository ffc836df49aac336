using BrainModular.Formats.Nwb;

namespace BrainModular.EndToEnd.Runs;

/// <summary>A recording whose stimulus is the measured current: at each spike that is off by up to 0.7 nA.</summary>
public sealed class SpikeArtefactsTests : IDisposable
{
    private const long Sweep = 7;
    private const int FirstSpike = 876;
    private const double Largest = 0.2e-9;

    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [SkippableFact]
    public void A_measured_current_no_longer_tells_a_model_of_recorded_spikes()
    {
        var recording = RealData.Require("icephys-ferguson2015", "FergusonEtAl2015_PYR2.nwb");
        place.Write("fit.json", $$"""
            {
              "stages": {
                "fit": {
                  "neuron": { "type": "leaky-integrate-and-fire" }, "free": [],
                  "recording": { "path": "{{recording}}", "sweeps": { "train": "{{Sweep}}", "test": "none" }, "duration": "400 ms", "spikeArtefacts": {} },
                },
              },
            }
            """);
        place.Run(["run", "fit.json", "--out", "out"]).Succeeded();

        using var original = NwbFile.Open(recording);
        using var results = NwbFile.Open(Path.Combine(place["out"], "results.nwb"));
        var given = results.Read(results.Sweep(Sweep)).Current;
        var measured = original.Read(original.Sweep(Sweep)).Current[..given.Length];
        Assert.Contains(measured, static i => Math.Abs(i) > 0.4e-9);
        Assert.DoesNotContain(given, static i => Math.Abs(i) > Largest);
        Assert.Equal(measured[..(FirstSpike - 20)], given[..(FirstSpike - 20)], static (a, b) => Math.Abs(a - b) < 1e-18);
        Assert.InRange(given.Zip(measured).Count(static pair => Math.Abs(pair.First - pair.Second) > 1e-18), 300, 500);
    }

    /// <summary>Measured currents are warned of, with the file and the cure; a commanded one, and noise that makes a cell fire, are not.</summary>
    [SkippableTheory]
    [InlineData(true, "icephys-ferguson2015", "FergusonEtAl2015_PYR2.nwb")]
    [InlineData(true, "icephys-ferguson2015", "PYR1.abf")]
    [InlineData(true, "icephys-ferguson2015", "PYR3.abf")]
    [InlineData(true, "icephys-ferguson2015", "PYR4.abf")]
    [InlineData(false, "icephys-lantyer2018", "LantyerEtAl2018_180817_ME_9_CC.nwb")]
    [InlineData(false, "icephys-pyabf", "abfs/17o05028_ic_steps.abf")]
    [InlineData(false, "icephys-pyabf", "abfs/17o05027_ic_ramp.abf")]
    [InlineData(false, "icephys-pyabf", "abfs/171116sh_0016.abf")]
    [InlineData(false, "icephys-gif-pozzorini", "Cell3_Ger1Test_ch2_*.ibw", "Cell3_Ger1Test_ch3_*.ibw")]
    [InlineData(false, "icephys-qsnmc2007", "Challenge_A/training/04-0.voltage.gz", "--rate", "5000", "--stimulus", "2", "--stimulus-unit", "pA", "--response", "3", "--response-unit", "mV")]
    public void A_current_that_shows_spikes_is_warned_of_and_no_other_is(bool shows, string folder, params string[] files)
    {
        string[] arguments = [.. files.SelectMany(f => Files(folder, f))];
        var recording = arguments is [var only] && only.EndsWith(".nwb", StringComparison.Ordinal) ? only : place["converted.nwb"];
        if (recording != arguments[0])
        {
            place.Run(["convert", .. arguments, recording]).Succeeded();
        }

        var told = Fitted("leaky-integrate-and-fire", "\"free\": [],", "{ \"path\": \"" + recording + "\" }");
        Assert.Equal(shows, told.Contains("BM3123", StringComparison.Ordinal));
        Assert.Equal(shows, told.Contains("\"spikeArtefacts\": {}", StringComparison.Ordinal));
    }

    /// <summary>What a fit does that says nothing of how it is done, unless it is told to leave the current as it is.</summary>
    [SkippableTheory]
    [InlineData("", true)]
    [InlineData(", \"spikeArtefacts\": { \"when\": \"never\" }", false)]
    public void An_untuned_fit_takes_spikes_out_of_the_current_and_says_so(string told, bool replaced)
    {
        var recording = RealData.Require("icephys-ferguson2015", "FergusonEtAl2015_PYR2.nwb");
        var output = Fitted("gif-pozzorini", "", "{ \"path\": \"" + recording + "\", \"sweeps\": { \"train\": \"1,7\", \"test\": \"none\" }, \"duration\": \"400 ms\"" + told + " }");
        Assert.Equal(replaced, output.Contains("was replaced by a straight line", StringComparison.Ordinal));
        Assert.Contains(replaced ? "\"when\": \"found\"" : "\"when\": \"never\"", File.ReadAllText(Path.Combine(place["out"], "resolved.json")), StringComparison.Ordinal);
        using var results = NwbFile.Open(Path.Combine(place["out"], "results.nwb"));
        Assert.Equal(!replaced, results.Read(results.Sweep(Sweep)).Current.Any(static i => Math.Abs(i) > Largest));
    }

    private static IEnumerable<string> Files(string folder, string file)
    {
        if (!file.Contains('*', StringComparison.Ordinal))
        {
            return [file.Contains('.', StringComparison.Ordinal) ? RealData.Require(folder, file) : file];
        }

        var first = RealData.Require(folder, file.Replace("*", "1009", StringComparison.Ordinal));
        return Directory.GetFiles(Path.GetDirectoryName(first)!, file).Order(StringComparer.Ordinal);
    }

    private string Fitted(string neuron, string keys, string config)
    {
        place.Write("fit.json", $$"""{ "stages": { "fit": { "neuron": { "type": "{{neuron}}" }, {{keys}} "recording": {{config}} } } }""");
        return place.Run("run", "fit.json", "--out", "out").Succeeded().Error;
    }
}
