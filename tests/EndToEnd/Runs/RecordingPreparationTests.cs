using BrainModular.Formats.Nwb;

namespace BrainModular.EndToEnd.Runs;

/// <summary>What is chosen of a recording and made of it before a model is fitted.</summary>
public sealed class RecordingPreparationTests : IDisposable
{
    private const string Passive = """ "free": [], """;

    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_junction_potential_is_subtracted_and_stated()
    {
        var (asRecorded, corrected) = (Begin("0 mV"), Begin("14 mV"));
        Assert.Equal(asRecorded - 14e-3, corrected, 1e-12);
        Assert.Equal("14 mV", (string)SummaryText.Read(place["14 mV"])["stages"]!["fit"]!["junctionPotential"]!);
        Assert.Null(SummaryText.Read(place["0 mV"])["stages"]!["fit"]!["junctionPotential"]);
        Assert.Contains("Junction potential", File.ReadAllText(Path.Combine(place["14 mV"], "report.html")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "one step for each sample")]
    [InlineData(""" "timeStep": "0.01 ms", """, "steps for each sample of")]
    [InlineData(""" "timeStep": "0.2 ms", """, "samples of")]
    public void How_samples_and_steps_go_together_is_stated(string step, string stated)
    {
        place.Write("fit.json", Workplace.Fit(keys: Passive + step));
        var told = place.Run("run", "fit.json", "--out", "out").Succeeded().Error;
        Assert.Equal(step.Length > 0, told.Contains(stated, StringComparison.Ordinal));
        Assert.Contains(stated, File.ReadAllText(Path.Combine(place["out"], "report.html")), StringComparison.Ordinal);
        Assert.EndsWith(" ms", (string)SummaryText.Read(place["out"])["stages"]!["fit"]!["sampleInterval"]!, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Sweeps_are_chosen_by_amplitude_in_a_real_file()
    {
        var recording = RealData.Require("icephys-lantyer2018", "LantyerEtAl2018_180817_ME_9_CC.nwb");
        place.Write("fit.json", Workplace.Fit(
            recording: $$"""{ "path": "{{recording}}", "sweeps": { "train": { "stimulus": "step-and-hold*", "amplitude": { "upper": "100 pA" } }, "test": { "numbers": "3-10", "amplitude": { "lower": "350 pA" } } } }""", keys: Passive));
        place.Run("run", "fit.json", "--out", "out").Succeeded();
        var fit = SummaryText.Read(place["out"])["stages"]!["fit"]!;
        Assert.Equal([1, 2], Numbers("train"));
        Assert.Equal([9, 10], Numbers("test"));

        place.RefusesConfig(
            3, "BM3112", Workplace.Fit(recording: $$"""{ "path": "{{recording}}", "sweeps": { "amplitude": { "lower": "1 nA" } } }"""), "no sweep is left to fit", "sweeps 1-10", "step-and-hold", "40.3 to 402.6 pA");

        long[] Numbers(string part) => [.. fit[part]!["sweeps"]!.AsArray().Select(static s => (long)s!["sweep"]!)];
    }

    /// <summary>The sweeps of the calibration tell the same electrode as they do where they are themselves fitted.</summary>
    [SkippableFact]
    public void A_calibration_tells_the_electrode_of_the_recording_after_it()
    {
        Convert("Elec", "1007", "calibration.nwb");
        Convert("Test", "1009", "noise.nwb");
        var own = Electrode("calibration.nwb", "{}");
        var calibrated = Electrode("noise.nwb", """{ "calibration": "calibration.nwb" }""");
        Assert.Equal(own, calibrated);
        Assert.NotEqual(own, Electrode("noise.nwb", "{}"));

        place.RefusesConfig(3, "BM3130", Workplace.Fit(recording: """{ "path": "noise.nwb", "electrode": { "resistance": "9 MOhm", "calibration": "calibration.nwb" } }"""), "electrode.calibration", "both say");
        place.RefusesConfig(3, "BM3001", Workplace.Fit(recording: """{ "path": "noise.nwb", "electrode": { "calibration": "missing.nwb" } }"""), "electrode.calibration", "missing.nwb");
    }

    /// <summary>A rate that is the time between samples, and a current of the wrong sign.</summary>
    [Fact]
    public void A_rate_that_is_an_interval_is_refused_and_an_inverted_current_warned_of()
    {
        WriteSteps("slow.nwb", 5e-5, 1);
        place.RefusesConfig(3, "BM3131", Workplace.Fit(recording: """{ "path": "slow.nwb" }""", keys: Passive), "5E-05 samples a second", "not the time between them");
        WriteSteps("inverted.nwb", 20_000, -1);
        place.Write("fit.json", Workplace.Fit(recording: """{ "path": "inverted.nwb" }""", keys: Passive));
        var told = place.Run("run", "fit.json", "--out", "inverted").Succeeded().Error;
        Assert.Contains("BM3122", told, StringComparison.Ordinal);
        Assert.Contains("check the sign", told, StringComparison.Ordinal);
    }

    private void WriteSteps(string name, double rate, double sign)
    {
        var made = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var file = NwbWriter.Create(place[name], new("steps", "current steps", made, made, "a simulated cell"));
        for (var sweep = 1; sweep <= 3; sweep++)
        {
            var (current, potential, v) = (new double[2000], new double[2000], 0.0);
            for (var t = 0; t < 2000; t++)
            {
                current[t] = t is > 400 and < 1600 ? 0.02 * sweep : 0;
                potential[t] = 1e-3 * (-70 + v);
                v += 0.05 / 15 * ((100 * current[t]) - v);
            }

            file.Stimulus(sweep, rate, [.. current.Select(i => sign * i * 1e-9)], "step");
            file.Recorded(sweep, rate, potential, "step");
        }

        file.Commit();
    }

    private double Begin(string junction)
    {
        place.Write("fit.json", Workplace.Fit(recording: $$"""{ "path": "cell.nwb", "sweeps": "1", "junctionPotential": "{{junction}}" }""", keys: Passive));
        place.Run("run", "fit.json", "--out", junction).Succeeded();
        using var results = NwbFile.Open(Path.Combine(place[junction], "results.nwb"));
        return results.Read(results.Sweep(1)).Potential[0];
    }

    private void Convert(string kind, string number, string output)
    {
        string[] files = [.. new[] { 2, 3 }.Select(channel => RealData.Require("icephys-gif-pozzorini", $"Cell3_Ger1{kind}_ch{channel}_{number}.ibw"))];
        place.Run(["convert", .. files, output]).Succeeded();
    }

    private string Electrode(string recording, string electrode)
    {
        var output = $"{recording}-{electrode.Length}";
        place.Write("fit.json", Workplace.Fit(recording: $$"""{ "path": "{{recording}}", "sweeps": { "test": "none" }, "electrode": {{electrode}} }""", keys: Passive));
        place.Run("run", "fit.json", "--out", output).Succeeded();
        return SummaryText.Read(place[output])["stages"]!["fit"]!["electrode"]!.ToJsonString();
    }
}
