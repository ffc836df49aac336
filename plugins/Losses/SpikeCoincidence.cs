using BrainModular.Losses;
using BrainModular.Plugins;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Losses;

/// <summary>
/// A smooth count of spikes that do not coincide, per second, in place of the coincidence factor Gamma (10.1016/j.jneumeth.2007.11.006), whose gradient is 0. Both trains are filtered twice, so that each spike
/// becomes (t / tau) exp(-t / tau):
/// <code>
/// tau du/dt = -u, u &lt;- u + 1 at a spike      tau dy/dt = u - y,      tau = precision / 1.678
/// loss = mean of  2 (y - ydata)^2 / tau
/// </code>
/// A spike that the other train lacks adds 1/2. Two spikes that are d apart add 1 - K(d) with K(d) = (1 + d / tau) exp(-d / tau): they coincide for 1 where d = 0, around which K is flat, and for 1/2 where d is the
/// precision. In the sum over a sweep that is half of all spikes less the coincidences; spikes of one train that are close to each other count more. The gradient reaches the parameters by the surrogate.
/// </summary>
internal sealed class SpikeCoincidence(ISettings settings) : ILoss
{
    // Where (1 + x) exp(-x) is 1/2.
    private const double Half = 1.6783469900166605;

    private readonly double precision = settings.Quantity("precision", 4 * ms, "how far apart spikes coincide for one half");

    public void Define(ILossScope scope)
    {
        var tau = precision / Half * ms;
        var (model, data) = (scope.State("decayingModel", 0, one, "spike train of the model, filtered once"), scope.State("decayingData", 0, one, "recorded spike train, filtered once"));
        var (smoothModel, smoothData) = (scope.State("smoothModel", 0, one, "spike train of the model, filtered twice"), scope.State("smoothData", 0, one, "recorded spike train, filtered twice"));
        (model.Rate, data.Rate) = (-model / tau, -data / tau);
        (model.Next, data.Next) = (model.Stepped + scope.Model("spike"), data.Stepped + scope.Data("spike"));
        (smoothModel.Rate, smoothData.Rate) = ((model - smoothModel) / tau, (data - smoothData) / tau);
        scope.Add(2 * Power(smoothModel - smoothData, 2) / tau, Hz);
    }
}
