using System.Globalization;
using BrainModular.Diagnostics;

namespace BrainModular.Export.Checking;

/// <summary>How well a network's files do in ONNX Runtime what the engine does.</summary>
public sealed record NetworkCheckResult
{
    /// <summary>The largest difference of a membrane potential after one step from the engine's states, mV; trials in which a spike differs left out.</summary>
    public required double MaxAbsDifference { get; init; }

    /// <summary>The largest such difference of any state, divided by the largest magnitude that the state has in its population.</summary>
    public required double MaxRelativeDifference { get; init; }

    /// <summary>The largest difference of each state, <c>POPULATION.STATE</c>, in its own unit.</summary>
    public required IReadOnlyDictionary<string, double> StateDifferences { get; init; }

    /// <summary>How often the engine's units spiked in what was checked.</summary>
    public required long Spikes { get; init; }

    /// <summary>Spikes that only one of the two has after one step from the engine's states; what follows from them in the same step is not counted.</summary>
    public required long SpikeDifferences { get; init; }

    /// <summary>Those of them that a membrane potential <see cref="OnnxCheck.Nudge"/> higher or lower would have avoided: rounding at the threshold.</summary>
    public required long MarginalSpikeDifferences { get; init; }

    /// <summary>How many steps, times trials, were checked one by one.</summary>
    public required long CheckedSteps { get; init; }

    /// <summary>The largest difference of a readout while the file runs alone from the first state, in the readout's unit.</summary>
    public required double SequenceMaxAbsDifference { get; init; }

    /// <summary>Spikes of that run that only one of the two has, in the populations whose spikes the file gives.</summary>
    public required long SequenceSpikeDifferences { get; init; }

    /// <summary>Why the files must not be used, or null where they agree. The sequence is not judged: the smallest rounding moves a spike in time.</summary>
    /// <param name="file">The file, for the message.</param>
    /// <param name="tolerance">The largest relative difference of a state after one step.</param>
    public Diagnostic? Fault(string file, double tolerance = 1e-4)
    {
        var spikes = SpikeDifferences - MarginalSpikeDifferences;
        return MaxRelativeDifference <= tolerance && spikes == 0
            ? null
            : new Diagnostic("BM5502",
                string.Create(CultureInfo.InvariantCulture,
                    $"the exported network differs from the engine: by {MaxRelativeDifference:g3} of a state's range in one step, {spikes} spike differences in {CheckedSteps} steps"),
                new Place(file),
                string.Create(CultureInfo.InvariantCulture, $"at most {tolerance:g3} and no spike difference that rounding does not explain"),
                "export with float64, or report this with the network");
    }
}
