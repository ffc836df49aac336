using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons.Channels;

/// <summary>How much faster gates are at the cell's temperature T than where they were measured: Q10^((T - measured) / 10 K).</summary>
/// <param name="Q10">By what 10 K speed gates up.</param>
/// <param name="MeasuredAt">The temperature at which the stated rates hold, in degC.</param>
internal sealed record TemperatureScaling(double Q10, Quantity MeasuredAt)
{
    /// <summary>The scaling that a channel's settings ask for; this one where they say nothing.</summary>
    public TemperatureScaling Read(ISettings settings) => new(
        settings.Number("q10", Q10, 0.1, 10, "how much faster gates are 10 K warmer"),
        settings.Quantity("measuredAt", MeasuredAt, "the temperature at which the stated rates hold") * K);

    public Expr Speed(Expr temperature) => Exp((temperature - MeasuredAt) / (10 * K) * Math.Log(Q10));
}
