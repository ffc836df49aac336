using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;

namespace BrainModular.Plugins.Neurons;

/// <summary>
/// The upstroke of exponential integrate-and-fire neurons, DeltaT exp((V - VT) / DeltaT). It would take the potential to infinity in finite time; here it
/// grows no further where a step moves V by 60 DeltaT, far up in the spike, so that potential and gradients stay finite in any numbers.
/// </summary>
internal static class ExponentialUpstroke
{
    private const double LargestGrowthPerStep = 60;

    /// <param name="scope">The neuron's scope.</param>
    /// <param name="v">The potential.</param>
    /// <param name="vt">Where the upstroke begins.</param>
    /// <param name="deltaT">How sharply it begins.</param>
    /// <param name="tau">The membrane's time constant.</param>
    /// <returns>A potential that drives the membrane as R I does.</returns>
    public static Expr Of(IModelScope scope, Expr v, Expr vt, Expr deltaT, Expr tau) =>
        deltaT * Exp(Min((v - vt) / deltaT, Log(LargestGrowthPerStep * tau / scope.TimeStep)));
}
