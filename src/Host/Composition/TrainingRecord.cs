using BrainModular.Engine.Training;

namespace BrainModular.Host.Composition;

/// <summary>What became of one batch.</summary>
/// <param name="Loss">Its mean loss.</param>
/// <param name="Accuracy">Its accuracy.</param>
/// <param name="ValidationLoss">The loss in the validation after it; null where there was none.</param>
/// <param name="ValidationAccuracy">The accuracy in that validation.</param>
internal readonly record struct TrainingPoint(double Loss, double Accuracy, double? ValidationLoss = null, double? ValidationAccuracy = null);

/// <summary>How a training went, and the best weights that a validation has seen. It is kept in checkpoints.</summary>
internal sealed class TrainingRecord
{
    private const int Version = 3;

    private readonly List<TrainingPoint> points = [];
    private readonly Dictionary<string, List<double>> rates = [];

    /// <summary>The batches in order.</summary>
    public IReadOnlyList<TrainingPoint> Points => points;

    /// <summary>The mean rate of each spiking population in each batch, in Hz.</summary>
    public IReadOnlyDictionary<string, List<double>> Rates => rates;

    /// <summary>The coordinates that did best in validation; empty before the first one.</summary>
    public double[] Best { get; private set; } = [];

    /// <summary>The accuracy of <see cref="Best"/> in validation.</summary>
    public double BestAccuracy { get; private set; } = double.NegativeInfinity;

    /// <summary>The loss of <see cref="Best"/> in validation.</summary>
    public double BestLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>How many validations there were since <see cref="Best"/>.</summary>
    public int Stale { get; private set; }

    /// <summary>Why training ended; empty while it goes on.</summary>
    public string Ended { get; set; } = "";

    /// <summary>How long training took before.</summary>
    public double Seconds { get; set; }

    /// <summary>The most memory that the network's rows have taken; a training that is over takes less when it is opened again.</summary>
    public long Bytes { get; set; }

    /// <summary>How many lines of metrics were written.</summary>
    public int Lines { get; set; }

    /// <summary>Whether the last batch is still to be validated.</summary>
    public bool IsValidated => points.Count == 0 || points[^1].ValidationLoss is not null;

    public void Add(TrialResult batch)
    {
        points.Add(new(batch.Loss, batch.Accuracy));
        foreach (var (population, rate) in batch.Rates)
        {
            if (!rates.TryGetValue(population, out var of))
            {
                rates[population] = of = [];
            }

            of.Add(rate);
        }
    }

    public void AddValidation(TrialResult validation, double[] coordinates)
    {
        points[^1] = points[^1] with { ValidationLoss = validation.Loss, ValidationAccuracy = validation.Accuracy };
        Stale++;
        if (Best.Length == 0 || validation.Accuracy > BestAccuracy || (validation.Accuracy == BestAccuracy && validation.Loss < BestLoss))
        {
            (Best, BestAccuracy, BestLoss, Stale) = ([.. coordinates], validation.Accuracy, validation.Loss, 0);
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Version);
        writer.Write(Seconds);
        writer.Write(Bytes);
        writer.Write(Lines);
        writer.Write(Stale);
        writer.Write(Ended);
        writer.Write(BestAccuracy);
        writer.Write(BestLoss);
        writer.Write(Best.Length);
        foreach (var coordinate in Best)
        {
            writer.Write(coordinate);
        }

        writer.Write(points.Count);
        foreach (var point in points)
        {
            writer.Write(point.Loss);
            writer.Write(point.Accuracy);
            writer.Write(point.ValidationLoss is not null);
            writer.Write(point.ValidationLoss ?? 0);
            writer.Write(point.ValidationAccuracy ?? 0);
        }

        writer.Write(rates.Count);
        foreach (var (population, of) in rates)
        {
            writer.Write(population);
            of.ForEach(writer.Write);
        }
    }

    public static TrainingRecord Restore(BinaryReader reader)
    {
        if (reader.ReadInt32() is var version && version != Version)
        {
            throw new InvalidDataException($"the record of a training has version {version}, not {Version}");
        }

        var record = new TrainingRecord
        {
            Seconds = reader.ReadDouble(),
            Bytes = reader.ReadInt64(),
            Lines = reader.ReadInt32(),
            Stale = reader.ReadInt32(),
            Ended = reader.ReadString(),
            BestAccuracy = reader.ReadDouble(),
            BestLoss = reader.ReadDouble(),
            Best = new double[reader.ReadInt32()],
        };
        for (var i = 0; i < record.Best.Length; i++)
        {
            record.Best[i] = reader.ReadDouble();
        }

        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (loss, accuracy, validated) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadBoolean());
            var (validationLoss, validationAccuracy) = (reader.ReadDouble(), reader.ReadDouble());
            record.points.Add(new(loss, accuracy, validated ? validationLoss : null, validated ? validationAccuracy : null));
        }

        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            record.rates[reader.ReadString()] = [.. record.points.Select(_ => reader.ReadDouble())];
        }

        return record;
    }
}
