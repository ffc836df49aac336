using BrainModular.Diagnostics;
using BrainModular.Engine.Networks;

namespace BrainModular.Export;

/// <summary>Trials side by side, as a network gets them.</summary>
/// <param name="Steps">How many steps each has.</param>
/// <param name="Trials">How many trials.</param>
/// <param name="Inputs">For each of the network's inputs what arrives, [step][channel][trial] as a batch of a task has it.</param>
public sealed record NetworkStimulus(int Steps, int Trials, IReadOnlyDictionary<string, float[]> Inputs) : INetworkTrials
{
    private string[] order = [];

    int INetworkTrials.FirstLane => 0;

    int INetworkTrials.BatchTrials => Trials;

    IReadOnlyList<INetworkReadout> INetworkTrials.Readouts => [];

    void INetworkTrials.Read(int input, int step, Span<float> row) => Inputs[order[input]].AsSpan(step * row.Length, row.Length).CopyTo(row);

    /// <summary>Checks that there is a number for every channel and remembers the order of the network's inputs.</summary>
    /// <exception cref="DiagnosticException">BM2703: an input is missing, or has another size.</exception>
    internal void Check(NetworkDefinition network)
    {
        foreach (var input in network.Inputs)
        {
            var expected = (long)Steps * input.Count * Trials;
            var found = Inputs.GetValueOrDefault(input.Name);
            if (found?.Length != expected || Steps < 1 || Trials < 1)
            {
                throw new DiagnosticException(
                    "BM2703", found is null ? $"the stimulus has nothing for the input {input.Name}" : $"the stimulus has {found.Length} numbers for the input {input.Name}",
                    expected: $"{Steps} steps x {input.Count} channels x {Trials} trials, none of them 0", cure: "give trials of a task with as many channels as the network's input has");
            }
        }

        order = [.. network.Inputs.Select(static input => input.Name)];
    }

    /// <summary>An input as files take it, [step][trial][channel].</summary>
    /// <param name="input">Its name.</param>
    /// <param name="steps">How many steps of it.</param>
    /// <param name="channels">How many channels it has.</param>
    /// <param name="first">The first trial.</param>
    /// <param name="count">How many trials.</param>
    internal double[] AsRows(string input, int steps, int channels, int first, int count)
    {
        var (values, rows) = (Inputs[input], new double[(long)steps * count * channels]);
        for (var step = 0; step < steps; step++)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                for (var trial = 0; trial < count; trial++)
                {
                    rows[(((long)step * count) + trial) * channels + channel] = values[(((long)step * channels) + channel) * Trials + first + trial];
                }
            }
        }

        return rows;
    }
}
