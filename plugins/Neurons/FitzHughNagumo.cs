using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// The FitzHugh-Nagumo model (FitzHugh 1961, 10.1016/S0006-3495(61)86902-6; Nagumo et al. 1962, 10.1109/JRPROC.1962.288235), with potential, time and
/// current in units of a neuron. With x = (V - Vmid) / Vscale:
/// <code>
/// tau dV/dt = Vscale (x - x^3 / 3 - w) + R I
/// tau dw/dt = phi (x + a - b w)
/// </code>
/// V, Vmid, Vscale in mV; tau in ms; R in MOhm; I in nA; w, phi, a, b are pure numbers. Spike: V crosses Vspike upwards. The published equations are
/// those of x and w, in time t / tau, with the current R I / Vscale; a, b and phi are FitzHugh's. At time 0 the cell is at its rest without current.
/// </summary>
internal sealed class FitzHughNagumo(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    public void Define(INeuronScope scope)
    {
        var tau = scope.Parameter("tau", 1 * ms, (0.05 * ms, 100 * ms), "unit of time", ParameterScale.Logarithmic);
        var vmid = scope.Parameter("Vmid", -30 * mV, (-80 * mV, 20 * mV), "potential in the middle of the range");
        var vscale = scope.Parameter("Vscale", 30 * mV, (5 * mV, 60 * mV), "unit of potential", ParameterScale.Logarithmic);
        var r = scope.Parameter("R", 100 * MOhm, (1 * MOhm, 2000 * MOhm), "resistance that turns current into potential", ParameterScale.Logarithmic);
        var a = scope.Parameter("a", 0.7, (-1 * one, 2 * one), "offset of recovery");
        var b = scope.Parameter("b", 0.8, (0 * one, 2 * one), "decay of recovery");
        var phi = scope.Parameter("phi", 0.08, (0.001 * one, 1 * one), "how slow recovery is", ParameterScale.Logarithmic);
        var vspike = scope.Parameter("Vspike", -15 * mV, (-80 * mV, 60 * mV), "potential whose upward crossing is a spike");
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", vmid - (1.1994 * vscale), mV, "membrane potential");
        var w = scope.State("w", -0.6243, one, "recovery");

        var x = (v - vmid) / vscale;
        w.Rate = phi * (x + a - (b * w)) / tau;
        v.Rate = ((vscale * (x - (Power(x, 3) / 3) - w)) + (r * i)) / tau;

        scope.Crossing("spike", (v - vspike) / (surrogateWidth * mV), (v.Stepped - vspike) / (surrogateWidth * mV));
    }
}
