using BrainModular.Diagnostics;
using BrainModular.Losses;
using BrainModular.Plugins;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Losses;

/// <summary>
/// How far a model is on the wrong side of its threshold: above it where the recording has no spike, below it where the recording has one. It is for fits in which recorded spikes reset the model, so that
/// its states are smooth, as the potential is reset at the desired spikes in Memmesheimer et al. (2014, 10.1016/j.neuron.2014.03.026):
/// <code>
/// x = the distance above threshold at the end of a step, before the reset: (V - Vth) / surrogateWidth in most models
/// loss = mean of  max(0, x + margin)^2                   in a step without a recorded spike
///                 (missed / dt) max(0, margin - x)^2     in one with a recorded spike
/// </code>
/// With a margin above 0 it is 0 only where the model by itself spikes in the recorded steps and in no others. It is a sum of squares, and convex in whatever x is linear in. A recorded spike in a refractory
/// period, where x is a constant, costs what no parameter changes.
/// </summary>
internal sealed class ThresholdViolation(ISettings settings) : ILoss
{
    private readonly double margin = settings.Number("margin", 1e-5, 0, 1, "how far on the right side of the threshold is enough, in widths of the surrogate");
    private readonly double missed = settings.Quantity("missed", 1 * ms, "how long a distance above threshold between spikes counts as much as the same distance below it at a recorded spike");

    public void Define(ILossScope scope)
    {
        if (missed <= 0)
        {
            throw new DiagnosticException(
                "BM4316", FormattableString.Invariant($"threshold-violation has 'missed' {missed} ms, by which recorded spikes would count nothing or less"), expected: "a duration longer than 0",
                cure: "give 'missed' such a duration, or leave it out for its default");
        }

        var (x, spike) = (scope.Model("spike.excess"), scope.Data("spike"));
        var (between, at) = (Power(Max(x + margin, 0), 2), Power(Max(margin - x, 0), 2));
        scope.Add(((1 - spike) * between) + (spike * (missed * ms / scope.TimeStep) * at), one);
    }
}
