using BrainModular.Losses;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Losses;

/// <summary>
/// The negative log-likelihood of recorded spikes under a neuron's output <c>hazard</c>, lambda, in nats per second (Paninski 2004, 10.1088/0954-898X_15_4_002):
/// a step without a spike has the probability exp(-lambda dt), one with a spike 1 - exp(-lambda dt):
/// <code>
/// loss = mean of  (lambda dt without a spike, -ln(1 - exp(-lambda dt)) with one) / dt
/// </code>
/// Where lambda dt is above 1, a spike in each step, 1 + ln(lambda dt) stands for lambda dt: it has the same value and slope at 1, and an exponential hazard whose threshold is
/// still far too low costs in proportion to how far, where its exponential would leave no optimiser a step to take. A fit ends far below.
/// It is the likelihood of the model only while its spikes are those recorded (<c>"spikes": "recording"</c> of a fit). Where lambda is 0, as in a refractory period,
/// nothing is added: a recorded spike there could not be the model's.
/// </summary>
internal sealed class SpikeLikelihood : ILoss
{
    // The smallest normal number of float32: what the logarithm sees in steps that are left out.
    private const double Least = 1.2e-38;

    public void Define(ILossScope scope)
    {
        var expected = scope.Model("hazard") * scope.TimeStep;
        var spike = scope.Data("spike");

        var missed = Where(expected < 1, expected, 1 + Log(Max(expected, 1)));

        // ln(1 - exp(-x)) = ln x + ln((exp(-x) - 1) / -x), exact for small x.
        var logarithm = Log(Max(expected, Least)) + Log(Exprel(-expected));
        scope.Add(Where(expected > 0, ((1 - spike) * missed) - (spike * logarithm), 0) / scope.TimeStep, Hz);
    }
}
