using BrainModular.Losses;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Losses;

/// <summary>
/// A loss that sees spikes and still has a useful gradient: the distance of van Rossum (2001, 10.1162/089976601300014321) between the
/// filtered spike trains, and beside it the squared error of the potential, which counts less where the recording spikes:
/// <code>
/// tau df/dt = -f, f &lt;- f + 1 at a spike of the model      tau dg/dt = -g, g &lt;- g + 1 at a recorded spike
/// loss = mean of  spikeCost (f - g)^2 + w (V - Vdata)^2
/// w = nearWeight from a recorded spike until near after it and wherever Vdata > Vupstroke, else 1
/// </code>
/// A spike that the other train lacks adds spikeCost tau / 2 to the sum over time; two spikes that are d apart add spikeCost tau (1 - exp(-d / tau)).
/// The gradient reaches the parameters through V and, by the surrogate, through every step in which the model is near its threshold.
/// </summary>
internal sealed class SpikeAware(ISettings settings) : ILoss
{
    private readonly double tau = settings.Quantity("tau", 10 * ms, "time constant of the filter of both spike trains: how far apart spikes still match");
    private readonly double spikeCost = settings.Quantity("spikeCost", 100 * (mV * mV), "weight of the squared difference of the filtered trains");
    private readonly double near = settings.Quantity("near", 5 * ms, "how long after a recorded spike the potential counts less");
    private readonly double nearWeight = settings.Number("nearWeight", 0.05, 0, 1, "what the potential counts there");
    private readonly double upstroke = settings.Quantity("Vupstroke", -30 * mV, "recorded potential above which a spike is under way");

    public void Define(ILossScope scope)
    {
        var model = scope.State("filteredModel", 0, one, "filtered spike train of the model, f");
        var data = scope.State("filteredData", 0, one, "filtered recorded spike train, g");
        var recent = scope.State("recent", 0, ms, "time for which the last recorded spike is still near");
        var recorded = scope.Data("spike");

        model.Rate = -model / (tau * ms);
        data.Rate = -data / (tau * ms);

        model.Next = model.Stepped + scope.Model("spike");
        data.Next = data.Stepped + recorded;
        recent.Next = OnSpike(recorded, near * ms, Max(recent - scope.TimeStep, 0));

        Expr atSpike = spikeCost * (mV * mV);
        var spiking = (recent > scope.TimeStep / 2) | (recorded > 0.5) | (scope.Data("V") > upstroke * mV);
        var weight = Where(spiking, nearWeight, 1);
        scope.Add((atSpike * Power(model.Next - data.Next, 2)) + (weight * Power(scope.Model("V") - scope.Data("V"), 2)), mV * mV);
    }
}
