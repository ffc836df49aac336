using BrainModular.Host.Configuration;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Networks;

/// <summary>
/// Rescaled units, in which a potential is (V - offset) / scale, a current I resistance / scale and a conductance g resistance (Wang et al. 2024,
/// 10.48550/arXiv.2406.19708, appendix F.5).
/// </summary>
internal sealed class Rescaling(ConfigSection section)
{
    private const string WidthSetting = "surrogateWidth";

    private readonly double offset = section.Get<Quantity>("offset").InEngineUnits;
    private readonly double scale = section.Get<Quantity>("scale").InEngineUnits;
    private readonly double resistance = section.Get<Quantity>("resistance").InEngineUnits;

    /// <summary>Neurons' settings that follow from the units: surrogates are as wide as the scale.</summary>
    public IReadOnlyList<ConfigMember> Suggested { get; } =
    [
        new(WidthSetting, section.Node.Position, new ConfigText(section.Node.Position, section.Get<Quantity>("scale").ToString())),
    ];

    /// <summary>What 0 and a difference of 1 are in engine units; null where plain numbers have no meaning.</summary>
    public (double Zero, double One)? Of(Dimension dimension) =>
        dimension == Dimension.Voltage ? (offset, scale)
        : dimension == Dimension.ElectricCurrent ? (0, scale / resistance)
        : dimension == Dimension.Conductance ? (0, 1 / resistance)
        : null;
}
