using BrainModular.Host.Configuration;

namespace BrainModular.Host;

/// <summary>A fit that does not say how it is done is done in stages.</summary>
public sealed class StagedFitTests
{
    private const string Recording = """ "recording": { "path": "cell.nwb" } """;

    [Fact]
    public void A_fit_that_says_nothing_of_how_is_done_in_three_stages_of_which_the_last_has_its_name()
    {
        var fits = Fits($$""" "cell": { "type": "fit", "neuron": { "type": "gif-pozzorini" }, {{Recording}} }, "simulate": { "from": "cell" } """);
        Assert.Equal(["cell-potential", "cell-threshold", "cell"], fits.Select(static f => f.Name));
        Assert.Equal([0, 1, 1], fits.Select(static f => f.From.Count));
        Assert.Equal(["cell-potential", "cell-threshold"], fits.Skip(1).Select(static f => f.From[0]));
        Assert.Equal([true, true, false], fits.Select(static f => f.RecordedSpikes));
        Assert.Equal([true, false, false], fits.Select(static f => f.ValuesFromRecording));
        Assert.Equal(["voltage-mean-squared-error", "spike-likelihood", "features"], fits.Select(static f => f.Losses[0].Component.Type));
        Assert.Equal(["C", "gL", "EL", "Vreset", "qEta1", "tauEta1", "qEta2", "tauEta2", "gK", "Vn", "kn", "tauN"], fits[0].Free);
        Assert.Equal(["VTstar", "DeltaV", "qGamma1", "tauGamma1", "qGamma2", "tauGamma2", "tauTheta", "ka", "ki", "Vi"], fits[1].Free);
        Assert.Equal(["VTstar"], fits[2].Free);
        Assert.Equal(10_000, fits[2].Parameters.Single(static p => p.Name == "tauHazard").Value!.Value.InEngineUnits);
        Assert.Equal(["features", "voltage-mean-squared-error"], fits[2].Losses.Select(static l => l.Component.Type));
        Assert.Null(fits[1].Neuron);
        Assert.Equal("median", Setting(fits[2], "firing"));
        Assert.Equal("found", fits[0].Recording!.SpikeArtefacts!.Value.When);
        Assert.Equal("found", fits[0].Recording!.Electrode!.Value.When);
    }

    [Fact]
    public void What_a_recording_says_of_its_electrode_stays()
    {
        var recording = Fits(""" "fit": { "neuron": { "type": "gif-pozzorini" }, "recording": { "path": "cell.nwb", "electrode": { "when": "never" } } } """)[0].Recording!;
        Assert.Equal("never", recording.Electrode!.Value.When);
        Assert.Equal("found", recording.SpikeArtefacts!.Value.When);
    }

    [Fact]
    public void What_the_neuron_is_decides_what_is_free_and_values_that_are_given_stay()
    {
        var fits = Fits($$"""
            "fit": {
              "neuron": {
                "type": "gif-pozzorini", "currents": 1, "thresholds": 0, "coupling": "none", "potassium": "none",
                "parameters": { "EL": "-70 mV", "C": { "value": "50 pF", "lower": "10 pF", "upper": "0.1 nF" } }
              },
              {{Recording}}, "spikePrecision": "2 ms", "uncertainty": { "type": "laplace" }
            }
            """);
        Assert.Equal(["C", "gL", "Vreset", "qEta1", "tauEta1"], fits[0].Free);
        Assert.Equal(["VTstar", "DeltaV"], fits[1].Free);
        Assert.All(fits, static f => Assert.Equal(2, f.SpikePrecision.In(BrainModular.Symbolics.Units.ms), 1e-12));
        Assert.Equal([true, true, false], fits.Select(static f => f.Uncertainty is not null));

        // A value to begin from is that of the first stage alone; bounds hold in all.
        Assert.NotNull(fits[0].Parameters.Single(static p => p.Name == "C").Value);
        var last = fits[2].Parameters.Single(static p => p.Name == "C");
        Assert.Null(last.Value);
        Assert.NotNull(last.Upper);
        Assert.True(fits[2].Parameters.Single(static p => p.Name == "EL").IsFixed);
    }

