using BrainModular.Losses;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Losses;

/// <summary>
/// The negative log-likelihood of recorded spikes under a neuron's rate lambda, in nats per second (Paninski 2004, 10.1088/0954-898X_15_4_002): a step without a spike has the
/// probability exp(-lambda dt), one with a spike 1 - exp(-lambda dt):
/// <code>
/// loss = mean of  (lambda dt without a spike, -ln(1 - exp(-lambda dt)) with one) / dt
/// </code>
/// It is computed from the neuron's output <c>logHazard</c>, ln(lambda 1 ms), and neither overflows nor vanishes. Where lambda dt is above 1, a spike in each step,
/// 1 + ln(lambda dt) stands for lambda dt: it has the same value and slope at 1, and a threshold that is far too low costs in proportion to how far, as one does that is far too
/// high. It is the likelihood of the model only while its spikes are those recorded (<c>"spikes": "recording"</c> of a fit). Where logHazard is below -1e20, as in a refractory
/// period, nothing is added: a recorded spike there could not be the model's.
/// </summary>
internal sealed class SpikeLikelihood : ILoss
{
    private const double Possible = -1e20;

    public void Define(ILossScope scope)
    {
        var logHazard = scope.Model("logHazard");
        var spike = scope.Data("spike");
        var logarithm = logHazard + Log(scope.TimeStep / (1 * ms));
        var expected = Exp(Min(logarithm, 0));
        var missed = expected + Max(logarithm, 0);

        // ln(1 - exp(-x)) = ln x + ln((exp(-x) - 1) / -x), exact for small x; a spike that is certain costs nothing more.
        var fired = -(Min(logarithm, 0) + Log(Exprel(-expected)));
        scope.Add(Where(logHazard > Possible, ((1 - spike) * missed) + (spike * fired), 0) / scope.TimeStep, Hz);
    }
}
