using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Export.Checking;
using BrainModular.Export.Onnx;
using BrainModular.Export.Tests.Fixtures;

namespace BrainModular.Export.Tests.Checking;

public sealed class OnnxCheckTests : IDisposable
{
    private readonly ExportFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(KernelBackend.Interpreter, Precision.Single)]
    [InlineData(KernelBackend.Il, Precision.Single)]
    [InlineData(KernelBackend.Il, Precision.Double)]
    public void The_engine_without_contraction_and_the_files_spike_alike_on_dyadic_numbers(KernelBackend backend, Precision precision)
    {
        var model = Populations.DyadicLif(units: 3, resistance: [1, 1.25, 1.5]);
        var trajectories = new[] { Trajectories.OfEngine(model, precision, backend, 3000, seed: 1), Trajectories.OfEngine(model, precision, backend, 3000, seed: 2) };
        folder.Write(model, precision);

        var result = OnnxCheck.Run(model, folder.StepFile, folder.SequenceFile, trajectories);

        Assert.InRange(trajectories[0].Events["spike"].Sum(), 500, 4000);
        Assert.Equal((0.0, 0L), (result.MaxAbsDifference, result.SpikeDifferences));
        Assert.Equal((0.0, 0L), (result.SequenceMaxAbsDifference!.Value, result.SequenceSpikeDifferences!.Value));
        Assert.Equal(18_000, result.CheckedSteps);
    }

    [Fact]
    public void A_dyadic_spiking_population_has_no_spike_difference_and_no_difference_of_potential()
    {
        var model = Populations.DyadicLif(units: 3, resistance: [1, 1.25, 1.5]);
        var trajectories = new[] { Trajectories.Run<float>(model, 700, seed: 1), Trajectories.Run<float>(model, 700, seed: 2), Trajectories.Run<float>(model, 40, seed: 3) };
        folder.Write(model, Precision.Single);

        var result = OnnxCheck.Run(model, folder.StepFile, folder.SequenceFile, trajectories);

        Assert.InRange(trajectories[0].Events["spike"].Sum(), 50, 1000);
        Assert.Equal(0, result.MaxAbsDifference);
        Assert.Equal(0, result.SpikeDifferences);
        Assert.Equal(3 * (700 + 700 + 40), result.CheckedSteps);
        Assert.Equal(0, result.SequenceMaxAbsDifference);
        Assert.Equal(0, result.SequenceSpikeDifferences);
        Assert.Null(result.Fault("m.onnx"));
    }

    [Fact]
    public void A_time_noise_and_weight_driven_population_agrees_in_both_files()
    {
        var model = Populations.Everything();
        var trajectory = Trajectories.Run<double>(model, 100, seed: 4);
        folder.Write(model, Precision.Double);

        var result = OnnxCheck.Run(model, folder.StepFile, folder.SequenceFile, [trajectory], sequenceSteps: 60);

        Assert.Equal(0, result.MaxAbsDifference);
        Assert.Equal(0, result.SequenceMaxAbsDifference);
        Assert.Equal(200, result.CheckedSteps);
    }

    [Fact]
    public void A_file_with_another_parameter_is_found_out()
    {
        var model = Populations.DyadicLif();
        var trajectory = Trajectories.Run<float>(model, 300, seed: 1);
        folder.Write(Populations.DyadicLif(tau: 8.01), Precision.Single);

        var result = OnnxCheck.Run(model, folder.StepFile, folder.SequenceFile, [trajectory]);

        Assert.InRange(result.MaxAbsDifference, 1e-5, 1);
        Assert.True(result.SequenceMaxAbsDifference > 0);
        var fault = result.Fault("m.onnx", tolerance: 1e-6);
        Assert.Equal("BM5502", fault!.Id);
        Assert.Equal(5, fault.ExitCode);
    }

    [Fact]
    public void A_spike_that_rounding_at_the_threshold_explains_is_told_from_one_that_it_does_not()
    {
        // The engine's state stands 5e-5 below threshold and is said to have spiked; further below, nothing explains a spike.
        var model = Populations.DyadicLif(units: 1);
        var nearly = Trajectories.Run<double>(model, 2, seed: 1);
        nearly.Rows["I"].AsSpan().Clear();
        double[] potentials = [(1 - 5e-5) / 0.875, 0.5, 0.4375];
        potentials.CopyTo(nearly.States["V"].AsSpan());
        nearly.Events["spike"].AsSpan().Fill(1);
        folder.Write(model, Precision.Single);

        var result = OnnxCheck.Run(model, folder.StepFile, null, [nearly with { States = new Dictionary<string, double[]>(nearly.States) { ["refractory.age"] = [64, 64, 64] } }]);

        Assert.Equal(2, result.SpikeDifferences);
        Assert.Equal(1, result.MarginalSpikeDifferences);
        Assert.Null(result.SequenceSpikeDifferences);
        Assert.NotNull(result.Fault("m.onnx"));
    }

    [Fact]
    public void A_potential_that_is_no_number_differs_infinitely()
    {
        var model = Populations.DyadicLif(units: 1);
        var trajectory = Trajectories.Run<float>(model, 5, seed: 1);
        trajectory.States["V"][3] = double.NaN;
        folder.Write(model, Precision.Single);

        Assert.Equal(double.PositiveInfinity, OnnxCheck.Run(model, folder.StepFile, null, [trajectory]).MaxAbsDifference);
    }

    [Fact]
    public void A_file_that_is_no_model_is_a_failed_check()
    {
        File.WriteAllText(folder.StepFile, "not a model");

        Assert.Equal("BM5501", Assert.Throws<DiagnosticException>(() => OnnxSession.Open(folder.StepFile)).Diagnostics[0].Id);
    }
}
