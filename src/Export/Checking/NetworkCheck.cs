using BrainModular.Export.Networks;

namespace BrainModular.Export.Checking;

/// <summary>
/// Holds a network's files against the engine in ONNX Runtime. The step model is taught: each step starts from the engine's states and delay
/// lines, so that one different rounding cannot grow into other spikes. The sequence model runs alone.
/// </summary>
internal static class NetworkCheck
{
    public static NetworkCheckResult Run(NetworkReference reference, string stepFile, string sequenceFile, CancellationToken cancel)
    {
        var model = reference.Model;
        TaughtNetwork taught;
        using (var session = OnnxSession.Open(stepFile))
        {
            taught = new(session, reference);
            taught.Check(cancel);
        }

        using var sequence = OnnxSession.Open(sequenceFile);
        var results = sequence.Run(Inputs(reference), [.. sequence.Outputs.Where(static name => !name.EndsWith(".next", StringComparison.Ordinal))]);
        return new NetworkCheckResult
        {
            MaxAbsDifference = taught.Differences.Where(static pair => pair.Key.State == "V").Select(static pair => pair.Value).DefaultIfEmpty(0).Max(),
            MaxRelativeDifference = taught.Differences.Max(pair => Relative(pair.Value, reference.Largest(pair.Key.Population, pair.Key.State))),
            StateDifferences = taught.Differences.ToDictionary(static pair => $"{pair.Key.Population}.{pair.Key.State}", static pair => pair.Value),
            Spikes = model.Populations.Sum(population => population.Spikes.Sum(spike => reference.Sent(population.Name, spike).LongCount(static value => value != 0))),
            SpikeDifferences = taught.SpikeDifferences,
            MarginalSpikeDifferences = taught.MarginalSpikeDifferences,
            CheckedSteps = (long)reference.Steps * reference.Lanes,
            SequenceMaxAbsDifference = model.Readouts.Max(readout => Pairs(results[NetworkNames.Readout(readout)].Elements, reference.After(readout.Population, readout.State))
                .Max(static pair => OnnxCheck.Differences.Between(pair.Computed, pair.Expected))),
            SequenceSpikeDifferences = model.Populations.Where(population => model.Spikes.Contains(population.Name)).Sum(population => population.Spikes.Sum(spike =>
                Pairs(results[NetworkNames.Spikes(population.Name, spike)].Elements, reference.Sent(population.Name, spike)).LongCount(static pair => pair.Computed != pair.Expected))),
        };
    }

    /// <summary>The first states, and what arrives in every step.</summary>
    private static Dictionary<string, OnnxRow> Inputs(NetworkReference reference)
    {
        int[] first = [.. Enumerable.Range(0, reference.Lanes)];
        var inputs = reference.States(first, nudge: 0);
        foreach (var (name, width, elements) in reference.Rows)
        {
            inputs[name] = new([reference.Steps, reference.Lanes, width], elements);
        }

        return inputs;
    }

    private static double Relative(double difference, double largest) => difference == 0 ? 0 : difference / largest;

    private static IEnumerable<(double Computed, double Expected)> Pairs(double[] computed, double[] expected) => computed.Zip(expected);
}
