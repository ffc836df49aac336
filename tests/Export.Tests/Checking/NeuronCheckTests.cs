using BrainModular.Engine.Ir;
using BrainModular.Engine.Steps;
using BrainModular.Export.Checking;
using BrainModular.Export.Tests.Fixtures;
using Xunit.Abstractions;

namespace BrainModular.Export.Tests.Checking;

/// <summary>Every built-in neuron with every integrator, driven to spike, against its equations evaluated by .NET's mathematics in float64.</summary>
public sealed class NeuronCheckTests(ITestOutputHelper log) : IDisposable
{
    private static readonly Dictionary<string, (double Current, double TimeStep, int Steps)> Drives = new()
    {
        ["leaky-integrate-and-fire"] = (0.4, 0.1, 2000),
        ["generalized-integrate-and-fire"] = (0.4, 0.1, 2000),
        ["hodgkin-huxley"] = (1.5, 0.01, 2500),
        ["hodgkin-huxley-1952"] = (2e-4, 0.01, 2500),
        ["mihalas-niebur"] = (3, 0.1, 1000),
        ["glif"] = (0.6, 0.1, 1000),
        ["gif-pozzorini"] = (0.8, 0.1, 1000),
        ["exponential-integrate-and-fire"] = (0.2, 0.05, 1000),
        ["adaptive-exponential-integrate-and-fire"] = (2, 0.05, 1200),
        ["quadratic-integrate-and-fire"] = (0.2, 0.05, 1000),
        ["izhikevich"] = (1.5, 0.05, 1200),
        ["fitzhugh-nagumo"] = (0.2, 0.1, 1200),
        ["morris-lecar"] = (0.12, 0.2, 1500),
        ["minimal-cortical"] = (5, 0.02, 1500),
        ["conductance-based"] = (2.5, 0.02, 1500),
    };

    private readonly ExportFolder folder = new();

    public static IEnumerable<object[]> Cases =>
        from neuron in Drives.Keys from integrator in Integrator.All select new object[] { neuron, integrator.Name };

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_neuron_spikes_in_onnx_runtime_when_its_equations_do(string neuron, string integrator)
    {
        var (current, timeStep, steps) = Drives[neuron];
        var model = Neurons.Model(neuron, integrator, timeStep);
        var trajectory = Trajectories.Run<double>(model, steps, step => step < steps / 10 ? 0 : current * (1 + (0.2 * Math.Sin(step * timeStep))));
        Assert.InRange(trajectory.Events["spike"].Sum(), 2, 200);

        folder.Write(model, Precision.Double);
        var inDouble = OnnxCheck.Run(model, folder.StepFile, folder.SequenceFile, [trajectory]);
        folder.Write(model, Precision.Single);
        var inSingle = OnnxCheck.Run(model, folder.StepFile, null, [trajectory]);

        log.WriteLine($"one step: {inDouble.MaxAbsDifference:g2} mV in float64, {inSingle.MaxAbsDifference:g2} mV in float32; alone: {inDouble.SequenceMaxAbsDifference:g2} mV in float64");
        Assert.Null(inDouble.Fault(folder.StepFile, tolerance: 1e-9));
        Assert.Equal(0, inDouble.SequenceSpikeDifferences);
        Assert.InRange(inDouble.SequenceMaxAbsDifference!.Value, 0, 1e-4);
        Assert.Null(inSingle.Fault(folder.StepFile, tolerance: 1e-3));
        Assert.Equal(steps, inSingle.CheckedSteps);
    }
}
