using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting;

namespace BrainModular.Host.Composition;

/// <summary>Says of sweeps to fit what makes a fit of them meaningless though every number is one: a current or potential that never changes, or units that make the cell no cell.</summary>
internal static class RecordingPlausibility
{
    private const double SmallestResistance = 1;
    private const double LargestResistance = 20_000;

    /// <param name="path">The file.</param>
    /// <param name="fitted">The sweeps that are fitted.</param>
    public static IEnumerable<Diagnostic> Of(string path, IReadOnlyList<PreparedSweep> fitted)
    {
        if (fitted.All(static s => IsConstant(s.Potential)))
        {
            yield return new(
                "BM3120", "the recorded potential is the same at every sample of each fitted sweep", new(path), "a recorded cell", "check which channel holds the potential, and fit sweeps with a recording");
        }
        else if (fitted.All(static s => IsConstant(s.Current)) && fitted.All(s => s.Current[0] == fitted[0].Current[0]))
        {
            yield return new(
                "BM3121", $"the injected current is {Number(fitted[0].Current[0] * 1e3)} pA at every sample of the fitted sweeps: nothing tells the membrane's resistance", new(path),
                "sweeps with a stimulus", "check which channel holds the current, or fit sweeps in which one is injected");
        }
        else if (PassiveMembrane.Fit([.. fitted.Select(static s => s.AsPassiveTrace())]).Resistance is var resistance && resistance is < SmallestResistance or > LargestResistance)
        {
            yield return resistance <= 0
                ? new("BM3122", "by the fitted sweeps the potential does not rise with the injected current", new(path), "a resistance of 1 MOhm to 20 GOhm", "check the sign of the stimulus, and which channel holds it")
                : new(
                "BM3122", $"by the fitted sweeps the cell's resistance is {Number(resistance)} MOhm, with currents up to {Number(fitted.Max(static s => s.Current.Max(Math.Abs)) * 1e3)} pA", new(path),
                "1 MOhm to 20 GOhm", "check the stimulus' unit and conversion; 'brain convert' takes them as --stimulus-unit");
        }
    }

    /// <summary>Of spikes that were not taken for any.</summary>
    /// <param name="path">The file.</param>
    /// <param name="found">How many rise and fall as spikes do.</param>
    /// <param name="taken">How many of them were taken.</param>
    /// <param name="least">The potential that those reach, in mV.</param>
    public static IEnumerable<Diagnostic> OfSpikes(string path, int found, int taken, double? least) => found == taken ? [] :
    [
        new("BM3119", string.Create(CultureInfo.InvariantCulture, $"{found - taken} of {found} rises that are as steep as spikes stay below {least:0.#} mV, and are taken for none"), new(path),
            Cure: "where they are spikes, or others are none, give the recording's 'spikeThreshold'"),
    ];

    /// <summary>Of a current that shows the recorded spikes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">How it shows them.</param>
    /// <param name="isReplaced">Whether it was replaced there.</param>
    public static Diagnostic OfMeasuredSpikes(string path, MeasuredSpikes shown, bool isReplaced) => new(
        "BM3123",
        $"the injected current was measured and shows the recorded spikes: at them it swings by {Number(shown.Swing * 1e3)} pA to both sides, elsewhere by {Number(shown.Elsewhere * 1e3)} pA; "
            + (isReplaced ? "near them it was replaced by a straight line" : "a model is told by it when the cell fired"),
        new(path), Cure: isReplaced
            ? "where the current is the one that was injected, give the recording \"spikeArtefacts\": { \"when\": \"never\" }"
            : "give the recording \"spikeArtefacts\": {}, which replaces the current near spikes by a straight line, or the current that was commanded");

    /// <summary>Of an estimated electrode that was subtracted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="electrode">The estimate.</param>
    /// <param name="isLookedFor">Whether it was subtracted for being found, not asked for.</param>
    /// <param name="place">Where it was asked for.</param>
    public static IEnumerable<Diagnostic> OfElectrode(string path, Electrode electrode, bool isLookedFor, Place place)
    {
        if (isLookedFor)
        {
            yield return new(
                "BM3129",
                $"the potential follows the injected current by {Number(electrode.Resistance)} MOhm within {Number(electrode.TimeConstant)} ms, faster than a membrane charges: it was taken for the electrode's part, and subtracted", new(path),
                Cure: "where it is the cell's, give the recording \"electrode\": { \"when\": \"never\" }");
        }

        if (electrode.IsAtSlowestLimit)
        {
            yield return new(
                "BM3124",
                $"the electrode is estimated as {Number(electrode.Resistance)} MOhm with {Number(electrode.TimeConstant)} ms, the slowest that is looked for: part of the membrane's own charging may be taken for it", place,
                "an electrode that settles within a millisecond or so", "give the electrode's 'resistance' and 'timeConstant', or leave 'electrode' out where the potential was compensated");
        }
    }

    private static bool IsConstant(double[] values) => values.All(v => v == values[0]);

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
