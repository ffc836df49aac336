using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Neurons;

/// <summary>The one setting that all neurons share: how wide the surrogate of their spikes is.</summary>
internal static class SurrogateWidth
{
    /// <summary>In mV.</summary>
    public static double Read(ISettings settings) =>
        settings.Quantity("surrogateWidth", 10 * mV, "the distance from threshold that the surrogate sees as 1");
}
