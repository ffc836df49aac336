using BrainModular.Formats.Arrays;

namespace BrainModular.EndToEnd.Runs;

/// <summary><c>brain infer</c> on the files of a membrane whose answer to a current is known.</summary>
public sealed class InferTests(ExportedNeuron neuron) : IClassFixture<ExportedNeuron>
{
    private const int Steps = 300;
    private const string Sequence = "out/model.seq.onnx";
    private const string Step = "out/model.step.onnx";

    /// <summary>Currents of 0.1 and 0.05 nA charge it as V = EL + R I (1 - exp(-t / tauM)).</summary>
    [Theory]
    [InlineData(Sequence, "v.neuron")]
    [InlineData(Step, "state.neuron.V.next")]
    public void Two_currents_side_by_side_charge_the_membrane_as_the_closed_form(string model, string potential)
    {
        WriteCurrents("currents.npy", [0.1, 0.05]);

        var outcome = neuron.Place.Run("infer", model, "--input", "currents.npy", "--output", "v.npy", "--select", potential).Succeeded();

        var result = NpyFile.Read(neuron.Place["v.npy"]);
        Assert.StartsWith($"{potential} [{Steps}, 2, 1]", outcome.Output, StringComparison.Ordinal);
        Assert.Equal([Steps, 2, 1], result.Shape);
        Assert.True(result.IsSingle);
        for (var i = 0; i < result.Elements.Length; i++)
        {
            var t = 0.1 * ((i / 2) + 1);
            Assert.Equal(-65 + ((i % 2 == 0 ? 10 : 5) * (1 - Math.Exp(-t / 20))), result.Elements[i], 1e-3);
        }
    }

    [Fact]
    public void Json_holds_all_outputs_and_a_first_state_can_be_given()
    {
        neuron.Place.Write("in.json", """{ "in.neuron": [[[0]], [[0]], [[0]]], "state.neuron.V": [[-55]] }""");

        neuron.Place.Run("infer", Sequence, "--input", "in.json", "--output", "out.json").Succeeded();

        var results = JsonArrays.Read(neuron.Place["out.json"]);
        Assert.Equal(["spikes.neuron", "v.neuron"], results.Keys.Order());
        Assert.Equal([3, 1, 1], results["spikes.neuron"].Shape);
        Assert.Equal(-65 + (10 * Math.Exp(-0.3 / 20)), results["v.neuron"].Elements[2], 1e-3);
    }

    [Fact]
    public void Cuda_is_tried_and_the_processor_takes_its_place_with_a_warning()
    {
        WriteCurrents("currents.npy", [0.1]);
        neuron.Place.Run("infer", Sequence, "--input", "currents.npy", "--output", "cpu.npy", "--select", "v.neuron").Succeeded();

        var outcome = neuron.Place.Run("infer", Sequence, "--input", "currents.npy", "--output", "cuda.npy", "--select", "v.neuron", "--provider", "cuda").Succeeded();

        var (cpu, cuda) = (NpyFile.Read(neuron.Place["cpu.npy"]).Elements, NpyFile.Read(neuron.Place["cuda.npy"]).Elements);
        Assert.All(cpu.Zip(cuda), static pair => Assert.Equal(pair.First, pair.Second, 1e-3));
        if (outcome.Error.Length > 0)
        {
            Assert.StartsWith("warning: CUDA cannot be used, so the processor computes: ", outcome.Error, StringComparison.Ordinal);
            Assert.Equal(cpu, cuda);
        }
    }

    [Theory]
    [InlineData(2, "BM1401", "absent.onnx", "absent.onnx", "currents.npy", "out.npy")]
    [InlineData(2, "BM1402", ".npy", Sequence, "charging.json", "out.csv")]
    [InlineData(2, "BM1402", ".json", Sequence, "cell.nwb", "out.npy")]
    [InlineData(2, "BM1403", "spikes.neuron, v.neuron", Sequence, "currents.npy", "out.npy")]
    [InlineData(3, "BM3600", "absent.npy", Sequence, "absent.npy", "out.json")]
    [InlineData(3, "BM3601", "text.npy", Sequence, "text.npy", "out.json")]
    [InlineData(3, "BM3603", "an object", Sequence, "charging.json", "out.json")]
    [InlineData(3, "BM3611", "in.neuron [time, batch, 1]", Sequence, "empty.json", "out.json")]
    [InlineData(3, "BM3611", "in.other", Sequence, "other.json", "out.json")]
    [InlineData(3, "BM3612", "[time, batch, 1]", Sequence, "flat.json", "out.json")]
    [InlineData(3, "BM3615", "value 1 of the array for 'in.neuron'", Sequence, "missing.npy", "out.json")]
    [InlineData(3, "BM3614", "cell.nwb", "cell.nwb", "currents.npy", "out.json")]
    public void What_does_not_fit_is_refused_and_nothing_is_written(int exitCode, string id, string mention, string model, string input, string output)
    {
        WriteCurrents("currents.npy", [0.1]);
        WriteCurrents("missing.npy", [0.1, double.NaN]);
        neuron.Place.Write("text.npy", "not an array");
        neuron.Place.Write("empty.json", "{}");
        neuron.Place.Write("other.json", """{ "in.other": [[[0]]] }""");
        neuron.Place.Write("flat.json", """{ "in.neuron": [0, 1] }""");

        neuron.Place.Refuses(exitCode, id, [mention], "infer", model, "--input", input, "--output", output);
    }

    [Fact]
    public void A_provider_that_there_is_not_is_refused_with_those_that_there_are() => neuron.Place.Refuses(
        2, "BM1001", ["--provider takes cpu or cuda, not 'gpu'"], "infer", Sequence, "--input", "currents.npy", "--output", "out.json", "--provider", "gpu");

    [Fact]
    public void An_output_that_the_model_lacks_is_refused()
    {
        WriteCurrents("currents.npy", [0.1]);
        neuron.Place.Refuses(3, "BM3613", ["v.neurone", "spikes.neuron, v.neuron"], "infer", Sequence, "--input", "currents.npy", "--output", "lacking.npy", "--select", "v.neurone");
    }

    private void WriteCurrents(string name, double[] currents) => File.WriteAllBytes(
        neuron.Place[name], NpyFile.Encode(new([Steps, currents.Length, 1], [.. Enumerable.Range(0, Steps).SelectMany(_ => currents)])));
}
