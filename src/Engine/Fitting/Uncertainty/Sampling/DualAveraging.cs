namespace BrainModular.Engine.Fitting.Uncertainty.Sampling;

/// <summary>The length of a leapfrog step that gives a wanted acceptance (Hoffman and Gelman 2014, section 3.2, with their constants).</summary>
/// <param name="target">The wanted mean acceptance, between 0 and 1.</param>
/// <param name="first">The first length.</param>
public sealed class DualAveraging(double target, double first)
{
    private const double Shrinkage = 0.05;
    private const double Delay = 10;
    private const double Forgetting = 0.75;
    private double centre = Math.Log(10 * first);
    private double error;
    private double average;
    private int count;

    /// <summary>The length to try next.</summary>
    public double Step { get; private set; } = first;

    /// <summary>The length that all tries so far speak for; the first one before any.</summary>
    public double Settled => count == 0 ? Step : Math.Exp(average);

    /// <summary>Begins anew at the present length.</summary>
    public void Restart() => (centre, error, average, count) = (Math.Log(10 * Step), 0, 0, 0);

    /// <summary>Takes the acceptance of one transition.</summary>
    public void Add(double acceptance)
    {
        count++;
        var weight = 1 / (count + Delay);
        error = ((1 - weight) * error) + (weight * (target - acceptance));
        var logarithm = centre - (Math.Sqrt(count) / Shrinkage * error);
        var share = Math.Pow(count, -Forgetting);
        average = (share * logarithm) + ((1 - share) * average);
        Step = Math.Exp(logarithm);
    }

    public void Save(BinaryWriter writer)
    {
        foreach (var value in new[] { centre, error, average, Step })
        {
            writer.Write(value);
        }

        writer.Write(count);
    }

    public void Restore(BinaryReader reader)
    {
        (centre, error, average, Step) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        count = reader.ReadInt32();
    }
}
