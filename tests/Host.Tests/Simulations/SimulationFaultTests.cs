using BrainModular.Host.Configuration;

namespace BrainModular.Host.Simulations;

/// <summary>What is wrong with a simulation of a network is said with its place and its cure, before anything runs.</summary>
public sealed class SimulationFaultTests : IDisposable
{
    private const string Input = """{ "count": 3, "poisson": "20 Hz" }""";

    private readonly SimulationRun run = new();

    public SimulationFaultTests() => run.Write("spikes.csv", "timestamps,node_ids\n1,0\n1,9\n");

    public void Dispose() => run.Dispose();

    [Theory]
    [InlineData(Input, "", "BM2321", "", "duration")]
    [InlineData(Input, "\"duration\": \"2.5 ms\"", "BM2643", "duration", "timeStep")]
    [InlineData(Input, "\"duration\": \"2 ms\", \"record\": { \"rates\": \"1.5 ms\" }", "BM2643", "record.rates", "timeStep")]
    [InlineData(Input, "\"duration\": \"2 ms\", \"record\": { \"warmUp\": \"2 ms\" }", "BM2643", "record.warmUp", "shorten")]
    [InlineData(Input, "\"duration\": \"2 ms\", \"timeStep\": \"1 ms\"", "BM2641", "timeStep", "'network'")]
    [InlineData(Input, "\"duration\": \"2 ms\", \"stimulus\": { \"amplitude\": \"1 nA\" }", "BM2641", "stimulus", "remove")]
    [InlineData(Input, "\"duration\": \"2 ms\", \"task\": { \"type\": \"evidence-accumulation\" }", "BM2642", "inputs", "remove")]
    [InlineData("""{ "poisson": "20 Hz" }""", "\"duration\": \"2 ms\"", "BM2606", "inputs.in", "add one")]
    [InlineData("""{ "count": 3, "poisson": "200000 Hz" }""", "\"duration\": \"2 ms\"", "BM2403", "inputs.in.poisson", "lower")]
    [InlineData("""{ "count": 3, "poisson": "20 Hz", "step": { "amplitude": 1 } }""", "\"duration\": \"2 ms\"", "BM2644", "inputs.in", "several")]
    [InlineData("""{ "count": 3, "step": { "amplitude": 1 } }""", "\"duration\": \"2 ms\"", "BM2605", "network.projections.feed", "port")]
    [InlineData("""{ "count": 3, "spikes": { "path": "spikes.csv" } }""", "\"duration\": \"2 ms\"", "BM2645", "inputs.in.spikes", "add it")]
    [InlineData("""{ "count": 3, "spikes": { "path": "spikes.csv", "timeUnit": "ms" } }""", "\"duration\": \"2 ms\"", "BM2646", "inputs.in.spikes.path", "count")]
    [InlineData("""{ "count": 3, "spikes": { "path": "spikes.csv", "timeUnit": "ms", "timeColumn": "t" } }""", "\"duration\": \"2 ms\"", "BM3222", null, "column")]
    [InlineData("""{ "count": 3, "spikes": { "path": "none.csv", "timeUnit": "ms" } }""", "\"duration\": \"2 ms\"", "BM3001", null, "path")]
    [InlineData(Input, "\"duration\": \"2 ms\", \"record\": { \"variables\": { \"m\": { \"population\": \"rely\", \"variable\": \"m\" } } }", "BM2602", "record.variables.m.population", "'relay'")]
    [InlineData(Input, "\"duration\": \"2 ms\", \"record\": { \"variables\": { \"m\": { \"population\": \"relay\", \"variable\": \"V\" } } }", "BM2605", "record.variables.m.variable", "'m'")]
    [InlineData(Input, "\"duration\": \"2 ms\", \"record\": { \"variables\": { \"m\": { \"population\": \"relay\", \"variable\": \"m\", \"units\": \"2-3\" } } }", "BM2648", "record.variables.m.units", "correct")]
    [InlineData(Input, "\"duration\": \"2 ms\", \"record\": { \"variables\": { \"m\": { \"population\": \"relay\", \"variable\": \"m\", \"interval\": \"1.5 ms\" } } }", "BM2643", "record.variables.m.interval", "change")]
    [InlineData(Input, "\"duration\": \"1000 s\", \"trials\": 100, \"record\": { \"variables\": { \"m\": { \"population\": \"relay\", \"variable\": \"m\", \"units\": \"0-2\" } } }", "BM2647", "record.variables", "interval")]
    public void A_fault_is_named_where_it_stands_with_its_cure(string input, string keys, string id, string? path, string cure)
    {
        var fault = Assert.Single(run.FaultsOf(SimulationRun.Relay(input, keys)), f => f.Id == id);
        Assert.Contains(cure, fault.Cure ?? "", StringComparison.Ordinal);
        Assert.Equal(3, fault.ExitCode);
        if (path is not null)
        {
            Assert.Equal($"stages.simulate{(path.Length > 0 ? "." : "")}{path}", fault.Place.Path);
        }
    }

