using BrainModular.Losses;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Losses;

/// <summary>The weighted mean over all samples of (V - Vdata)^2, in mV^2.</summary>
internal sealed class VoltageMeanSquaredError : ILoss
{
    public void Define(ILossScope scope) => scope.Add(Power(scope.Model("V") - scope.Data("V"), 2), mV * mV);
}
