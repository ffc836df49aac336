using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// A threshold that is the lower the faster the potential rises, as those of cells are within milliseconds (Azouz and Gray 2000, 10.1073/pnas.130200797):
/// <code>
/// VT &lt;- VT - kR (V - Vslow)      tauR dVslow/dt = V - Vslow
/// </code>
/// While V rises steadily, that is lower by kR tauR dV/dt; where V stays, by nothing. V, VT, Vslow in mV; tauR in ms; kR has no unit. Vslow begins where V does.
/// </summary>
internal static class SlopeSensitiveThreshold
{
    /// <summary>Declares its parameters and its state, and gives by how much the threshold is lower.</summary>
    public static Expr Define(INeuronScope scope, StateVariable v)
    {
        var k = scope.Parameter("kR", 0.5 * one, (0 * one, 5 * one), "how far a rising potential lowers the threshold");
        var tau = scope.Parameter("tauR", 3 * ms, (0.2 * ms, 100 * ms), "for how long a rise counts", ParameterScale.Logarithmic);
        var slow = scope.State("Vslow", v, mV, "the potential that the threshold is used to");
        slow.Rate = (v - slow) / tau;
        return k * (v.Stepped - slow.Stepped);
    }
}
