using System.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Export.Checking;
using BrainModular.Export.Tests.Fixtures;
using BrainModular.Formats.Onnx;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;
using Xunit.Abstractions;

namespace BrainModular.Export.Tests;

public sealed class NeuronExportTests(ITestOutputHelper log) : IDisposable
{
    private readonly ExportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("hodgkin-huxley", 1.5, 0.01)]
    [InlineData("generalized-integrate-and-fire", 0.4, 0.1)]
    public void A_fitted_neuron_is_written_and_agrees_with_the_engine_over_whole_sweeps(string neuron, double current, double timeStep)
    {
        var sweeps = new[] { Sweep("1", current, 12_000, -70), Sweep("2", 0.8 * current, 12_000, -70), Sweep("3", current, 3000, -68) };
        var plan = new NeuronExportPlan(Definition(neuron), Integrator.All.First(known => known.Name == "exponential-euler-staggered"), timeStep,
            new Dictionary<string, double> { [neuron == "hodgkin-huxley" ? "gL" : "tauV"] = neuron == "hodgkin-huxley" ? 0.0123 : 17.3 }, sweeps)
        { Metadata = new Dictionary<string, string> { ["seed"] = "1" } };
        var watch = Stopwatch.StartNew();

        var result = NeuronExport.Write(plan, folder.Path);

        log.WriteLine($"{neuron}: {result.Check}, {watch.Elapsed.TotalSeconds:f1} s");
        Assert.Null(result.Check.Fault(result.StepFile));
        Assert.Equal(12_000 + 12_000 + 3000, result.Check.CheckedSteps);
        Assert.True(result.Check.StateDifferences.Count > 3);
        Assert.Contains("-70", OnnxFile.Read(result.StepFile).FindMetadata("brainmodular.state"), StringComparison.Ordinal);
        Assert.Equal("1", OnnxFile.Read(result.SequenceFile).FindMetadata("brainmodular.seed"));
        Assert.Equal([result.SequenceFile, result.StepFile], Directory.GetFiles(folder.Path).Order());
    }

    [Fact]
    public void Written_with_float64_the_sequence_stays_with_the_engine_to_the_end()
    {
        var plan = new NeuronExportPlan(Definition("hodgkin-huxley"), Integrator.All.First(known => known.Name == "exponential-euler"), 0.01,
            new Dictionary<string, double>(), [Sweep("1", 1.5, 4000, -65)])
        { FilePrecision = Precision.Double };

        var check = NeuronExport.Write(plan, folder.Path).Check;

        log.WriteLine($"{check}");
        Assert.InRange(check.MaxAbsDifference, 0, 1e-9);
        Assert.InRange(check.SequenceMaxAbsDifference!.Value, 0, 1e-4);
        Assert.Equal(0, check.SequenceSpikeDifferences);
    }

    private static CheckStimulus Sweep(string name, double current, int steps, double initial) =>
        new(name, new Dictionary<string, double[]> { ["I"] = [.. Enumerable.Range(0, steps).Select(step => step < 500 ? 0 : current)] }, initial);

    private static ModelDefinition Definition(string neuron)
    {
        var catalog = RecordingCatalog.Of(new NeuronsPlugin());
        return ModelTracer.Trace(neuron, catalog.Create<INeuronModel>(neuron), catalog.Create<ISurrogate>("sigmoid"));
    }
}
