using BrainModular.Losses;
using BrainModular.Plugins;
using BrainModular.Plugins.Losses;

[assembly: BrainModularPlugin(typeof(LossesPlugin))]

namespace BrainModular.Plugins.Losses;

/// <summary>The built-in losses.</summary>
public sealed class LossesPlugin : IPlugin
{
    /// <inheritdoc/>
    public void Register(ICatalogBuilder catalog)
    {
        catalog.Add<ILoss>(
            "voltage-mean-squared-error", "The mean squared difference of potentials", static _ => new VoltageMeanSquaredError());
        catalog.Add<ILoss>(
            "aligned-voltage-error", "The mean squared difference of potentials with the model's spikes laid over the recorded ones", static s => new AlignedVoltageError(s));
        catalog.Add<ILoss>(
            "spike-aware", "Filtered spike trains beside potentials, which count less around recorded spikes", static s => new SpikeAware(s));
        catalog.Add<ILoss>(
            "van-rossum", "The distance of filtered spike trains", static s => new VanRossum(s));
        catalog.Add<ILoss>(
            "spike-coincidence", "A smooth count of spikes that do not coincide", static s => new SpikeCoincidence(s));
        catalog.Add<ILoss>(
            "threshold-violation", "How far a model is on the wrong side of its threshold when recorded spikes reset it", static s => new ThresholdViolation(s));
        catalog.Add<ILoss>(
            "spike-likelihood", "The negative log-likelihood of recorded spikes under a neuron's rate", static _ => new SpikeLikelihood());
    }
}
