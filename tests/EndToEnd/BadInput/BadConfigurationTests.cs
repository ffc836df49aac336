namespace BrainModular.EndToEnd.BadInput;

/// <summary>Faults of a configuration: named with file, line, column and key, before anything is written.</summary>
public sealed class BadConfigurationTests : IDisposable
{
    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void A_missing_configuration_is_named() =>
        place.Refuses(3, "BM2001", ["absent.json", "check the path"], "run", "absent.json", "--out", "out");

    [Fact]
    public void A_folder_is_no_configuration() =>
        place.Refuses(3, "BM2001", [place.Root], "run", place.Root, "--out", "out");

    [Fact]
    public void Broken_json_is_named_with_line_and_column() =>
        place.RefusesConfig(3, "BM2002", "{\n  \"stages\": {\n    \"fit\": { \"starts\": 2 ]\n  }\n}", "bad.json:3:26");

    [Fact]
    public void Json_that_ends_early_is_named_with_its_last_line() =>
        place.RefusesConfig(3, "BM2002", "{\n  \"stages\": {\n", "bad.json:3:1");

    [Fact]
    public void An_empty_configuration_is_refused() => place.RefusesConfig(3, "BM2002", "", "bad.json:1:1");

    [Fact]
    public void A_duplicate_key_is_named_with_both_places() =>
        place.RefusesConfig(3, "BM2003", "{\n  \"seed\": 1,\n  \"seed\": 2,\n  \"stages\": {}\n}", "bad.json:3:3", "'seed'", "line 2");

    [Fact]
    public void A_misspelt_key_is_named_with_the_key_that_was_meant() =>
        place.RefusesConfig(3, "BM2004", Workplace.Fit(keys: "\n      \"integratr\": \"rk4\""), "bad.json:9:7", "(stages.fit.integratr)", "'integratr'", "did you mean 'integrator'?");

    [Fact]
    public void A_misspelt_setting_of_a_component_is_named_too() =>
        place.RefusesConfig(
            3, "BM2004", Workplace.Fit(neuron: """{ "type": "leaky-integrate-and-fire", "surogateWidth": "5 mV" }"""),
            "bad.json:5:", "(stages.fit.neuron.surogateWidth)", "did you mean 'surrogateWidth'?");

    [Fact]
    public void A_bare_number_where_a_unit_is_due_is_refused() =>
        place.RefusesConfig(3, "BM2007", Workplace.Fit(keys: "\n      \"timeStep\": 0.05"), "bad.json:9:19", "(stages.fit.timeStep)", "expected: ", "\"0.05 ms\"");

    [Fact]
    public void A_unit_of_another_dimension_is_refused() =>
        place.RefusesConfig(3, "BM2008", Workplace.Fit(keys: "\n      \"timeStep\": \"0.05 mV\""), "bad.json:9:19", "(stages.fit.timeStep)", "0.05 mV", "ms");

    [Fact]
    public void A_unit_that_nobody_knows_is_refused() =>
        place.RefusesConfig(3, "BM2007", Workplace.Fit(keys: "\n      \"timeStep\": \"0.05 parsecs\""), "bad.json:9:19", "parsecs");

    [Fact]
    public void A_parameter_out_of_its_bounds_is_refused() =>
        place.RefusesConfig(
            3, "BM2304", Workplace.Fit(neuron: """{ "type": "leaky-integrate-and-fire", "parameters": { "R": "99999 MOhm" } }"""),
            "bad.json:5:", "(stages.fit.neuron.parameters.R)", "99999 MOhm", "2000 MOhm");

    [Fact]
    public void A_parameter_that_the_model_has_not_is_named_with_the_nearest() =>
        place.RefusesConfig(
            3, "BM2301", Workplace.Fit(neuron: """{ "type": "leaky-integrate-and-fire", "parameters": { "tauN": "10 ms" } }"""),
            "(stages.fit.neuron.parameters.tauN)", "'tauN'", "did you mean 'tauM'?");

    [Fact]
    public void An_unknown_neuron_type_is_named_with_the_nearest() =>
        place.RefusesConfig(3, "BM2013", Workplace.Fit(neuron: """{ "type": "hodgkin-huxly" }"""), "bad.json:5:", "(stages.fit.neuron.type)", "'hodgkin-huxly'", "'hodgkin-huxley'");

    [Fact]
    public void A_neuron_type_like_no_other_lists_them_all() =>
        place.RefusesConfig(3, "BM2013", Workplace.Fit(neuron: """{ "type": "xyz" }"""), "use one of: ", "generalized-integrate-and-fire, ", ", hodgkin-huxley");

    [Theory]
    [InlineData("BM2012", "fti", "did you mean 'fit'?")]
    [InlineData("BM2012", "later", "use one of: export, fit")]
    [InlineData("BM2323", "export", "a fit, a simulation or a training before it")]
    public void A_stage_takes_only_from_earlier_stages_that_have_a_model(string id, string from, string cure)
    {
        var after = $$"""
            "export": { "from": "fit" }, "again": { "type": "export", "from": "{{from}}" }, "later": { "type": "simulate", "from": "fit" }
            """;
        place.RefusesConfig(3, id, Workplace.Fit(after: after), "(stages.again.from)", $"'{from}'", cure);
    }

    [Theory]
    [InlineData("BM2320", """{ "stages": { "simulate": { "stimulus": { "amplitude": "1 nA" }, "duration": "10 ms" } } }""", "no model")]
    [InlineData("BM2321", """{ "stages": { "simulate": { "neuron": { "type": "leaky-integrate-and-fire" }, "stimulus": { "amplitude": "1 nA" } } } }""", "no duration")]
    [InlineData("BM2322", """{ "stages": { "simulate": { "neuron": { "type": "leaky-integrate-and-fire" } } } }""", "no stimulus")]
    [InlineData("BM2006", """{ "stages": { "fit": { "recording": { "path": "cell.nwb" } } } }""", "'neuron'")]
    [InlineData("BM2006", "{}", "'stages'")]
    [InlineData("BM2005", "[]", "a list")]
    public void A_configuration_that_says_too_little_is_refused(string id, string config, string problem) => place.RefusesConfig(3, id, config, "bad.json:1:", problem);

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        var outcome = place.RefusesConfig(
            3, "BM2004", Workplace.Fit(neuron: """{ "type": "hodgkin-huxly" }""", recording: """{ "path": "absent.nwb" }""", keys: "\n      \"timeStep\": 5, \"strats\": 3"));
        Assert.All((string[])["BM2007: ", "BM2013: ", "did you mean 'starts'?"], text => Assert.Contains(text, outcome.Error, StringComparison.Ordinal));
    }

    [Fact]
    public void Validation_says_the_same_as_a_run()
    {
        place.Write("bad.json", Workplace.Fit(neuron: """{ "type": "hodgkin-huxly" }"""));
        var run = place.Refuses(3, "BM2013", [], "run", "bad.json", "--out", "out");
        var validate = place.Refuses(3, "BM2013", [], "validate", "bad.json");
        Assert.Equal(run.Error, validate.Error);
    }
}
