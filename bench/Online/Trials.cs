using BrainModular.Engine.Networks;

namespace BrainModular.Bench.Online;

/// <summary>Random input, and half the squared distance of the answers from a slow wave.</summary>
internal sealed class Trials(int units, int lanes) : INetworkTrials, INetworkReadout
{
    private const int Rows = 50;

    private readonly float[][] rows = Make(units * lanes);

    public int FirstLane => 0;

    int INetworkTrials.Trials => lanes;

    public int BatchTrials => lanes;

    public IReadOnlyList<INetworkReadout> Readouts => [this];

    public string Population => "out";

    public string State => "y";

    public static double Normal(System.Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public void Read(int input, int step, Span<float> row) => rows[step % Rows].CopyTo(row);

    public bool Counts(int step) => true;

    public void Observe(int step, ReadOnlySpan<double> values)
    {
    }

    public void Differentiate(int step, ReadOnlySpan<double> values, Span<double> adjoint)
    {
        for (var i = 0; i < values.Length; i++)
        {
            adjoint[i] += (values[i] - Math.Sin(0.02 * step)) / lanes;
        }
    }

    private static float[][] Make(int elements)
    {
        var random = new System.Random(2);
        return [.. Enumerable.Range(0, Rows).Select(_ => Enumerable.Range(0, elements).Select(_ => (float)(1.5 + (2 * Normal(random)))).ToArray())];
    }
}
