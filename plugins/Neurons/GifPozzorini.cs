using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// The generalised integrate-and-fire neuron with spike-triggered currents and a moving threshold (GIF; Mensi et al. 2012, 10.1152/jn.00408.2011; Pozzorini et
/// al. 2015, 10.1371/journal.pcbi.1004275), on request with the threshold's coupling to the potential (Platkiewicz and Brette 2011, 10.1371/journal.pcbi.1001129):
/// <code>
/// C dV/dt = -gL (V - EL) - IK - sum_j etaj + I                d etaj/dt   = -etaj / tauEtaj
/// VT = VTstar + sum_j gammaj + theta                          d gammaj/dt = -gammaj / tauGammaj
/// tauTheta d theta/dt = ka ln(1 + exp((V - Vi) / ki)) - theta
/// lambda = lambda0 exp((V - VT) / DeltaV),  0 while V is held
/// at time 0: theta in equilibrium with V, wherever that begins, and all other movements 0
/// a spike:  etaj &lt;- etaj + qEtaj, gammaj &lt;- gammaj + qGammaj, V &lt;- Vreset, and V is held for tref
/// </code>
/// The setting <c>firing</c> says when it spikes:
/// <code>
/// threshold  V >= VT
/// escape     at random, with the probability 1 - exp(-lambda dt) in a step
/// median     h >= ln 2,  dh/dt = lambda - h / tauHazard,  h &lt;- 0 at a spike: without the leak, when half of all cells with escape noise would have fired
/// </code>
/// V, VT, EL, Vreset, Vi, gamma, qGamma, theta, ka, ki, DeltaV in mV; C in nF; gL in uS; I, eta, qEta in nA, positive ones hyperpolarising; tau, tref in ms;
/// lambda in 1/ms; the output <c>logHazard</c> is its logarithm, whatever <c>firing</c> is, and -1e30 while V is held: the likelihood of recorded spikes is computed from it. The settings <c>currents</c> and
/// <c>thresholds</c> say how many etaj and gammaj there are, <c>coupling</c> whether there is theta, <c>slope</c> whether VT depends on how fast V rises (<see cref="SlopeSensitiveThreshold"/>), <c>potassium</c> whether there is IK (<see cref="GatedPotassium"/>). Of lambda0 and VTstar one suffices to be fitted: a larger lambda0
/// is a threshold lower by DeltaV times its logarithm.
/// </summary>
internal sealed class GifPozzorini(ISettings settings) : INeuronModel
{
    private const int Most = 4;

    // The logarithm of no rate at all.
    private const double Held = -1e30;

    // From the fastest to the slowest: time constant in ms, what a spike adds in nA and mV.
    private static readonly (double Tau, double Current, double Threshold)[] Defaults = [(10, 0.2, 10), (100, 0.02, 2), (500, 0.005, 0.5), (2000, 0.001, 0.1)];

    private readonly double surrogateWidth = SurrogateWidth.Read(settings);

    private readonly int currents = settings.Integer("currents", 2, 0, Most, "how many exponentials the spike-triggered current has");

    private readonly int thresholds = settings.Integer("thresholds", 2, 0, Most, "how many exponentials the threshold's movement after spikes has");

    private readonly bool coupled = settings.Choice("coupling", "none", ["none", "voltage"], "whether the threshold follows the potential") == "voltage";

    private readonly bool lowered = settings.Choice("slope", "none", ["none", "lowering"], "whether a rising potential lowers the threshold") == "lowering";

    private readonly bool gated = settings.Choice("potassium", "none", ["none", "gated"], "whether there is a potassium current that opens with the potential") == "gated";

    private readonly string firing = settings.Choice(
        "firing", "threshold", ["threshold", "escape", "median"], "when it spikes: at the threshold, at random by the hazard, or when the hazard would have made half of all cells fire");

