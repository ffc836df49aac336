using BrainModular.Host.Composition;

namespace BrainModular.Host.Networks;

/// <summary>What is wrong with a network is said with its place, and all of it together.</summary>
public sealed class NetworkFaultTests
{
    [Theory]
    [InlineData("\"from\": \"I\", \"to\": \"E\"", "\"from\": \"inptu\", \"to\": \"E\"", "BM2602", "network.projections.I-E.from", "'input'")]
    [InlineData("\"from\": \"E\", \"to\": \"out\"", "\"from\": \"E\", \"to\": \"oul\"", "BM2602", "network.projections.E-out.to", "'out'")]
    [InlineData("\"synapse\": \"inh\"", "\"synapse\": \"inn\"", "BM2603", "network.projections.I-E.synapse", "'inh'")]
    [InlineData("\"to\": \"E\", \"synapse\": \"inh\", ", "\"to\": \"E\", \"port\": \"J\", ", "BM2604", "network.projections.I-E.port", "'I'")]
    [InlineData("\"to\": \"E\", \"synapse\": \"inh\", \"sign\": \"positive\",", "\"to\": \"E\",", "BM2605", "network.projections.I-E.output", "name another")]
    [InlineData("\"from\": \"E\", \"to\": \"out\"", "\"from\": \"E\", \"to\": \"out\", \"output\": \"spyke\"", "BM2605", "network.projections.E-out.output", "'spike'")]
    [InlineData("\"from\": \"E\", \"to\": \"out\"", "\"from\": \"E\", \"to\": \"out\", \"output\": \"V\"", "BM2605", "network.projections.E-out.output", "name another")]
    [InlineData("\"count\": 16,", "", "BM2606", "network.populations.E", "add one")]
    [InlineData("\"type\": \"leaky-readout\"", "\"type\": \"leaky-integrate-and-fire\"", "BM2609", "network", "add one")]
    [InlineData("\"out\": { ", "\"out\": { \"count\": 3, ", "BM2610", "network.populations.out.count", "leave the count out")]
    [InlineData("\"scale\": 0.5", "\"scale\": 0.5, \"sd\": 1", "BM2611", "network.projections.E-E.weights", "add or remove")]
    [InlineData("\"scale\": 0.5", "\"distribution\": \"uniform\", \"low\": 1", "BM2611", "network.projections.E-E.weights", "add it")]
    [InlineData("\"scale\": 0.5", "\"distribution\": \"constant\", \"value\": 1, \"mean\": 1", "BM2611", "network.projections.E-E.weights.mean", "remove it")]
    [InlineData("\"scale\": 0.5", "\"distribution\": \"uniform\", \"low\": 1, \"high\": 0", "BM2601", "network.projections.E-E.weights", "correct")]
    [InlineData("\"scale\": 0.5", "\"scale\": 0.5, \"unit\": \"1 mV\"", "BM2612", "network.projections.E-E.weights.unit", "leave it out")]
    [InlineData("\"Vth\": 1,", "\"Vht\": 1,", "BM2301", "network.populations.E.neuron.parameters.Vht", "'Vth'")]
    [InlineData("\"Vth\": 1,", "\"Vth\": \"1 nS\",", "BM2302", "network.populations.E.neuron.parameters.Vth", "unit")]
    [InlineData("\"Vth\": 1,", "\"Vth\": 70,", "BM2304", "network.populations.E.neuron.parameters.Vth", "change it")]
    [InlineData("\"uniform\": [\"50 ms\", \"150 ms\"]", "\"normal\": [\"50 ms\", \"50 ms\"]", "BM2304", "network.populations.E.neuron.parameters.tauI2", "narrower")]
    [InlineData("\"uniform\": [\"50 ms\", \"150 ms\"]", "\"uniform\": [\"150 ms\", \"50 ms\"]", "BM2601", "network.populations.E.neuron.parameters.tauI2", "correct")]
    [InlineData("\"uniform\": [\"50 ms\", \"150 ms\"]", "\"unifrom\": [\"50 ms\", \"150 ms\"]", "BM2004", "network.populations.E.neuron.parameters.tauI2.unifrom", "'uniform'")]
    [InlineData("\"E\": 3,", "\"EL\": 3,", "BM2301", "network.synapses.exc.parameters.EL", "'E'")]
    [InlineData("\"I\": { \"count\"", "\"input\": { \"count\": 1, \"neuron\": { \"type\": \"leaky-integrate-and-fire\" } }, \"I\": { \"count\"", "BM2615", "network.populations.input", "rename")]
    [InlineData("\"optimizer\"", "\"loss\": \"cross-entropi\", \"optimizer\"", "BM2005", "loss", "'cross-entropy'")]
    [InlineData("\"optimizer\": { \"type\": \"adam\", \"learningRate\": 0.02 }", "\"optimizer\": { \"type\": \"differential-evolution\" }", "BM2620", "optimizer.type", "another")]
    [InlineData("\"optimizer\"", "\"frozen\": [\"E-EE\"], \"optimizer\"", "BM2602", "frozen", "'E-E'")]
    [InlineData("\"optimizer\"", "\"frozen\": [\"in-E\", \"in-I\", \"E-E\", \"I-E\", \"E-out\"], \"optimizer\"", "BM2617", "", "frozen")]
    [InlineData("\"optimizer\"", "\"voltageRegularizer\": { \"weight\": 1, \"lower\": \"-30 mV\" }, \"optimizer\"", "BM2626", "voltageRegularizer", "correct")]
    [InlineData("\"optimizer\"", "\"voltageRegularizer\": { \"weight\": 1, \"lower\": -3 }, \"optimizer\"", "BM2007", "voltageRegularizer.lower", "-3 mV")]
    [InlineData("\"optimizer\"", "\"voltageRegularizer\": { \"weight\": 1 }, \"frozen\": [\"in-E\", \"in-I\", \"E-E\", \"I-E\"], \"optimizer\"", "BM2625", "voltageRegularizer", "remove")]
    [InlineData("\"optimizer\"", "\"updateEvery\": 5, \"optimizer\"", "BM2627", "updateEvery", "remove 'updateEvery'")]
    [InlineData("\"optimizer\"", "\"stream\": true, \"optimizer\"", "BM2627", "stream", "remove 'stream'")]
    [InlineData("\"optimizer\"", "\"feedback\": \"random\", \"method\": \"d-rtrl\", \"optimizer\"", "BM2627", "feedback", "remove it")]
    [InlineData("\"optimizer\"", "\"timescales\": [\"20 ms\"], \"optimizer\"", "BM2627", "timescales", "remove it")]
    [InlineData("\"optimizer\"", "\"gradientWindow\": 5, \"method\": \"e-prop\", \"optimizer\"", "BM2627", "gradientWindow", "remove it")]
    [InlineData("\"optimizer\"", "\"traces\": \"e-prop\", \"method\": \"d-rtrl\", \"optimizer\"", "BM2627", "traces", "remove it")]
    [InlineData("\"optimizer\"", "\"updateEvery\": 5, \"method\": \"reward\", \"optimizer\"", "BM2627", "updateEvery", "remove it")]
    [InlineData("\"optimizer\"", "\"loss\": \"cross-entropy\", \"method\": \"reward\", \"optimizer\"", "BM2627", "loss", "remove it")]
    [InlineData("\"optimizer\"", "\"feedback\": \"random\", \"method\": \"reward\", \"optimizer\"", "BM2627", "feedback", "remove it")]
    [InlineData("\"type\": \"evidence-accumulation\", \"cues\": 1, \"cue\": \"30 ms\", \"gap\": \"5 ms\", \"delay\": \"10 ms\", \"recall\": \"15 ms\", \"channels\": 5, \"cueRate\": \"200 Hz\", \"recallRate\": \"100 Hz\" },", "\"type\": \"reaching\" }, \"method\": \"reward\",", "BM2628", "method", "d-rtrl")]
    [InlineData("\"optimizer\"", "\"timescales\": [\"0 ms\"], \"method\": \"es-d-rtrl\", \"optimizer\"", "BM2009", "timescales[0]", "")]
    [InlineData("\"cue\": \"30 ms\"", "\"cue\": \"30.5 ms\"", "BM2402", "task", "")]
    [InlineData("\"connectome\": { \"type\": \"fixed-probability\"", "\"connectome\": { \"edgeGroup\": \"none\", \"type\": \"fixed-probability\"", "BM2608", "network.projections.E-E.connectome", "'edgeGroup'")]
    [InlineData("\"count\": 16,", "\"count\": 16, \"fitted\": \"fit\",", "BM2622", "network.populations.E.fitted", "")]
    [InlineData("\"offset\": \"-60 mV\", \"scale\": \"20 mV\"", "\"fitted\": \"fit\"", "BM2622", "network.rescaling.fitted", "")]
    [InlineData("\"offset\": \"-60 mV\", \"scale\"", "\"fitted\": \"fit\", \"scale\"", "BM2624", "network.rescaling", "remove")]
    [InlineData("\"offset\": \"-60 mV\", \"scale\"", "\"scale\"", "BM2624", "network.rescaling", "add")]
    [InlineData("\"delay\": \"2 ms\"", "\"delay\": \"-2 ms\"", "BM2009", "network.projections.I-E.delay", "")]
    public void A_fault_is_named_where_it_stands_with_its_cure(string old, string now, string id, string path, string cure)
    {
        var faults = TinyTraining.FaultsOf(TinyTraining.With(old, now));
        var fault = Assert.Single(faults, f => f.Id == id);
        Assert.Equal($"stages.train{(path.Length > 0 ? "." : "")}{path}", fault.Place.Path);
        Assert.NotNull(fault.Place.Line);
        Assert.Contains(cure, fault.Cure ?? "", StringComparison.Ordinal);
        Assert.Equal(3, fault.ExitCode);
    }