    [Theory]
    [InlineData("\"20 ms\"", "VTstar")]
    [InlineData("""{ "lower": "2 ms", "upper": "200 ms" }""", "VTstar, tauHazard")]
    public void A_memory_that_is_given_stays_and_one_that_is_given_bounds_is_looked_for(string memory, string free)
    {
        var last = Fits($$""" "fit": { "neuron": { "type": "gif-pozzorini", "parameters": { "tauHazard": {{memory}} } }, {{Recording}} } """)[^1];
        Assert.Equal(free.Split(", "), last.Free);
        var given = last.Parameters.Single(static p => p.Name == "tauHazard");
        Assert.Equal(given.IsFixed ? 20 : null, given.Value?.InEngineUnits);
    }

    [Fact]
    public void A_neuron_that_is_told_when_to_fire_is_fitted_in_two_stages()
    {
        var fits = Fits($$""" "fit": { "neuron": { "type": "gif-pozzorini", "firing": "escape" }, {{Recording}} } """);
        Assert.Equal(["fit-potential", "fit"], fits.Select(static f => f.Name));
        Assert.Equal("escape", Setting(fits[0], "firing"));
    }

    [Theory]
    [InlineData(""" "starts": 2, """)]
    [InlineData(""" "spikes": "recording", """)]
    [InlineData(""" "loss": { "type": "spike-likelihood" }, """)]
    [InlineData(""" "free": ["C"], """)]
    [InlineData(""" "optimizer": { "type": "adam" }, """)]
    [InlineData(""" "initialValues": "recording", """)]
    public void A_fit_that_says_how_stays_as_it_is(string key)
    {
        var fit = Assert.Single(Fits($$""" "fit": { "neuron": { "type": "gif-pozzorini" }, {{key}} {{Recording}} } """));
        Assert.Equal("fit", fit.Name);
        Assert.Null(Setting(fit, "coupling"));
    }

    [Fact]
    public void Other_neurons_and_fits_that_go_on_from_one_stay_as_they_are() => Assert.Equal(
        ["fit", "next-potential", "next-threshold", "next", "last"],
        Fits($$"""
            "fit": { "neuron": { "type": "hodgkin-huxley" }, {{Recording}} },
            "next": { "type": "fit", "neuron": { "type": "gif-pozzorini" }, {{Recording}} },
            "last": { "type": "fit", "from": "next", "neuron": { "type": "gif-pozzorini" } }
            """).Select(static f => f.Name));

    [Fact]
    public void Faults_are_named_once_where_they_stand()
    {
        var faults = ConfigFile.FaultsOf($$"""{ "stages": { "fit": { "neuron": { "type": "gif-pozzorini" }, "timeStep": 5, {{Recording}} } } }""");
        var fault = Assert.Single(faults);
        Assert.Equal(("BM2007", "stages.fit.timeStep"), (fault.Id, fault.Place.Path));
    }

    [Fact]
    public void A_name_that_its_stages_need_is_refused_for_another_stage()
    {
        var faults = ConfigFile.FaultsOf($$"""
            { "stages": { "fit-potential": { "type": "fit", "neuron": { "type": "hodgkin-huxley" }, {{Recording}} }, "fit": { "neuron": { "type": "gif-pozzorini" }, {{Recording}} } } }
            """);
        Assert.Contains(faults, static f => (f.Id, f.Place.Path) == ("BM2003", "stages.fit-potential"));
    }

    private static string? Setting(FitConfig fit, string name) =>
        (fit.Neuron!.Settings.FirstOrDefault(s => s.Name == name)?.Value as ConfigText)?.Value;

    private static List<FitConfig> Fits(string stages)
    {
        using var file = new ConfigFile($$"""{ "stages": { {{stages}} } }""");
        var (config, faults) = file.Load();
        Assert.Empty(faults);
        return [.. config.Stages.OfType<FitConfig>()];
    }
}
