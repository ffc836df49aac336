namespace BrainModular.Engine.Fitting.Uncertainty.Sampling;

/// <summary>Running variances of several numbers (Welford 1962, 10.1080/00401706.1962.10490022), drawn a little towards a small one while there are few.</summary>
/// <param name="dimensions">How many numbers.</param>
public sealed class VarianceEstimate(int dimensions)
{
    private const double Prior = 5;
    private const double PriorVariance = 1e-3;
    private readonly double[] mean = new double[dimensions];
    private readonly double[] squares = new double[dimensions];

    /// <summary>How many points were added.</summary>
    public int Count { get; private set; }

    public double[] Variances => [.. squares.Select(s => (Count / (Count + Prior) * s / Math.Max(1, Count - 1)) + (PriorVariance * Prior / (Count + Prior)))];

    public void Add(double[] point)
    {
        Count++;
        for (var i = 0; i < point.Length; i++)
        {
            var delta = point[i] - mean[i];
            mean[i] += delta / Count;
            squares[i] += delta * (point[i] - mean[i]);
        }
    }

    public void Clear()
    {
        Count = 0;
        Array.Clear(mean);
        Array.Clear(squares);
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Count);
        Array.ForEach(mean, writer.Write);
        Array.ForEach(squares, writer.Write);
    }

    public void Restore(BinaryReader reader)
    {
        Count = reader.ReadInt32();
        for (var i = 0; i < mean.Length; i++)
        {
            mean[i] = reader.ReadDouble();
        }

        for (var i = 0; i < squares.Length; i++)
        {
            squares[i] = reader.ReadDouble();
        }
    }
}
