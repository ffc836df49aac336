using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>What cells of one compartment can be set to.</summary>
internal sealed class CompartmentSettings(ISettings settings, double celsius)
{
    public double SurrogateWidth { get; } = Neurons.SurrogateWidth.Read(settings);

    /// <summary>In K.</summary>
    public double Temperature { get; } = settings.Quantity("temperature", celsius * degC, "the cell's temperature, which gates depend on");

    public bool Nernst { get; } = settings.Choice(
        "reversal", "given", ["given", "nernst"], "whether reversal potentials are parameters, or follow from concentrations that are") == "nernst";

    public bool Pool { get; } = settings.Choice(
        "calcium", "constant", ["constant", "pool"], "whether the calcium inside stays as it is, or calcium currents bring it in") == "pool";
}

/// <summary>A compartment with capacitance and area, into which channels are inserted: C dV/dt = I / area - sum of their currents.</summary>
/// <param name="scope">The neuron's scope.</param>
/// <param name="settings">What it is set to.</param>
/// <param name="area">Its area where none is given, in um^2.</param>
/// <param name="potassium">The reversal potential of potassium where none is given, in mV.</param>
internal sealed class Compartment(INeuronScope scope, CompartmentSettings settings, double area, double potassium)
{
    /// <summary>Inserts channels and writes the potential's equation down.</summary>
    /// <param name="channels">Gives their outward current per area.</param>
    public void Carry(Func<Membrane, Expr> channels)
    {
        var c = scope.Parameter("C", 1 * uF_per_cm2, (0.1 * uF_per_cm2, 10 * uF_per_cm2), "capacitance per area", ParameterScale.Logarithmic);
        var surface = scope.Parameter("area", area * um * um, (10 * um * um, 1e6 * um * um), "area of the membrane", ParameterScale.Logarithmic);
        var vinit = scope.Parameter("Vinit", -70 * mV, (-120 * mV, -30 * mV), "potential at time 0");
        var vspike = scope.Parameter("Vspike", 0 * mV, (-40 * mV, 40 * mV), "potential whose upward crossing is a spike");
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", vinit, mV, "membrane potential");
        Expr temperature = settings.Temperature * K;
        var ions = new CellIons(scope, temperature, potassium * mV, settings.Nernst, settings.Pool);
        var outward = channels(new(v, temperature, ions));
        ions.Follow();
        v.Rate = ((i / surface) - outward) / c;

        var width = settings.SurrogateWidth * mV;
        scope.Crossing("spike", (v - vspike) / width, (v.Stepped - vspike) / width);
    }
}
