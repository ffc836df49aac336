using System.Text.Json;
using BrainModular.Engine.Statistics;

namespace BrainModular.Host.Reports;

/// <summary>A projection that several trainings have, with the weights that each came to.</summary>
/// <param name="Projection">The projection.</param>
/// <param name="Unit">The unit of the weights.</param>
/// <param name="Trainings">The trainings by name, with their weights.</param>
internal sealed record ComparedWeights(string Projection, string Unit, IReadOnlyList<(string Training, ReportWeights Weights)> Trainings)
{
    /// <summary>The projections, in the order of the first training that has them, that at least two trainings have in one unit, and one of them trained.</summary>
    public static IReadOnlyList<ComparedWeights> Of(IReadOnlyList<ReportStage> stages) =>
    [
        .. stages.Where(static s => s.Training is not null)
            .SelectMany(static s => s.Training!.Weights.Select(w => (Training: s.Name, Weights: w)))
            .GroupBy(static w => (w.Weights.Projection, w.Weights.Unit))
            .Where(static g => g.Count() > 1 && g.Any(static w => w.Weights.IsTrained))
            .Select(static g => new ComparedWeights(g.Key.Projection, g.Key.Unit, [.. g])),
    ];

    /// <summary>The weights of a training; null where it has no such projection.</summary>
    public ReportWeights? Find(string training) => Trainings.FirstOrDefault(t => t.Training == training).Weights;

    /// <summary>Writes the densities of all trainings in the same bins. Weights before training that are those of an earlier one are left out.</summary>
    public void Write(Utf8JsonWriter json)
    {
        List<WeightStatistics> befores = [];
        var (bins, width) = TrainingJson.Bins([.. Trainings.SelectMany(static t => new[] { t.Weights.Before, t.Weights.After })]);
        json.WriteStartObject();
        json.WriteString("projection", Projection);
        json.WriteString("unit", NumberText.Unit(Unit));
        JsonNumbers.Write(json, "edges", Enumerable.Range(0, bins + 1).Select(i => i * width), digits: 5);
        TrainingJson.Each(json, "trainings", Trainings, (_, of) =>
        {
            var isNew = !befores.Exists(b => b.Magnitudes.SequenceEqual(of.Weights.Before.Magnitudes));
            befores.Add(of.Weights.Before);
            json.WriteString("name", of.Training);
            JsonNumbers.Write(json, "before", isNew ? of.Weights.Before.Histogram(bins, width) : [], digits: 4);
            JsonNumbers.Write(json, "after", of.Weights.After.Histogram(bins, width), digits: 4);
        });
        json.WriteEndObject();
    }
}