    public void Define(INeuronScope scope)
    {
        var c = scope.Parameter("C", 0.2 * nF, (0.01 * nF, 2 * nF), "capacitance", ParameterScale.Logarithmic);
        var gL = scope.Parameter("gL", 0.01 * uS, (5e-4 * uS, 0.5 * uS), "leak conductance", ParameterScale.Logarithmic);
        var eL = scope.Parameter("EL", -65 * mV, (-100 * mV, -40 * mV), "reversal potential of the leak");
        var vtstar = scope.Parameter("VTstar", -50 * mV, (-80 * mV, 0 * mV), "threshold at rest");
        var vreset = scope.Parameter("Vreset", -60 * mV, (-120 * mV, -30 * mV), "potential after a spike");
        var lambda0 = scope.Parameter("lambda0", 1 / ms, (1e-4 / ms, 100 / ms), "rate of spikes at the threshold", ParameterScale.Logarithmic);
        var deltaV = scope.Parameter("DeltaV", 1 * mV, (0.2 * mV, 20 * mV), "how far from the threshold the rate is e times as high", ParameterScale.Logarithmic);
        var refractory = new RefractoryPeriod(scope, 4 * ms);
        var i = scope.Input("I", nA, "injected and synaptic current");
        var v = scope.State("V", eL, mV, "membrane potential");
        StateVariable[] eta = [.. Enumerable.Range(0, currents).Select(j => scope.State($"eta{j + 1}", 0, nA, $"spike-triggered current {j + 1}, outward"))];
        StateVariable[] gamma = [.. Enumerable.Range(0, thresholds).Select(j => scope.State($"gamma{j + 1}", 0, mV, $"movement {j + 1} of the threshold"))];
        Expr[] qEta = [.. eta.Select((x, j) => Decaying(scope, x, "Eta", j, Defaults[j].Current * nA, (-2 * nA, 2 * nA)))];
        Expr[] qGamma = [.. gamma.Select((x, j) => Decaying(scope, x, "Gamma", j, Defaults[j].Threshold * mV, (-50 * mV, 50 * mV)))];

        var threshold = gamma.Aggregate((Expr)vtstar, static (sum, x) => sum + x.Stepped) + (coupled ? Following(scope, v) : 0)
            - (lowered ? SlopeSensitiveThreshold.Define(scope, v) : 0);
        var outward = eta.Aggregate(gL * (v - eL), static (sum, x) => sum + x);
        v.Rate = refractory.Hold((i - outward - (gated ? GatedPotassium.Define(scope, v) : 0)) / c);

        var logHazard = Log(lambda0 * (1 * ms)) + ((v.Stepped - threshold) / deltaV);
        scope.Output("logHazard", refractory.Choose(Held, logHazard), one, "logarithm of the rate of spikes in 1/ms");
        var hazard = refractory.Choose(0, Exp(logHazard) / (1 * ms));
        var accumulated = firing == "median" ? Accumulated(scope) : null;
        var excess = accumulated is not null ? accumulated.Stepped + (hazard * scope.TimeStep) - Math.Log(2)
            : firing == "escape" ? 1 - Exp(-hazard * scope.TimeStep) - scope.Uniform("escape")
            : (v.Stepped - threshold) / (surrogateWidth * mV);
        var spike = scope.Spike("spike", refractory.Choose(-1, excess));
        if (accumulated is not null)
        {
            accumulated.Next = OnSpike(spike, 0, accumulated.Stepped + (hazard * scope.TimeStep));
        }

        foreach (var (x, q) in eta.Concat(gamma).Zip(qEta.Concat(qGamma)))
        {
            x.Next = x.Stepped + (spike * q);
        }

        v.Next = OnSpike(spike, vreset, v.Stepped);
        refractory.Follow(spike);
    }

    /// <summary>Lets a variable decay, and gives what a spike adds to it.</summary>
    private static Parameter Decaying(INeuronScope scope, StateVariable x, string kernel, int j, Quantity added, Interval bounds)
    {
        var tau = scope.Parameter($"tau{kernel}{j + 1}", Defaults[j].Tau * ms, (0.5 * ms, 10_000 * ms), $"decay time of {x.Name}", ParameterScale.Logarithmic);
        x.Rate = -x / tau;
        return scope.Parameter($"q{kernel}{j + 1}", added, bounds, $"what a spike adds to {x.Name}");
    }

    /// <summary>The hazard's leaky integral. The hazard is that of the step's end, so it is added there, in its jump.</summary>
    private static StateVariable Accumulated(INeuronScope scope)
    {
        var tau = scope.Parameter("tauHazard", 20 * ms, (1 * ms, 10_000 * ms), "how long the hazard is remembered", ParameterScale.Logarithmic);
        var accumulated = scope.State("h", 0, one, "spikes that the hazard has led one to expect");
        accumulated.Rate = -accumulated / tau;
        return accumulated;
    }

    private static Expr Following(INeuronScope scope, StateVariable v)
    {
        var tau = scope.Parameter("tauTheta", 5 * ms, (0.2 * ms, 500 * ms), "how slowly the threshold follows the potential", ParameterScale.Logarithmic);
        var ka = scope.Parameter("ka", 3 * mV, (0 * mV, 20 * mV), "how far it follows");
        var ki = scope.Parameter("ki", 4 * mV, (0.5 * mV, 20 * mV), "how gradually it begins to follow", ParameterScale.Logarithmic);
        var vi = scope.Parameter("Vi", -55 * mV, (-90 * mV, -20 * mV), "potential from which it follows");
        var theta = scope.State("theta", Reached(v), mV, "what the potential has added to the threshold");
        theta.Rate = (Reached(v) - theta) / tau;
        return theta.Stepped;

        Expr Reached(Expr potential)
        {
            var x = (potential - vi) / ki;
            return ka * (Max(x, 0) + Log(1 + Exp(-Abs(x))));
        }
    }
}
