using BrainModular.Models;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// A unit that does not spike and from whose state a network's answer is read, as in Wang et al. 2024, 10.48550/arXiv.2406.19708:
/// <code>
/// tauOut dy/dt = -y,   y &lt;- y + w with each event
/// </code>
/// y and the weights w of its port <c>in</c> are pure numbers; tauOut in ms.
/// </summary>
internal sealed class LeakyReadout : INeuronModel
{
    public void Define(INeuronScope scope)
    {
        var tauOut = scope.Parameter("tauOut", 10 * ms, (0.1 * ms, 10_000 * ms), "decay time", ParameterScale.Logarithmic);
        var arriving = scope.Port("in", PortKind.Event, one, one, "events of the network");
        var y = scope.State("y", 0, one, "what is read out");

        y.Rate = -y / tauOut;
        y.Next = y.Stepped + arriving.Sum;
    }
}
