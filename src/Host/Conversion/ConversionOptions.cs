using System.IO.Enumeration;
using BrainModular.Formats.Nwb;

namespace BrainModular.Host.Conversion;

/// <summary>What a user says of recordings that their files leave open.</summary>
/// <param name="Clamp">How they were recorded; null: as their units say.</param>
/// <param name="Response">Names of what was recorded: channels, waves or the number of a column, with * for any characters; null: as units say.</param>
/// <param name="Stimulus">Names of what was applied.</param>
/// <param name="ResponseUnit">The unit of what was recorded; null: the file's.</param>
/// <param name="StimulusUnit">The unit of what was applied.</param>
/// <param name="Rate">Samples per s of tables, which do not say it themselves.</param>
internal sealed record ConversionOptions(
    NwbClamp? Clamp = null, string? Response = null, string? Stimulus = null, string? ResponseUnit = null, string? StimulusUnit = null, double? Rate = null)
{
    public static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true);

    /// <summary>What the response measures in a clamp.</summary>
    public static ClampQuantity ResponseOf(NwbClamp clamp) => clamp == NwbClamp.Voltage ? ClampQuantity.Current : ClampQuantity.Potential;

    /// <summary>What the stimulus measures in a clamp.</summary>
    public static ClampQuantity StimulusOf(NwbClamp clamp) => clamp == NwbClamp.Voltage ? ClampQuantity.Potential : ClampQuantity.Current;
}
