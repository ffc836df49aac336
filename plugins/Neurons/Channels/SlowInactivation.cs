using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>
/// The slow inactivation of sodium channels of cortical cells (Fleidervish, Friedman and Gutnick 1996, 10.1113/jphysiol.1996.sp021366), a further factor s of
/// their current, by which spikes of a train get lower and their threshold rises. With V in mV:
/// <code>
/// ds/dt = alphaS exp(-(V + 85) / 30) (1 - s) - betaS / (1 + exp(-(V + 17) / 10)) s       alphaS = 0.001/ms      betaS = 0.0034/ms
/// </code>
/// These are the rates under which ModelDB's entry 143671 has that paper's gate. By them half of the channels are inactivated at -42.6 mV (measured -43.8 mV)
/// and recover at -70 mV within 1.6 s (measured 0.45 to 2.5 s from -128 to -68 mV), but inactivate within 0.3 s when depolarised (measured 0.86 to 2.33 s).
/// How fast both are is free to be fitted, since other cells have faster inactivation of the same kind: about 100 ms in those of CA1 (French et al. 2016, Journal
/// of Neurophysiology 115, 790). Rates are not scaled with temperature.
/// </summary>
internal static class SlowInactivation
{
    public static StateVariable Of(IChannelScope scope)
    {
        var alphaS = scope.Parameter("alphaS", 0.001 / ms, (1e-5 / ms, 1 / ms), "rate of recovery from slow inactivation at -85 mV", ParameterScale.Logarithmic);
        var betaS = scope.Parameter("betaS", 0.0034 / ms, (1e-5 / ms, 10 / ms), "rate of slow inactivation at depolarised potentials", ParameterScale.Logarithmic);
        return scope.Gate(
            "s", "slow availability", v => alphaS * Exp(-(v + 85 * mV) / (30 * mV)), v => betaS * Sigmoid((v + 17 * mV) / (10 * mV)), 1);
    }
}
