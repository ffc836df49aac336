namespace BrainModular.Engine.Training;

/// <summary>What reward a trial is expected to bring: a running mean over about 100 trials.</summary>
/// <param name="classes">Among how many classes trials choose: who knows nothing is right by chance.</param>
internal sealed class RewardExpectation(int classes)
{
    /// <summary>How much of itself it keeps from one trial to the next.</summary>
    private const double Kept = 0.99;

    private double expected = 1.0 / classes;

    /// <summary>Tells trials what is expected of them, before they are run.</summary>
    public void Begin(TaskTrials[] trials)
    {
        foreach (var trial in trials)
        {
            trial.ExpectedReward = expected;
        }
    }

    /// <summary>Learns from what trials brought, one in each chunk.</summary>
    /// <returns>Their mean reward.</returns>
    public double End(TaskTrials[] trials)
    {
        var mean = trials.Average(static t => t.Policy!.Reward(0));
        expected += (1 - Math.Pow(Kept, trials.Length)) * (mean - expected);
        return mean;
    }

    public void Save(BinaryWriter writer) => writer.Write(expected);

    public void Restore(BinaryReader reader) => expected = reader.ReadDouble();
}
