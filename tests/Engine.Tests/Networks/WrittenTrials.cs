using BrainModular.Engine.Networks;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>Trials with given inputs, and half the mean square of the readout's distance from a line.</summary>
internal sealed class WrittenTrials(float[][] inputs, int lanes) : INetworkTrials, INetworkReadout
{
    private readonly float[][] inputs = inputs;
    private INetworkReadout[] readouts = new INetworkReadout[1];

    public double Loss { get; set; }

    public int FirstLane { get; init; }

    public int Trials => lanes;

    public int BatchTrials => 1;

    public IReadOnlyList<INetworkReadout> Readouts => readouts[0] is null ? readouts = [this] : readouts;

    public string Population => "out";

    public string State => "y";

    public static WrittenTrials Random(int steps, int channels, int lanes, int seed, double probability = 0.3)
    {
        var random = new System.Random(seed);
        return new([.. Enumerable.Range(0, steps).Select(_ => Enumerable.Range(0, channels * lanes).Select(_ => random.NextDouble() < probability ? 1f : 0f).ToArray())], lanes);
    }

    /// <summary>The trials of several chunks side by side in one.</summary>
    public static WrittenTrials Beside(IReadOnlyList<WrittenTrials> chunks, int channels, int lanesEach) => new(
        [.. Enumerable.Range(0, chunks[0].inputs.Length).Select(t => Enumerable.Range(0, channels).SelectMany(c => chunks.SelectMany(k => k.inputs[t][(c * lanesEach)..((c + 1) * lanesEach)])).ToArray())],
        lanesEach * chunks.Count);

    public void Read(int input, int step, Span<float> row) => inputs[step].CopyTo(row);

    public bool Counts(int step) => step >= inputs.Length / 2;

    public void Observe(int step, ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            Loss += 0.5 * Math.Pow(values[i] - Target(step, i), 2);
        }
    }

    public void Differentiate(int step, ReadOnlySpan<double> values, Span<double> adjoint)
    {
        for (var i = 0; i < values.Length; i++)
        {
            adjoint[i] += values[i] - Target(step, i);
        }
    }

    private double Target(int step, int element) => (0.1 * (element / lanes)) + (0.01 * step);
}
