using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// Hodgkin-Huxley neuron with the kinetics of Traub and Miles (1991, 10.1017/CBO9780511895401) and a threshold shift Vth, as fitted by Wang
/// et al. 2024, 10.48550/arXiv.2406.19708. With U = V - Vth in mV and L(x) = x / (1 - exp(-x)):
/// <code>
/// alphaM = 1.28 L((U - 13) / 4)     betaM = 1.4 L((40 - U) / 5)
/// alphaH = 0.128 exp((17 - U) / 18) betaH = 4 / (1 + exp((40 - U) / 5))
/// alphaN = 0.16 L((U - 15) / 5)     betaN = 0.5 exp((10 - U) / 40)      all in 1/ms
/// dx/dt  = alphaX (1 - x) - betaX x                                     x = m, h, n
/// tauP dp/dt = 1 / (1 + exp(-W / 10)) - p    tauP = tauM / (3.3 exp(W / 20) + exp(-W / 20))    W = V + 35
/// C dV/dt = I - gNa m^3 h (V - ENa) - gK n^4 (V - EK) - gM p (V - EK) - gL (V - EL)
/// </code>
/// V, E, Vth in mV; g in uS; C in nF; I in nA; t, tauM in ms. Spike: V crosses Vspike upwards.
/// </summary>
/// <remarks>
/// The slow potassium current is that of Yamada et al. (1989) in the form of Pospischil et al. (2008, 10.1007/s00422-008-0263-8), who add it to the same
/// kinetics for cells that adapt. Its default conductance is 0, as in the paper; the setting slowPotassium = none leaves it and its gate out.
/// The setting alphaH = released takes 0.128 (exp(y) - 1) / y with y = (17 - U) / 18, as the code released with that paper does. Bounds of gL, gNa, gK
/// and Vth are the paper's; they hold the whole-cell conductances of cortical cells of 0.05 to 0.5 nF.
/// </remarks>
internal sealed class HodgkinHuxley(ISettings settings) : INeuronModel
{
    private readonly bool steadyGates =
        settings.Choice("initialGates", "zero", ["zero", "steady-state"], "gates at time 0: closed, or in equilibrium at Vinit") == "steady-state";

    private readonly bool releasedAlphaH =
        settings.Choice("alphaH", "textbook", ["textbook", "released"], "opening rate of h: exponential, or as in the released code") == "released";

    private readonly bool slowPotassium =
        settings.Choice("slowPotassium", "m-current", ["m-current", "none"], "whether there is a slow potassium current") == "m-current";

    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    public void Define(INeuronScope scope)
    {
        var c = scope.Parameter("C", 0.2 * nF, (0.01 * nF, 2 * nF), "capacitance", ParameterScale.Logarithmic);
        var gL = scope.Parameter("gL", 0.01 * uS, (1e-4 * uS, 0.1 * uS), "leak conductance", ParameterScale.Logarithmic);
        var gNa = scope.Parameter("gNa", 20 * uS, (0.01 * uS, 40 * uS), "largest sodium conductance", ParameterScale.Logarithmic);
        var gK = scope.Parameter("gK", 6 * uS, (0.01 * uS, 20 * uS), "largest potassium conductance", ParameterScale.Logarithmic);
        var eL = scope.Parameter("EL", -65 * mV, (-100 * mV, -40 * mV), "reversal potential of the leak");
        var eNa = scope.Parameter("ENa", 50 * mV, (20 * mV, 120 * mV), "reversal potential of sodium");
        var eK = scope.Parameter("EK", -90 * mV, (-120 * mV, -60 * mV), "reversal potential of potassium");
        var vth = scope.Parameter("Vth", -63 * mV, (-65 * mV, -50 * mV), "shift of all rates along the potential");
        var vinit = scope.Parameter("Vinit", -65 * mV, (-120 * mV, -30 * mV), "potential at time 0");
        var vspike = scope.Parameter("Vspike", 0 * mV, (-40 * mV, 40 * mV), "potential whose upward crossing is a spike");
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", vinit, mV, "membrane potential");
        var m = Gate(scope, "m", "activation of sodium", v, vinit, vth, AlphaM, BetaM);
        var h = Gate(scope, "h", "availability of sodium", v, vinit, vth, AlphaH, BetaH);
        var n = Gate(scope, "n", "activation of potassium", v, vinit, vth, AlphaN, BetaN);

        var iNa = gNa * Power(m, 3) * h * (v - eNa);
        var iK = gK * Power(n, 4) * (v - eK);
        var iL = gL * (v - eL);
        var ions = new Dictionary<string, Ion> { ["Na"] = new(eNa), ["K"] = new(eK) };
        var inserted = scope.Channels(new Membrane(v, 36 * degC, ions));
        var iM = slowPotassium ? SlowPotassium(scope, v, vinit, eK) : 0;
        v.Rate = (i - iNa - iK - iM - iL - inserted) / c;

        scope.Crossing("spike", (v - vspike) / (surrogateWidth * mV), (v.Stepped - vspike) / (surrogateWidth * mV));
        scope.Output("INa", iNa, nA, "sodium current, outward");
        scope.Output("IK", iK, nA, "potassium current, outward");
        scope.Output("IL", iL, nA, "leak current, outward");
    }

    private StateVariable Gate(
        IModelScope scope, string name, string description, Expr v, Expr vinit, Expr vth, Func<Expr, Expr> alpha, Func<Expr, Expr> beta)
    {
        var (opening, closing) = (alpha(vinit - vth), beta(vinit - vth));
        var gate = scope.State(name, steadyGates ? opening / (opening + closing) : 0, one, description, (0 * one, 1 * one));
        gate.Rate = (alpha(v - vth) * (1 - gate)) - (beta(v - vth) * gate);
        return gate;
    }

    private Expr SlowPotassium(INeuronScope scope, Expr v, Expr vinit, Expr eK)
    {
        var gM = scope.Parameter("gM", 0 * uS, (0 * uS, 0.1 * uS), "largest slow potassium conductance");
        var tauM = scope.Parameter("tauM", 600 * ms, (20 * ms, 10_000 * ms), "scale of its gate's time constant", ParameterScale.Logarithmic);
        static Expr Open(Expr v) => Sigmoid((v + 35 * mV) / (10 * mV));
        var w = (v + 35 * mV) / (20 * mV);
        var p = scope.State("p", steadyGates ? Open(vinit) : 0, one, "activation of slow potassium", (0 * one, 1 * one));
        p.Rate = (Open(v) - p) * (3.3 * Exp(w) + Exp(-w)) / tauM;
        return gM * p * (v - eK);
    }

    private static Expr AlphaM(Expr u) => 1.28 / ms * Linoid((u - 13 * mV) / (4 * mV));

    private static Expr BetaM(Expr u) => 1.4 / ms * Linoid((40 * mV - u) / (5 * mV));

    private Expr AlphaH(Expr u)
    {
        var y = (17 * mV - u) / (18 * mV);
        return 0.128 / ms * (releasedAlphaH ? Exprel(y) : Exp(y));
    }

    private static Expr BetaH(Expr u) => 4 / ms * Sigmoid((u - 40 * mV) / (5 * mV));

    private static Expr AlphaN(Expr u) => 0.16 / ms * Linoid((u - 15 * mV) / (5 * mV));

    private static Expr BetaN(Expr u) => 0.5 / ms * Exp((10 * mV - u) / (40 * mV));
}
