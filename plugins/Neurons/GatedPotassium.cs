using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// A potassium current whose gate opens with the potential and does not close again, as integrate-and-fire neurons are given one where the cell's resistance falls with depolarisation
/// (Harkin et al. 2023, 10.7554/eLife.72951):
/// <code>
/// IK = gK n (V - EK)      tauN dn/dt = 1 / (1 + exp(-(V - Vn) / kn)) - n
/// </code>
/// V, EK, Vn, kn in mV; gK in uS; tauN in ms; IK in nA, positive outward. The gate begins in equilibrium at the potential of time 0.
/// </summary>
internal static class GatedPotassium
{
    /// <summary>Declares its parameters, its gate and the output IK, and gives the current.</summary>
    public static Expr Define(INeuronScope scope, StateVariable v)
    {
        var gK = scope.Parameter("gK", 0.01 * uS, (1e-4 * uS, 0.5 * uS), "largest potassium conductance", ParameterScale.Logarithmic);
        var eK = scope.Parameter("EK", -90 * mV, (-120 * mV, -60 * mV), "reversal potential of potassium");
        var half = scope.Parameter("Vn", -40 * mV, (-70 * mV, 0 * mV), "potential at which half of it is open");
        var slope = scope.Parameter("kn", 8 * mV, (2 * mV, 30 * mV), "how gradually it opens", ParameterScale.Logarithmic);
        var tau = scope.Parameter("tauN", 20 * ms, (0.5 * ms, 2000 * ms), "how slowly it opens and closes", ParameterScale.Logarithmic);
        Expr Open(Expr potential) => Sigmoid((potential - half) / slope);
        var n = scope.State("n", Open(v), one, "activation of potassium", (0 * one, 1 * one));
        n.Rate = (Open(v) - n) / tau;
        var current = gK * n * (v - eK);
        scope.Output("IK", current, nA, "potassium current, outward");
        return current;
    }
}
