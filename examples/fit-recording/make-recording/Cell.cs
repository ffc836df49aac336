using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;

namespace BrainModular.Examples.MakeRecording;

/// <summary>The neuron that is recorded: the model of the plugin, on a finer grid and with another integrator than a fit would use.</summary>
internal static class Cell
{
    /// <summary>Steps per sample.</summary>
    private const int Refinement = 4;

    /// <summary>What a fit should find, in nF, uS and mV.</summary>
    public static readonly IReadOnlyDictionary<string, double> Parameters = new Dictionary<string, double>
    {
        ["C"] = 0.15, ["gL"] = 0.008, ["gNa"] = 24, ["gK"] = 5, ["EL"] = -68, ["Vth"] = -60, ["Vinit"] = -68,
    };

    /// <summary>The potential in mV at each sample of a current in nA.</summary>
    public static double[] Respond(double[] current)
    {
        const double timeStep = Protocol.Interval / Refinement;
        var neuron = NeuronsCatalog.Create<INeuronModel>("hodgkin-huxley", ("initialGates", "steady-state"));
        var model = ModelTracer.Trace("hodgkin-huxley", neuron, NeuronsCatalog.Create<ISurrogate>("sigmoid"));
        var step = StepFunction.Build(model, new(timeStep, Integrator.All.First(i => i.Name == "rk4"), Parameters));
        var simulator = new Simulator(step, timeStep, Precision.Double, CompileOptions.Default, ["V"]);
        double[] fine = [.. Enumerable.Range(0, current.Length * Refinement).Select(t => current[t / Refinement])];
        using var trace = new Trace(fine.Length, new Dictionary<string, double[]> { ["I"] = fine }, new Dictionary<string, double>(), Precision.Double);
        var potential = simulator.Run(trace, new Dictionary<string, double[]>(), lanes: 1)["V"][0];
        return [.. potential.Where((_, t) => t % Refinement == 0)];
    }
}