    [Theory]
    [InlineData("\"sim\": { \"type\": \"simulate\", \"from\": \"train\", \"task\": { \"type\": \"evidence-accumulation\" } },", "BM2619", "stages.sim.task")]
    [InlineData("\"sim\": { \"type\": \"simulate\", \"from\": \"train\", \"inputs\": { \"in\": {} }, \"duration\": \"1 s\" },", "BM2619", "stages.sim.inputs.in")]
    [InlineData("\"sim\": { \"type\": \"simulate\", \"from\": \"train\", \"network\": { \"populations\": {}, \"projections\": {} }, \"duration\": \"1 s\" },", "BM2618", "stages.sim.network")]
    [InlineData("\"sim\": { \"type\": \"simulate\", \"from\": [\"train\", \"train\"] },", "BM2323", "stages.sim.from")]
    [InlineData("\"sim\": { \"type\": \"simulate\", \"neuron\": { \"type\": \"leaky-integrate-and-fire\" }, \"stimulus\": { \"amplitude\": \"1 nA\" }, \"duration\": \"1 s\", \"trials\": 3 },", "BM2641", "stages.sim.trials")]
    public void A_simulation_that_does_not_fit_a_training_is_refused(string stage, string id, string path) =>
        Assert.Contains(TinyTraining.FaultsOf(TinyTraining.Then(stage)), f => (f.Id, f.Place.Path) == (id, path));

    [Fact]
    public void A_connectome_that_cannot_be_opened_is_not_also_missed_for_its_size()
    {
        var relay = SimulationRun.Relay("""{ "poisson": "20 Hz" }""", "\"duration\": \"2 ms\"");
        var lacking = relay.Replace("\"count\": 3, ", "", StringComparison.Ordinal).Replace("{ \"type\": \"one-to-one\" }", "{ \"type\": \"edge-list\", \"path\": \"none.csv\" }", StringComparison.Ordinal);
        Assert.Equal("BM3001", Assert.Single(run.FaultsOf(lacking)).Id);
    }

    [Theory]
    [InlineData("""{ "type": "edge-list" }""", "BM2006", "")]
    [InlineData("""{ "type": "edge-list", "path": "" }""", "BM2005", ".path")]
    [InlineData("""{ "type": "matrix", "path": "spikes.csv", "nodes": "" }""", "BM2005", ".nodes")]
    [InlineData("""{ "type": "sonata", "path": "" }""", "BM2005", ".path")]
    [InlineData("""{ "type": "tvb" }""", "BM2006", "")]
    public void A_connectome_without_a_path_is_one_fault(string connectome, string id, string path)
    {
        var text = SimulationRun.Relay("""{ "poisson": "20 Hz" }""", "\"duration\": \"2 ms\"").Replace("{ \"type\": \"one-to-one\" }", connectome, StringComparison.Ordinal);
        var fault = Assert.Single(run.FaultsOf(text));
        Assert.Equal((id, $"stages.simulate.network.projections.feed.connectome{path}"), (fault.Id, fault.Place.Path));
        Assert.NotNull(fault.Cure);
    }

    [Theory]
    [InlineData("""{ "type": "image-classification" }""", "BM2006", "")]
    [InlineData("""{ "type": "image-classification", "path": "" }""", "BM2005", ".path")]
    public void A_task_without_a_path_is_one_fault(string task, string id, string path)
    {
        var fault = Assert.Single(TinyTraining.FaultsOf(TinyTraining.With(TinyTraining.Task, task)));
        Assert.Equal((id, $"stages.train.task{path}"), (fault.Id, fault.Place.Path));
    }

    [Fact]
    public void The_resolved_configuration_reads_back_to_itself()
    {
        run.Write("cells.csv", "name,tau,tref\na,1,2\nb,3,4\nc,5,6\n");
        run.Write("w.csv", "1,0,0\n0,1,0\n0,0,1\n");
        var text = SimulationRun.Relay(Input, "\"duration\": \"2 ms\", \"trials\": 3, \"record\": { \"variables\": { \"m\": { \"population\": \"relay\", \"variable\": \"m\", \"units\": \"0,2\" } } }")
            .Replace("\"tref\": \"0 ms\"", "\"tref\": { \"attribute\": \"tau\", \"per\": \"tref\", \"unit\": \"ms\" }", StringComparison.Ordinal);
        using var file = new ConfigFile(text);
        var resolved = file.Load().Config.Resolved([]);
        using var again = new ConfigFile(System.Text.Encoding.UTF8.GetString(resolved.Span));
        var (config, faults) = again.Load();
        Assert.Empty(faults);
        Assert.Equal(resolved.ToArray(), config.Resolved([]).ToArray());
        Assert.Contains("\"attribute\": \"tau\"", System.Text.Encoding.UTF8.GetString(resolved.Span), StringComparison.Ordinal);
    }
}
