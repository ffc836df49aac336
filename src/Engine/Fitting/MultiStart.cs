using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Engine.Fitting;

/// <summary>
/// Runs one optimiser per start, all side by side: in each round every optimiser that still runs proposes its candidates, and all of them
/// are evaluated together. Its state can be saved between rounds and continues to the same bits.
/// </summary>
public sealed class MultiStart
{
    private readonly IOptimizer[] starts;
    private readonly int[] evaluations;

    /// <param name="starts">The optimisers, begun or restored.</param>
    public MultiStart(IReadOnlyList<IOptimizer> starts) => (this.starts, evaluations) = ([.. starts], new int[starts.Count]);

    public IReadOnlyList<IOptimizer> Starts => starts;

    /// <summary>How many candidates of each start were evaluated.</summary>
    public IReadOnlyList<int> Evaluations => evaluations;

    /// <summary>How many rounds were run.</summary>
    public int Rounds { get; private set; }

    public bool IsRunning => starts.Any(static s => s.Status == OptimizerStatus.Running);

    /// <summary>The start with the smallest loss so far.</summary>
    public IOptimizer Best => starts.MinBy(static s => double.IsNaN(s.BestLoss) ? double.PositiveInfinity : s.BestLoss)!;

    /// <summary>Runs one round.</summary>
    /// <param name="evaluate">Gives of candidates what is needed.</param>
    public void Round(Func<IReadOnlyList<double[]>, EvaluationNeeds, IReadOnlyList<Evaluation>> evaluate)
    {
        var asked = new IReadOnlyList<double[]>?[starts.Length];
        var candidates = new List<double[]>();
        var needs = EvaluationNeeds.Loss;
        for (var i = 0; i < starts.Length; i++)
        {
            if (starts[i].Status == OptimizerStatus.Running)
            {
                candidates.AddRange(asked[i] = starts[i].Ask());
                needs |= starts[i].Needs;
            }
        }

        var results = evaluate(candidates, needs);
        var next = 0;
        for (var i = 0; i < starts.Length; i++)
        {
            if (asked[i] is { } own)
            {
                starts[i].Tell([.. results.Skip(next).Take(own.Count).Select(AsFailureWhereNotFinite)]);
                evaluations[i] += own.Count;
                next += own.Count;
            }
        }

        Rounds++;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(Rounds);
        for (var i = 0; i < starts.Length; i++)
        {
            writer.Write(evaluations[i]);
            starts[i].Save(writer);
        }
    }

    /// <param name="reader">What <see cref="Save"/> wrote.</param>
    /// <param name="random">The random stream of each start.</param>
    public void Restore(BinaryReader reader, Func<int, IRandomStream> random)
    {
        Rounds = reader.ReadInt32();
        for (var i = 0; i < starts.Length; i++)
        {
            evaluations[i] = reader.ReadInt32();
            starts[i].Restore(reader, random(i));
        }
    }

    /// <summary>A gradient that is not finite makes the whole evaluation a failed one, from which optimisers step back.</summary>
    private static Evaluation AsFailureWhereNotFinite(Evaluation e) =>
        double.IsFinite(e.Loss) && (e.Gradient is null || e.Gradient.All(double.IsFinite)) ? e : e with { Loss = double.NaN };
}
