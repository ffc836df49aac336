using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Host.Configuration;

namespace BrainModular.Host;

public sealed class ReadingTests
{
    [Theory]
    [InlineData("{{ \"stages\": {{}}, {0} }}", ", ")]
    [InlineData("{{ \"stages\": {{}}, {0} }}", ",\n")]
    [InlineData("{{ \"stages\": {{ {0} }} }}", ", ")]
    [InlineData("{{ \"stages\": {{ \"fit\": {{ {0} }} }} }}", ", ")]
    public void Very_many_wrong_keys_take_no_longer_each_than_few(string config, string separator)
    {
        var keys = string.Join(separator, Enumerable.Range(0, 100_000).Select(static i => $"\"key{i}\": 1"));
        using var file = new ConfigFile(string.Format(CultureInfo.InvariantCulture, config, keys));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (_, faults) = file.Load();
        Assert.InRange(faults.Count, 100_000, 100_002);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 15);
    }

    [Fact]
    public void A_very_long_key_is_not_compared_letter_by_letter()
    {
        using var file = new ConfigFile($$"""{ "stages": {}, "{{new string('s', 50_000_000)}}": 1 }""");
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(2, file.Load().Faults.Count);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public void Comments_and_trailing_commas_are_allowed()
    {
        using var file = new ConfigFile("// a comment\n" + ConfigFile.Minimal + "\n/* another */");
        var (config, faults) = file.Load();
        Assert.Empty(faults);
        var fit = Assert.IsType<FitConfig>(Assert.Single(config.Stages));
        Assert.Equal("hodgkin-huxley", fit.Neuron!.Type);
    }

    [Fact]
    public void Defaults_are_filled_in()
    {
        using var file = new ConfigFile(ConfigFile.Minimal);
        var config = file.Load().Config;
        var fit = (FitConfig)config.Stages[0];
        Assert.Equal("experiment", config.Name);
        Assert.Equal(1ul, config.Seed);
        Assert.Equal(Environment.ProcessorCount, config.Threads);
        Assert.Equal(("l-bfgs-b", "voltage-mean-squared-error", 20), (fit.Optimizer.Type, fit.Losses[0].Component.Type, fit.Starts));
        Assert.Equal(("exponential-euler", true), (fit.Stepping.Integrator, fit.Stepping.IsDouble));
        Assert.Null(fit.Stepping.TimeStep);
        Assert.Null(fit.Coupling);
    }

    [Theory]
    [InlineData("{\n  \"seed\": 1\n  \"stages\": {}\n}", 3, 3)]
    [InlineData("{\n  \"name\": \"\u00e4\u00f6\", oops\n}", 2, 17)]
    [InlineData("{ \"stages\": ", 1, 13)]
    [InlineData("", 1, 1)]
    [InlineData("{}\n}", 2, 1)]
    public void Broken_json_is_reported_with_line_and_column(string text, int line, int column)
    {
        using var file = new ConfigFile(text);
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => file.Load()).Diagnostics);
        Assert.Equal(("BM2002", 3), (fault.Id, fault.ExitCode));
        Assert.Equal((line, column), (fault.Place.Line, fault.Place.Column));
        Assert.DoesNotContain("BytePosition", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_names_its_neighbour_with_nearly_the_same_name()
    {
        using var file = new ConfigFile(ConfigFile.Minimal);
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => ConfigLoader.Load(Path.Combine(file.Folder, "experimnt.json"), [], new())).Diagnostics);
        Assert.Equal(("BM2001", 3), (fault.Id, fault.ExitCode));
        Assert.Contains("experiment.json", fault.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void A_duplicate_key_is_refused_at_its_second_place()
    {
        var fault = Assert.Single(ConfigFile.FaultsOf(ConfigFile.Minimal.Replace("\"stages\"", "\"seed\": 1,\n  \"seed\": 2,\n  \"stages\"", StringComparison.Ordinal)));
        Assert.Equal(("BM2003", "seed", 3), (fault.Id, fault.Place.Path, fault.Place.Line));
        Assert.Contains("line 2", fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("neuron", "neurn")]
    [InlineData("recording", "Recordings")]
    [InlineData("stages", "stage")]
    public void A_misspelt_key_is_refused_and_the_nearest_named(string key, string misspelt)
    {
        var faults = ConfigFile.FaultsOf(ConfigFile.Minimal.Replace($"\"{key}\"", $"\"{misspelt}\"", StringComparison.Ordinal));
        var unknown = Assert.Single(faults, f => f.Id == "BM2004");
        Assert.EndsWith(misspelt, unknown.Place.Path, StringComparison.Ordinal);
        Assert.Contains($"'{key}'", unknown.Cure, StringComparison.Ordinal);
        Assert.Contains(faults, f => f.Id == "BM2006" && f.Problem.Contains($"'{key}'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"starts\": \"many\"", "BM2005", "starts")]
    [InlineData("\"starts\": 0", "BM2005", "starts")]
    [InlineData("\"timeStep\": 0.05", "BM2007", "timeStep")]
    [InlineData("\"timeStep\": \"0.05\"", "BM2008", "timeStep")]
    [InlineData("\"timeStep\": \"5 mV\"", "BM2008", "timeStep")]
    [InlineData("\"timeStep\": \"quick\"", "BM2007", "timeStep")]
    [InlineData("\"timeStep\": \"-1 ms\"", "BM2009", "timeStep")]
    [InlineData("\"integrator\": \"rk5\"", "BM2005", "integrator")]
    [InlineData("\"free\": \"gL\"", "BM2005", "free")]
    [InlineData("\"loss\": \"huber\"", "BM2005", "loss")]
    [InlineData("\"from\": \"later\"", "BM2012", "from")]
    [InlineData("\"coupling\": { \"rounds\": 3 }", "BM2006", "coupling")]
    public void A_value_that_does_not_fit_is_refused_where_it_stands(string member, string id, string key)
    {
        var fault = Assert.Single(ConfigFile.FaultsOf(ConfigFile.Minimal.Replace("\"fit\": {", "\"fit\": {\n" + member + ",", StringComparison.Ordinal)));
        Assert.Equal((id, $"stages.fit.{key}", 4), (fault.Id, fault.Place.Path, fault.Place.Line));
        Assert.Equal(3, fault.ExitCode);
    }

    [Fact]
    public void All_faults_are_reported_together()
    {
        var faults = ConfigFile.FaultsOf("""{ "sed": 1, "threads": -1, "stages": { "fit": { "timeStep": 1 }, "simulat": {} } }""");
        Assert.Equal(["BM2004", "BM2005", "BM2006", "BM2006", "BM2007", "BM2011"], faults.Select(f => f.Id).Order());
    }

    [Fact]
    public void Stages_keep_the_order_of_the_file_and_take_their_type_from_their_name()
    {
        using var file = new ConfigFile("""
            { "stages": {
                "second-look": { "type": "simulate", "duration": "1 s" },
                "simulate": { "from": ["second-look"] },
                "export": { "from": "simulate" } } }
            """);
        var (config, faults) = file.Load();
        Assert.Empty(faults);
        Assert.Equal(["second-look simulate", "simulate simulate", "export export"], config.Stages.Select(s => $"{s.Name} {s.Type}"));
        Assert.Equal(["second-look"], config.Stages[1].From);
        Assert.Equal(["simulate"], config.Stages[2].From);
    }

    [Fact]
    public void Quantities_are_read_in_engine_units()
    {
        using var file = new ConfigFile(ConfigFile.Minimal.Replace("\"fit\": {", "\"fit\": { \"timeStep\": \"50 us\", \"coupling\": { \"conductance\": \"50nS\" },", StringComparison.Ordinal));
        var fit = (FitConfig)file.Load().Config.Stages[0];
        Assert.Equal(0.05, fit.Stepping.TimeStep!.Value.InEngineUnits, 15);
        Assert.Equal(0.05, fit.Coupling!.Value.Conductance.InEngineUnits, 15);
        Assert.Equal(4, fit.Coupling.Value.Rounds);
    }

    [Fact]
    public void Parameters_are_plain_values_or_values_with_bounds()
    {
        using var file = new ConfigFile(ConfigFile.Minimal.Replace(
            "\"type\": \"hodgkin-huxley\"", "\"type\": \"hodgkin-huxley\", \"parameters\": { \"gL\": \"10 nS\", \"Vth\": { \"lower\": \"-65 mV\", \"upper\": \"-50 mV\" } }", StringComparison.Ordinal));
        var (config, faults) = file.Load();
        Assert.Empty(faults);
        var parameters = ((FitConfig)config.Stages[0]).Parameters;
        Assert.Equal(("gL", true, "10 nS"), (parameters[0].Name, parameters[0].IsFixed, parameters[0].Value.ToString()));
        Assert.Equal(("Vth", false, "-65 mV", "-50 mV"), (parameters[1].Name, parameters[1].IsFixed, parameters[1].Lower.ToString(), parameters[1].Upper.ToString()));
    }

    [Fact]
    public void The_resolved_configuration_reads_back_to_itself_from_another_folder()
    {
        using var file = new ConfigFile(ConfigFile.Minimal);
        var resolved = file.Load("seed=18446744073709551", "stages.fit.starts=3", "stages.fit.recording.sweeps={\"train\":\"1-3\"}").Config.Resolved([]);
        using var elsewhere = new ConfigFile(System.Text.Encoding.UTF8.GetString(resolved.Span));
        var (config, faults) = elsewhere.Load();
        Assert.Empty(faults);
        Assert.Equal(Path.Combine(file.Folder, "cell.nwb"), ((FitConfig)config.Stages[0]).Recording!.Path);
        Assert.Equal(18446744073709551ul, config.Seed);
        Assert.Equal("experiment", config.Name);
        Assert.Equal(resolved.ToArray(), config.Resolved([]).ToArray());
    }

    [Fact]
    public void A_simulation_that_does_not_name_its_stepping_does_not_name_it_when_resolved_either()
    {
        using var file = new ConfigFile(ConfigFile.Minimal.Replace("\"fit\": {", "\"fit\": { \"integrator\": \"heun\",", StringComparison.Ordinal)
            .Replace("\"cell.nwb\" },\n    },", "\"cell.nwb\" },\n    },\n    \"simulate\": { \"from\": \"fit\" },", StringComparison.Ordinal));
        var config = file.Load().Config;
        Assert.Equal(2, config.Stages.Count);
        using var again = new ConfigFile(System.Text.Encoding.UTF8.GetString(config.Resolved([]).Span));
        var simulate = (SimulateConfig)again.Load().Config.Stages[1];
        Assert.False(simulate.Stepping.NamesIntegrator);
        Assert.False(simulate.Stepping.NamesPrecision);
    }
}
