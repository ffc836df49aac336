using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;

namespace BrainModular.Examples.MakeRecording;

/// <summary>The neuron that is recorded: the plugin's model with the integrator that a fit takes by default, so that a fit can find its parameters.</summary>
internal static class Cell
{
    /// <summary>What a fit should find, in nF, uS and mV.</summary>
    public static readonly IReadOnlyDictionary<string, double> Parameters = new Dictionary<string, double>
    {
        ["C"] = 0.15, ["gL"] = 0.008, ["gNa"] = 24, ["gK"] = 5, ["EL"] = -68, ["Vth"] = -60, ["Vinit"] = -68,
    };

    /// <summary>The potential in mV at each sample of a current in nA.</summary>
    public static double[] Respond(double[] current)
    {
        var neuron = NeuronsCatalog.Create<INeuronModel>("hodgkin-huxley");
        var model = ModelTracer.Trace("hodgkin-huxley", neuron, NeuronsCatalog.Create<ISurrogate>("sigmoid"));
        var step = StepFunction.Build(model, new(Protocol.Interval, Integrator.All.First(i => i.Name == "exponential-euler"), Parameters));
        var simulator = new Simulator(step, Protocol.Interval, Precision.Double, CompileOptions.Default, ["V"]);
        using var trace = new Trace(current.Length, new Dictionary<string, double[]> { ["I"] = current }, new Dictionary<string, double>(), Precision.Double);
        return simulator.Run(trace, new Dictionary<string, double[]>(), lanes: 1)["V"][0];
    }
}
