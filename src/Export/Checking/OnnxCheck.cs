using BrainModular.Export.Onnx;

namespace BrainModular.Export.Checking;

/// <summary>
/// Holds exported files against the engine in ONNX Runtime. The step model is taught: each step starts from the engine's state, so that one
/// different rounding cannot grow into different spike times, and all steps of a sweep run side by side as lanes. The sequence model runs alone.
/// </summary>
public static class OnnxCheck
{
    /// <summary>By how much the membrane potential is moved to tell rounding at the threshold from a fault, mV.</summary>
    public const double Nudge = 1e-4;

    private const string VoltageState = "V";

    /// <summary>Checks both files.</summary>
    /// <param name="model">What was exported.</param>
    /// <param name="stepFile">The step model.</param>
    /// <param name="sequenceFile">The sequence model, or null to leave it out.</param>
    /// <param name="trajectories">The engine's runs.</param>
    /// <param name="sequenceSteps">The sequence model runs at most this many steps of each; a Scan of small steps takes about 0.1 ms a step.</param>
    public static OnnxCheckResult Run(
        StepModel model, string stepFile, string? sequenceFile, IReadOnlyList<ReferenceTrajectory> trajectories, int sequenceSteps = 10_000)
    {
        var differences = new Differences(model);
        using (var session = OnnxSession.Open(stepFile))
        {
            var taught = new TaughtSteps(model, session, differences);
            foreach (var trajectory in trajectories)
            {
                taught.Check(trajectory);
            }
        }

        (double Voltage, long Spikes)? sequence = null;
        if (sequenceFile is not null)
        {
            using var session = OnnxSession.Open(sequenceFile);
            var free = new FreeSequence(model, session);
            foreach (var together in trajectories.GroupBy(trajectory => Math.Min(trajectory.Steps, sequenceSteps)))
            {
                free.Check([.. together], together.Key);
            }

            sequence = (free.MaxAbsDifference, free.SpikeDifferences);
        }

        return new OnnxCheckResult
        {
            MaxAbsDifference = differences.OfState(VoltageState),
            StateDifferences = model.States.ToDictionary(state => state, differences.OfState),
            SpikeDifferences = differences.Spikes,
            MarginalSpikeDifferences = differences.MarginalSpikes,
            CheckedSteps = differences.Steps,
            SequenceMaxAbsDifference = sequence?.Voltage,
            SequenceSpikeDifferences = sequence?.Spikes,
        };
    }

    /// <summary>What has been found so far. A value that is no number differs infinitely.</summary>
    internal sealed class Differences(StepModel model)
    {
        private readonly Dictionary<string, double> largest = model.States.ToDictionary(state => state, _ => 0.0);

        public long Steps { get; set; }

        public long Spikes { get; set; }

        public long MarginalSpikes { get; set; }

        public double OfState(string state) => largest.GetValueOrDefault(state);

        public void Add(string state, double computed, double expected) => largest[state] = Math.Max(largest[state], Between(computed, expected));

        public static double Between(double computed, double expected) =>
            Math.Abs(computed - expected) is var difference && double.IsNaN(difference) ? double.PositiveInfinity : difference;
    }
}
