using System.Globalization;
using BrainModular.Diagnostics;

namespace BrainModular.Export.Checking;

/// <summary>How well a file does in ONNX Runtime what the engine does.</summary>
public sealed record OnnxCheckResult
{
    /// <summary>The largest difference of the membrane potential after one step from the engine's state, mV; steps with a spike difference left out.</summary>
    public required double MaxAbsDifference { get; init; }

    /// <summary>The same for every state, in its own unit.</summary>
    public required IReadOnlyDictionary<string, double> StateDifferences { get; init; }

    /// <summary>Steps from the engine's state in which one spikes and the other does not.</summary>
    public required long SpikeDifferences { get; init; }

    /// <summary>Those of them that a membrane potential <see cref="OnnxCheck.Nudge"/> higher or lower would have avoided: rounding at the threshold.</summary>
    public required long MarginalSpikeDifferences { get; init; }

    /// <summary>How many steps, times units, were checked one by one.</summary>
    public required long CheckedSteps { get; init; }

    /// <summary>The largest difference of the membrane potential while the file runs alone from the first state, mV; null where it did not.</summary>
    public required double? SequenceMaxAbsDifference { get; init; }

    /// <summary>Steps of that run in which one spikes and the other does not; a spike that comes one step later makes two.</summary>
    public required long? SequenceSpikeDifferences { get; init; }

    /// <summary>Why the file must not be used, or null where it agrees.</summary>
    /// <param name="file">The file, for the message.</param>
    /// <param name="tolerance">The largest difference of the membrane potential, mV.</param>
    public Diagnostic? Fault(string file, double tolerance = 1e-3)
    {
        var spikes = SpikeDifferences - MarginalSpikeDifferences;
        return MaxAbsDifference <= tolerance && spikes == 0
            ? null
            : new Diagnostic("BM5502",
                string.Create(CultureInfo.InvariantCulture,
                    $"the exported model differs from the engine: {MaxAbsDifference:g3} mV in one step, {spikes} spike differences in {CheckedSteps} steps"),
                new Place(file),
                string.Create(CultureInfo.InvariantCulture, $"at most {tolerance:g3} mV and no spike difference that rounding does not explain"),
                "export with float64, or report this with the model");
    }
}
