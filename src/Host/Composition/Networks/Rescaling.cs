using System.Globalization;
using BrainModular.Host.Configuration;
using BrainModular.Symbolics;

namespace BrainModular.Host.Composition.Networks;

/// <summary>
/// Rescaled units, in which a potential is (V - offset) / scale, a current I resistance / scale and a conductance g resistance (Wang et al. 2024,
/// 10.48550/arXiv.2406.19708, appendix F.5).
/// </summary>
/// <param name="offset">The potential that is 0, in mV.</param>
/// <param name="scale">How much potential is 1, in mV.</param>
/// <param name="resistance">The resistance that is 1, in MOhm.</param>
/// <param name="position">Where the configuration says so; null where a fit does, of which a resolved configuration cannot know.</param>
internal sealed class Rescaling(double offset, double scale, double resistance, NodePosition? position = null)
{
    private const string WidthSetting = "surrogateWidth";

    /// <summary>Neurons' settings that follow from the units, where the configuration gives them: surrogates are as wide as the scale.</summary>
    public IReadOnlyList<ConfigMember> Suggested { get; } = position is { } at ? [new(WidthSetting, at, new ConfigText(at, string.Create(CultureInfo.InvariantCulture, $"{scale:R} mV")))] : [];

    /// <summary>The units of a configuration: given, or those of a fitted cell; null where faults keep them from being known.</summary>
    public static Rescaling? Of(ConfigSection section, FittedCells fitted, Faults faults)
    {
        var given = (section.IsGiven("offset") ? 1 : 0) + (section.IsGiven("scale") ? 1 : 0);
        if (section.Find<string>("fitted") is { } fit)
        {
            if (given == 0)
            {
                return fitted.Rescaling(fit, section, faults);
            }

            faults.Add("BM2624", "the units are given, and taken from a fit", section.Place, "'fitted', or 'offset' and 'scale'", "remove one");
            return null;
        }

        if (given < 2)
        {
            faults.Add("BM2624", "the rescaling does not say what 0 and 1 are", section.Place, "'offset' and 'scale', or 'fitted'", "add them");
            return null;
        }

        return new(
            section.Get<Quantity>("offset").InEngineUnits, section.Get<Quantity>("scale").InEngineUnits, section.Get<Quantity>("resistance").InEngineUnits, section.Node.Position);
    }

    /// <summary>What 0 and a difference of 1 are in engine units; null where plain numbers have no meaning.</summary>
    public (double Zero, double One)? Of(Dimension dimension) =>
        dimension == Dimension.Voltage ? (offset, scale)
        : dimension == Dimension.ElectricCurrent ? (0, scale / resistance)
        : dimension == Dimension.Conductance ? (0, 1 / resistance)
        : null;
}
