using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// The artificial cell IntFire1 of NEURON (Carnevale and Hines 2006, The NEURON Book, 10.1017/CBO9780511541612, chapter 10), which SONATA files name:
/// <code>
/// tau dm/dt = -m,   m &lt;- m + w with each event
/// m >= 1:  a spike, m &lt;- 0, and events are ignored for tref
/// </code>
/// m and the weights w of its port <c>in</c> are pure numbers; tau and tref in ms.
/// </summary>
/// <remarks>
/// Time goes in steps here: events that arrive in one step add up before they are compared with the threshold. NEURON needs m above 1; a sum of exactly 1
/// spikes here and does not there.
/// </remarks>
internal sealed class IntFire1 : INeuronModel
{
    public void Define(INeuronScope scope)
    {
        var tau = scope.Parameter("tau", 10 * ms, (0.1 * ms, 10_000 * ms), "decay time", ParameterScale.Logarithmic);
        var refractory = new RefractoryPeriod(scope, 5 * ms);
        var arriving = scope.Port("in", PortKind.Event, one, one, "events, each of which adds its weight");
        var m = scope.State("m", 0, one, "the sum of what has arrived, as it decays");

        m.Rate = -m / tau;

        var after = m.Stepped + refractory.Hold(arriving.Sum);
        var spike = scope.Spike("spike", after - 1);
        m.Next = OnSpike(spike, 0, after);
        refractory.Follow(spike);
    }
}
