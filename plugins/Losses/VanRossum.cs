using BrainModular.Losses;
using BrainModular.Plugins;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Losses;

/// <summary>
/// The squared distance of van Rossum (2001, 10.1162/089976601300014321) between the spike trains of model and recording, per second:
/// <code>
/// tau df/dt = -f, f &lt;- f + 1 at a spike of the model      tau dg/dt = -g, g &lt;- g + 1 at a recorded spike
/// loss = mean of  (f - g)^2 / tau
/// </code>
/// A spike that the other train lacks adds 1/2, two spikes that are d apart add 1 - exp(-d / tau). The gradient reaches the parameters by the surrogate.
/// </summary>
internal sealed class VanRossum(ISettings settings) : ILoss
{
    private readonly double tau = settings.Quantity("tau", 10 * ms, "time constant of the filter of both spike trains: how far apart spikes still match");

    public void Define(ILossScope scope)
    {
        var model = scope.State("filteredModel", 0, one, "filtered spike train of the model, f");
        var data = scope.State("filteredData", 0, one, "filtered recorded spike train, g");
        (model.Rate, data.Rate) = (-model / (tau * ms), -data / (tau * ms));
        (model.Next, data.Next) = (model.Stepped + scope.Model("spike"), data.Stepped + scope.Data("spike"));
        scope.Add(Power(model.Next - data.Next, 2) / (tau * ms), Hz);
    }
}
