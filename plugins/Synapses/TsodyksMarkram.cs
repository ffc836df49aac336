using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Synapses;

/// <summary>
/// Short-term plasticity (Tsodyks, Pawelzik and Markram 1998, 10.1162/089976698300017502; Markram, Wang and Tsodyks 1998, 10.1073/pnas.95.9.5323) before
/// any of the receptors:
/// <code>
/// tauF du/dt = -u,   tauD dx/dt = 1 - x
/// a spike:  u &lt;- u + U (1 - u),  then u x is sent,  then x &lt;- x - u x
/// </code>
/// u, x and U are pure numbers, tauF and tauD in ms. The first spike after a long silence sends U, so a weight times U is its response.
/// </summary>
/// <remarks>The defaults are those of a depressing connection of the first paper, whose facilitation is negligible. The receptor is a setting.</remarks>
internal sealed class TsodyksMarkram(ISettings settings, Func<ISettings, ISynapseModel> readReceptor) : ISynapseModel
{
    private readonly ISynapseModel postsynaptic = readReceptor(settings);

    public void Define(ISynapseScope scope)
    {
        var release = scope.Release;
        var use = release.Parameter("U", 0.5, (0.001 * one, 1 * one), "the part of the resources that a spike uses at rest");
        var tauF = release.Parameter("tauF", 1 * ms, (0.1 * ms, 10_000 * ms), "decay time of facilitation", ParameterScale.Logarithmic);
        var tauD = release.Parameter("tauD", 800 * ms, (0.1 * ms, 10_000 * ms), "time of recovery from depression", ParameterScale.Logarithmic);
        var u = release.State("u", 0, one, "the part that was used last, as it decays", (0 * one, 1 * one));
        var x = release.State("x", 1, one, "resources that are left", (0 * one, 1 * one));
        u.Rate = -u / tauF;
        x.Rate = (1 - x) / tauD;

        var spike = release.PresynapticSpike;
        var used = u.Stepped + (use * (1 - u.Stepped));
        var sent = spike * used * x.Stepped;
        release.Send(sent);
        u.Next = u.Stepped + (spike * (used - u.Stepped));
        x.Next = x.Stepped - sent;
        postsynaptic.Define(scope);
    }
}
