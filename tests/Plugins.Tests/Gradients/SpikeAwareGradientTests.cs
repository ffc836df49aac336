using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>A neuron that stays just below threshold where the recording spikes: its potential fits, and only the spike trains say what is wrong.</summary>
public sealed class SpikeAwareGradientTests
{
    private const double TimeStep = 0.1;
    private const int Steps = 2000;
    private const int RecordedSpike = 1500;

    [Theory]
    [InlineData("spike-aware", "sigmoid")]
    [InlineData("spike-aware", "arctan")]
    [InlineData("spike-aware", "gaussian")]
    [InlineData("spike-aware", "relu")]
    [InlineData("van-rossum", "sigmoid")]
    [InlineData("spike-coincidence", "sigmoid")]
    public void Missed_spike_pulls_the_neuron_towards_its_threshold(string lossName, string surrogate)
    {
        var (loss, gradient) = Run(lossName, surrogate);
        Assert.True(loss > 0);
        Assert.True(gradient["R"] < 0, $"a larger R would bring the spike back, but dL/dR is {gradient["R"]}");
        Assert.True(gradient["Vth"] > 0, $"a lower Vth would bring the spike back, but dL/dVth is {gradient["Vth"]}");
    }

    [Fact]
    public void Error_of_the_potential_alone_does_not_see_the_missed_spike()
    {
        var (loss, gradient) = Run("voltage-mean-squared-error", "sigmoid");
        Assert.Equal(0, loss, 1e-20);
        Assert.Equal(0, gradient["Vth"], 1e-9);
    }

    private static (double Loss, Dictionary<string, double> Gradient) Run(string lossName, string surrogateName)
    {
        var neurons = RecordingCatalog.Of(new NeuronsPlugin());
        var surrogate = neurons.Create<ISurrogate>(surrogateName);
        var model = ModelTracer.Trace("leaky-integrate-and-fire", neurons.Create<INeuronModel>("leaky-integrate-and-fire"), surrogate);
        var loss = ModelTracer.Trace(lossName, RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>(lossName), model, surrogate);
        string[] free = ["R", "Vth"];
        var options = new StepOptions(TimeStep, Integrator.All.First(static i => i.Name == "exponential-euler"), Bindings: free.ToDictionary(static n => n, static _ => ParameterBinding.PerElement));
        var program = new TrainingProgram(TrainingFunctions.Derive(StepFunction.Build(model, loss, null, options)), TimeStep, Precision.Double, CompileOptions.Default);
        using var trace = new Trace(Steps, Signals(), new Dictionary<string, double>(), Precision.Double);
        using var run = new BackpropagationThroughTime(program, trace, lanes: 1, long.MaxValue);
        var (sum, gradient) = (new double[1], program.Functions.Parameters.ToDictionary(static n => n, static _ => new double[1]));
        run.Run([.. gradient.Keys.Select(n => new[] { model.FindParameter(n)!.Default.InEngineUnits })], sum, [.. gradient.Values]);
        return (sum[0], gradient.ToDictionary(static g => g.Key, static g => g.Value[0]));
    }

    /// <summary>0.149 nA through 100 MOhm end 0.1 mV below threshold; the recorded potential is the model's own.</summary>
    private static Dictionary<string, double[]> Signals()
    {
        var potential = Enumerable.Range(0, Steps).Select(static k => -65 + (14.9 * (1 - Math.Exp(-k * TimeStep / 20)))).ToArray();
        return new()
        {
            ["I"] = [.. Enumerable.Repeat(0.149, Steps)],
            ["data.V"] = potential,
            ["data.spike"] = [.. Enumerable.Range(0, Steps).Select(static k => k == RecordedSpike ? 1.0 : 0)],
            ["weight"] = [.. Enumerable.Repeat(1.0 / Steps, Steps)],
        };
    }
}
