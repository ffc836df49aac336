using BrainModular.Losses;
using BrainModular.Plugins;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Losses;

/// <summary>
/// The mean squared difference of potentials with the model's spikes laid over the recorded ones: what spikes look like and how they are prepared and followed, whenever they come.
/// <code>
/// loss = mean of  c(t) (V(t) - Vdata(t + d(t)))^2
/// </code>
/// d is the shift from a model's spike to its counterpart in the recording within the spike's window, and 0 elsewhere; c is 0 where the recording has a spike that the model has elsewhere, else 1
/// (<see cref="ILossScope.AlignedPotential"/>). Spikes that one train lacks count as they do in the plain squared error. d and c are constants of the gradient, which is exact while no spike moves to
/// another step. When spikes come costs nothing: put <c>spike-coincidence</c> or <c>van-rossum</c> beside it.
/// </summary>
internal sealed class AlignedVoltageError(ISettings settings) : ILoss
{
    private readonly double before = settings.Quantity("before", 5 * ms, "how long before a spike its window begins");
    private readonly double after = settings.Quantity("after", 20 * ms, "how long after it the window ends");
    private readonly double reach = settings.Quantity("reach", 50 * ms, "how far apart spikes may be that are laid over each other");

    public void Define(ILossScope scope)
    {
        var (recorded, counts) = scope.AlignedPotential(before * ms, after * ms, reach * ms);
        scope.Add(counts * Power(scope.Model("V") - recorded, 2), mV * mV);
    }
}
