using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// The five levels of generalised leaky integrate-and-fire neurons of the Allen Institute (GLIF; Teeter et al. 2018, 10.1038/s41467-017-02717-4):
/// <code>
/// C dV/dt    = I + I1 + I2 - (V - EL) / R
/// dIj/dt     = -kj Ij                          levels 3, 4, 5                           j = 1, 2
/// dThetaS/dt = -bs ThetaS                      levels 2, 4, 5
/// dThetaV/dt = av (V - EL) - bv ThetaV         level 5
/// V > Vth + ThetaS + ThetaV:  a spike; V is held for tref, and when that is over
///   V  &lt;- EL                                in levels 1, 3,   EL + fv (V - EL) - deltaV  in levels 2, 4, 5
///   Ij &lt;- fj Ij exp(-kj tref) + deltaIj,  ThetaS &lt;- ThetaS exp(-bs tref) + deltaTheta
/// </code>
/// V, EL, Vth, ThetaS, ThetaV, deltaV, deltaTheta in mV; C in nF; R in MOhm; I, Ij, deltaIj in nA; kj, bs, av, bv in 1/ms; tref in ms; fv, fj pure numbers.
/// The setting <c>level</c> says which: 1 LIF, 2 with reset rules, 3 with after-spike currents, 4 with both, 5 also with a threshold that follows V.
/// </summary>
/// <remarks>
/// Nothing but V sees Ij and ThetaS, and V is held for tref. So they jump with the spike, by deltaIj exp(kj tref) and deltaTheta exp(bs tref), and have decayed to
/// the stated values when V is free; the recorded variables differ from the publication's only within tref.
/// </remarks>
internal sealed class GeneralizedLeakyIntegrateAndFire(ISettings settings) : INeuronModel
{
    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    private readonly int level = settings.Integer("level", 5, 1, 5, "how much the model has, from 1 (leaky integrate-and-fire) to 5 (all)");

    private bool HasResetRules => level is 2 or 4 or 5;

    private bool HasCurrents => level >= 3;

    public void Define(INeuronScope scope)
    {
        var c = scope.Parameter("C", 100 * pF, (5 * pF, 2000 * pF), "capacitance", ParameterScale.Logarithmic);
        var r = scope.Parameter("R", 200 * MOhm, (1 * MOhm, 2000 * MOhm), "membrane resistance", ParameterScale.Logarithmic);
        var eL = scope.Parameter("EL", -75 * mV, (-100 * mV, -40 * mV), "resting potential");
        var vth = scope.Parameter("Vth", -48 * mV, (-80 * mV, 0 * mV), "threshold long after a spike");
        var refractory = new RefractoryPeriod(scope, 3 * ms);
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", eL, mV, "membrane potential");

        Action<Expr>? onSpike = null;
        Expr currents = 0;
        Expr threshold = vth;
        if (HasCurrents)
        {
            currents = Current(scope, refractory, "1", 0.1 / ms, -0.01 * nA, ref onSpike) + Current(scope, refractory, "2", 0.01 / ms, -0.005 * nA, ref onSpike);
        }

        if (HasResetRules)
        {
            threshold += SpikeThreshold(scope, refractory, ref onSpike);
        }

        if (level == 5)
        {
            threshold += FollowingThreshold(scope, refractory, v, eL);
        }

        v.Rate = refractory.Hold((i + currents - ((v - eL) / r)) / c);
        var excess = (v.Stepped - threshold) / (surrogateWidth * mV);
        var spike = scope.Spike("spike", refractory.Choose(-1, excess));
        onSpike?.Invoke(spike);
        v.Next = OnSpike(spike, HasResetRules ? Reset(scope, v.Stepped, eL) : eL, v.Stepped);
        refractory.Follow(spike);
    }

    private static Expr Reset(INeuronScope scope, Expr before, Expr eL)
    {
        var fv = scope.Parameter("fv", 0.3, (0 * one, 1 * one), "what a spike leaves of the potential");
        var deltaV = scope.Parameter("deltaV", 3 * mV, (-30 * mV, 40 * mV), "how far the potential falls besides");
        return eL + (fv * (before - eL)) - deltaV;
    }

    private static StateVariable Current(INeuronScope scope, RefractoryPeriod refractory, string index, Quantity rate, Quantity added, ref Action<Expr>? onSpike)
    {
        var k = scope.Parameter($"k{index}", rate, (0.001 / ms, 1 / ms), $"decay rate of after-spike current {index}", ParameterScale.Logarithmic);
        var f = scope.Parameter($"f{index}", 1, (0 * one, 1 * one), $"what a spike leaves of after-spike current {index}");
        var delta = scope.Parameter($"deltaI{index}", added, (-10 * nA, 10 * nA), $"what a spike adds to after-spike current {index}");
        var current = scope.State($"I{index}", 0, nA, $"after-spike current {index}");
        current.Rate = -k * current;
        onSpike += spike => current.Next = OnSpike(spike, (f * current.Stepped) + (delta * Exp(k * refractory.Duration)), current.Stepped);
        return current;
    }

    private static Expr SpikeThreshold(INeuronScope scope, RefractoryPeriod refractory, ref Action<Expr>? onSpike)
    {
        var bs = scope.Parameter("bs", 0.03 / ms, (0.001 / ms, 1 / ms), "decay rate of what spikes add to the threshold", ParameterScale.Logarithmic);
        var delta = scope.Parameter("deltaTheta", 4 * mV, (0 * mV, 50 * mV), "what a spike adds to the threshold");
        var theta = scope.State("ThetaS", 0, mV, "what spikes have added to the threshold");
        theta.Rate = -bs * theta;
        onSpike += spike => theta.Next = theta.Stepped + (spike * delta * Exp(bs * refractory.Duration));
        return theta.Stepped;
    }

    private static Expr FollowingThreshold(INeuronScope scope, RefractoryPeriod refractory, Expr v, Expr eL)
    {
        var av = scope.Parameter("av", 0.005 / ms, (-0.1 / ms, 0.1 / ms), "how the threshold follows the potential");
        var bv = scope.Parameter("bv", 0.02 / ms, (0.001 / ms, 1 / ms), "how it returns", ParameterScale.Logarithmic);
        var theta = scope.State("ThetaV", 0, mV, "what the potential has added to the threshold");
        theta.Rate = refractory.Hold((av * (v - eL)) - (bv * theta));
        return theta.Stepped;
    }
}
