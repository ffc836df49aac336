using System.Numerics;

namespace BrainModular.Engine.Networks;

/// <summary>
/// Adds <c>Weight (rate - Target)^2</c> to the loss, averaged over the units of each trained population, with a unit's rate in a trial, and over
/// the trials of a batch.
/// </summary>
/// <param name="Weight">Its weight, per Hz^2.</param>
/// <param name="Target">The rate in Hz.</param>
public sealed record RateRegularizer(double Weight, double Target)
{
    internal const string Output = "spike";

    /// <summary>Sets what every spike of a trial adds to the loss.</summary>
    /// <returns>The loss of these trials.</returns>
    internal unsafe double Apply<T>(PopulationRun<T> population, INetworkTrials trials, int lanes, double seconds)
        where T : unmanaged, INumberBase<T>
    {
        var counts = population.SpikeCounts;
        var seeds = population.SpikeSeeds;
        var (units, loss) = (population.Elements / lanes, 0.0);
        for (var i = 0; i < counts.Length; i++)
        {
            var excess = (double.CreateTruncating(counts[i]) / seconds) - Target;
            var share = i % lanes < trials.Trials ? Weight / ((double)units * trials.BatchTrials) : 0;
            loss += share * excess * excess;
            seeds[i] = T.CreateTruncating(2 * share * excess / seconds);
        }

        return loss;
    }
}
