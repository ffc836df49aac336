namespace BrainModular.Engine.Fitting;

/// <summary>The best candidates that a search met, from which starts are chosen.</summary>
internal sealed class Elite
{
    private const int Capacity = 128;
    private const double Apart = 0.1;
    private readonly List<(double Loss, double[] Point)> best = [];

    /// <summary>Takes note of a candidate.</summary>
    public void Add(double[] point, double loss)
    {
        if (!double.IsFinite(loss) || (best.Count == Capacity && loss >= best[^1].Loss))
        {
            return;
        }

        var place = best.FindIndex(b => loss < b.Loss);
        best.Insert(place < 0 ? best.Count : place, (loss, [.. point]));
        if (best.Count > Capacity)
        {
            best.RemoveAt(Capacity);
        }
    }

    /// <summary>
    /// At most <paramref name="count"/> points, the best first: each the best that differs from all before it by a tenth of the bounds in some coordinate.
    /// </summary>
    public IReadOnlyList<(double Loss, double[] Point)> Choose(int count)
    {
        var chosen = new List<(double Loss, double[] Point)>();
        foreach (var (loss, point) in best)
        {
            if (chosen.Count < count && chosen.TrueForAll(c => c.Point.Zip(point, static (a, b) => Math.Abs(a - b)).Any(static d => d > Apart)))
            {
                chosen.Add((loss, point));
            }
        }

        return chosen;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(best.Count);
        foreach (var (loss, point) in best)
        {
            writer.Write(loss);
            writer.Write(point.Length);
            Array.ForEach(point, writer.Write);
        }
    }

    public void Restore(BinaryReader reader)
    {
        best.Clear();
        for (var n = reader.ReadInt32(); n > 0; n--)
        {
            best.Add((reader.ReadDouble(), [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadDouble())]));
        }
    }
}