    [Fact]
    public void A_plain_number_without_rescaling_stays_a_fault()
    {
        var faults = TinyTraining.FaultsOf(TinyTraining.With("\"rescaling\": { \"offset\": \"-60 mV\", \"scale\": \"20 mV\" },", ""));
        Assert.All(faults, static f => Assert.Equal("BM2302", f.Id));
        Assert.Contains(faults, static f => f.Place.Path == "stages.train.network.populations.E.neuron.parameters.Vth");
    }

    [Fact]
    public void Projections_without_delay_must_not_form_a_cycle()
    {
        var fault = Assert.Single(TinyTraining.FaultsOf(TinyTraining.With("\"weights\": { \"scale\": 0.5 }", "\"delay\": \"0 ms\"")));
        Assert.Equal(("BM2501", "stages.train.network"), (fault.Id, fault.Place.Path));
    }

    /// <summary>Of five images every fifth is kept for evaluations, and none is left for validation: that is found before any training.</summary>
    [Fact]
    public void A_use_without_examples_is_found_before_the_training()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("brain-images-").FullName, "five.csv");
        try
        {
            File.WriteAllText(path, "0,1,0\n1,0,1\n0,1,0\n1,0,1\n0,1,0\n");
            var text = TinyTraining.With(TinyTraining.Task, $"{{ \"type\": \"image-classification\", \"path\": \"{path.Replace('\\', '/')}\", \"image\": \"20 ms\" }}");
            var fault = Assert.Single(TinyTraining.FaultsOf(text));
            Assert.Equal("BM3205", fault.Id);
            Assert.EndsWith("of 5 images none is in the part 'validation'", fault.Problem, StringComparison.Ordinal);
            TinyTraining.Load(text.Replace("\"image\": ", "\"testEvery\": 2, \"image\": ", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    [Fact]
    public void Conductances_that_weights_of_either_sign_open_below_0_are_told_of()
    {
        Assert.Empty(TinyTraining.Compose(TinyTraining.Text).Network.Notes);
        var note = Assert.Single(TinyTraining.Compose(TinyTraining.With("\"E-E\": { \"from\": \"E\", \"to\": \"E\", \"synapse\": \"exc\", \"sign\": \"positive\"", "\"E-E\": { \"from\": \"E\", \"to\": \"E\", \"synapse\": \"exc\"")).Network.Notes);
        Assert.StartsWith("BM2652", note, StringComparison.Ordinal);
        Assert.Contains("projections.E-E", note, StringComparison.Ordinal);
        Assert.Contains("\"positive\"", note, StringComparison.Ordinal);
    }

    /// <summary>Bounds say where fits search; a positive number may lie beyond them by a factor of 10, another by as much as they are apart.</summary>
    [Theory]
    [InlineData("\"EL\": \"0 mV\", \"Vth\": \"20 mV\", \"Vreset\": \"10 mV\"", true)]
    [InlineData("\"EL\": \"-160 mV\"", true)]
    [InlineData("\"EL\": \"-161 mV\"", false)]
    [InlineData("\"EL\": \"21 mV\"", false)]
    [InlineData("\"tauM\": \"0.2 ms\"", true)]
    [InlineData("\"tauM\": \"0.09 ms\"", false)]
    [InlineData("\"tauM\": \"0 ms\"", false)]
    [InlineData("\"tauM\": \"-20 ms\"", false)]
    [InlineData("\"tauM\": \"20 s\"", false)]
    [InlineData("\"tref\": \"-1 ms\"", false)]
    public void Values_of_units_may_lie_somewhat_beyond_the_bounds_of_fits(string parameters, bool isTaken)
    {
        var text = TinyTraining.With("\"type\": \"leaky-integrate-and-fire\" }", $"\"type\": \"leaky-integrate-and-fire\", \"parameters\": {{ {parameters} }} }}");
        if (isTaken)
        {
            Assert.Equal(4, TinyTraining.Compose(text).Program.Definition.Population("I").Count);
        }
        else
        {
            Assert.Equal("BM2304", Assert.Single(TinyTraining.FaultsOf(text)).Id);
        }
    }

    [Fact]
    public void All_faults_of_a_network_are_reported_together()
    {
        var text = TinyTraining.With("\"synapse\": \"inh\"", "\"synapse\": \"in\"").Replace("\"Vth\": 1,", "\"Vth\": 70,", StringComparison.Ordinal)
            .Replace("\"scale\": 0.5", "\"value\": 1", StringComparison.Ordinal).Replace("\"channels\": 5", "\"channels\": 5, \"cus\": 3", StringComparison.Ordinal)
            .Replace("\"learningRate\": 0.02", "\"learningrate\": 0.02", StringComparison.Ordinal);
        Assert.Equal(["BM2004", "BM2004", "BM2304", "BM2603", "BM2611", "BM2611"], TinyTraining.FaultsOf(text).Select(static f => f.Id).Order());
    }

    [Fact]
    public void Faults_of_components_are_named_beside_those_of_keys()
    {
        var text = TinyTraining.With("\"batch\": 24", "\"batch\": 0").Replace("\"probability\": 0.3", "\"probability\": 3", StringComparison.Ordinal);
        Assert.Equal(
            ["stages.train.batch", "stages.train.network.projections.E-E.connectome.probability"], TinyTraining.FaultsOf(text).Select(static f => f.Place.Path).Order());
    }

    [Theory]
    [InlineData("\"again\": { \"type\": \"train\", \"from\": \"train\", \"network\": { \"populations\": {}, \"projections\": {} } },", "BM2618", "stages.again.network")]
    [InlineData("\"again\": { \"type\": \"train\" },", "BM2618", "stages.again")]
    [InlineData("\"again\": { \"type\": \"evaluate\", \"from\": [\"train\", \"train\"] },", "BM2323", "stages.again.from")]
    [InlineData("\"again\": { \"type\": \"train\", \"from\": \"train\", \"task\": { \"type\": \"evidence-accumulation\" } },", "BM2619", "stages.again.task")]
    [InlineData("\"again\": { \"type\": \"evaluate\", \"from\": \"train\", \"task\": { \"type\": \"evidence-accumulation\" } },", "BM2619", "stages.again.task")]
    public void A_stage_that_takes_what_is_not_there_is_refused(string stage, string id, string path) =>
        Assert.Contains(TinyTraining.FaultsOf(TinyTraining.Then(stage)), f => (f.Id, f.Place.Path) == (id, path));

    [Fact]
    public void An_option_that_leads_to_no_population_misses()
    {
        using var file = new ConfigFile(TinyTraining.Text);
        var fault = Assert.Single(file.Load("stages.train.network.populations.EE.count=3").Faults);
        Assert.Equal("BM1103", fault.Id);
        Assert.Contains("'E'", fault.Cure, StringComparison.Ordinal);
        Assert.Empty(file.Load("stages.train.network.populations.E.count=3").Faults);
    }
}
