using System.Diagnostics.CodeAnalysis;
using BrainModular.Diagnostics;
using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Engine.Fitting;

/// <summary>
/// Fits a model to recorded sweeps by exact gradients, from many starts side by side. Between two rounds of evaluations its state can
/// be saved, and a restored fit goes on to the same bits.
/// </summary>
public sealed class RecordingFit : IDisposable
{
    private readonly FitEvaluator evaluator;
    private readonly List<List<double>> history = [];
    private FitPlan plan;
    private IReadOnlyList<FitRound> schedule;
    private FitStarts starts;
    private int[] evaluations;
    private MultiStart? multiStart;
    private (double Loss, IReadOnlyList<double> Parts) told = (double.NaN, []);
    private bool searching;
    private int searchEvaluations;
    private int round;
    private double initialLoss;

    public RecordingFit(FitPlan plan)
    {
        evaluator = new(plan);
        try
        {
            Restart(plan);
        }
        catch
        {
            evaluator.Dispose();
            throw;
        }
    }

    /// <summary>The free parameters that the step depends on, in the order of coordinates.</summary>
    public IReadOnlyList<FreeParameter> Free => evaluator.Free;

    /// <summary>How many steps were simulated so far, over all candidates and sweeps.</summary>
    public long SimulatedSteps => evaluator.SimulatedSteps;

    /// <summary>The free parameters that the smallest loss of this phase was found with, in engine units; none before the fit has begun.</summary>
    public IReadOnlyDictionary<string, double> BestValues =>
        Free.Zip(multiStart?.Best.Best ?? []).ToDictionary(static p => p.First.Name, static p => p.First.Value(p.Second));

    /// <summary>Begins anew with other optimisers, starts or random numbers, and with what was compiled before. Random spikes stay those of the first plan.</summary>
    /// <param name="other">The plan: model, loss, sweeps, free and fixed parameters and precision are those of the first; coupling and horizon, too, or it has none.</param>
    [MemberNotNull(nameof(plan), nameof(schedule), nameof(starts), nameof(evaluations))]
    public void Restart(FitPlan other)
    {
        (plan, schedule, starts) = (other, other.Schedule, new(other, evaluator));
        (evaluations, multiStart, round, searchEvaluations) = (new int[other.Starts], null, 0, 0);
        PrepareFor(plan.Optimizer, plan.Search);
    }

    /// <summary>Compiles what optimisers need beside losses and gradients, where that has not been done.</summary>
    /// <exception cref="DiagnosticException">BM2714: they need a sum of squares, and the loss is none.</exception>
    public void PrepareFor(Func<IOptimizer> optimizer, Func<IOptimizer>? search) => evaluator.PrepareFor(optimizer().Needs | (search?.Invoke().Needs ?? 0));

    /// <summary>Runs to the end.</summary>
    /// <param name="progress">Told after each round of evaluations; what it throws ends the fit.</param>
    /// <exception cref="DiagnosticException">BM2718: the optimiser needs a sum of squares, and a square has a negative factor in the loss.</exception>
    public FitResult Run(Action<FitProgress> progress)
    {
        if (multiStart is null)
        {
            evaluator.Enter(FitRound.Free, initialLoss);
            initialLoss = evaluator.Evaluate([starts.Given], EvaluationNeeds.Loss)[0].Loss;
            if (plan.Free.Count == 0)
            {
                return new(
                    initialLoss, [new(initialLoss, new Dictionary<string, double>(), 1, OptimizerStatus.Converged, "no parameter is free", [])], 0, SimulatedSteps)
                {
                    Parts = evaluator.PartsOf([]),
                };
            }

            BeginPhase();
        }

        while (true)
        {
            while (multiStart!.IsRunning)
            {
                multiStart.Round(searching ? starts.EvaluateInSearch : evaluator.Evaluate);
                for (var i = 0; i < history.Count; i++)
                {
                    history[i].Add(multiStart.Starts[i].BestLoss);
                }

                progress(Progress(multiStart));
            }

            if (searching)
            {
                searchEvaluations = multiStart.Evaluations.Sum();
                BeginRound(schedule.Count == 1 ? starts.Best([]) : starts.Drawn());
            }
            else if (++round == schedule.Count)
            {
                return Result();
            }
            else
            {
                for (var i = 0; i < plan.Starts; i++)
                {
                    evaluations[i] += multiStart.Evaluations[i];
                }

                IReadOnlyList<double[]> ends = [.. multiStart.Starts.Select(s => s.Best[..Free.Count])];
                BeginRound(plan.Search is not null && round == schedule.Count - 1 ? starts.Best(ends) : ends);
            }
        }
    }

    /// <summary>The free parameters that the loss does not depend on, as far as the first start's values and the result's tell. The result's are where they happened to be.</summary>
    /// <param name="result">What came of the fit.</param>
    public IReadOnlyList<FreeParameter> WithoutEffect(FitResult result) =>
        plan.Free.Count == 0 ? [] : new IdleParameters(plan, evaluator).At([starts.Given, [.. Free.Select(f => f.Coordinate(result.Best.Values[f.Name]))]]);

    /// <summary>Writes the state between two rounds of evaluations.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(searching);
        writer.Write(searchEvaluations);
        writer.Write(round);
        writer.Write(initialLoss);
        writer.Write(SimulatedSteps);
        Array.ForEach(evaluations, writer.Write);
        foreach (var losses in history)
        {
            writer.Write(losses.Count);
            losses.ForEach(writer.Write);
        }

        starts.Elite.Save(writer);
        multiStart!.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, for the same plan.</summary>
    public void Restore(BinaryReader reader)
    {
        (searching, searchEvaluations, round, initialLoss) = (reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble());
        evaluator.CountFrom(reader.ReadInt64());
        for (var i = 0; i < plan.Starts; i++)
        {
            evaluations[i] = reader.ReadInt32();
        }

        history.Clear();
        for (var i = 0; i < (searching ? 1 : plan.Starts); i++)
        {
            history.Add([.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadDouble())]);
        }

        starts.Elite.Restore(reader);
        evaluator.Enter(searching ? FitRound.Free : schedule[round], initialLoss);
        multiStart = new([.. history.Select(_ => searching ? plan.Search!() : plan.Optimizer())]);
        multiStart.Restore(reader, StreamOf);
    }

    public void Dispose() => evaluator.Dispose();

    /// <summary>The first phase: the search where there is one, else the first round.</summary>
    private void BeginPhase()
    {
        searching = plan.Search is not null;
        if (!searching)
        {
            BeginRound(starts.First);
            return;
        }

        evaluator.Enter(FitRound.Free, initialLoss);
        Begin([starts.Given], plan.Search!);
    }

    private void BeginRound(IReadOnlyList<double[]> points)
    {
        searching = false;
        evaluator.Enter(schedule[round], initialLoss);
        Begin(evaluator.Extend(points), plan.Optimizer);
    }

    private void Begin(IReadOnlyList<double[]> points, Func<IOptimizer> make)
    {
        history.Clear();
        history.AddRange(points.Select(static _ => new List<double>()));
        var (lower, upper) = (points[0].Select(static _ => 0.0).ToArray(), points[0].Select(static _ => 1.0).ToArray());
        multiStart = new([.. points.Select((p, i) =>
        {
            var optimizer = make();
            optimizer.Begin(new(p, lower, upper, StreamOf(i)));
            return optimizer;
        })]);
    }

    private IRandomStream StreamOf(int start) => plan.Random.Split(searching ? "search" : $"optimizer.{start}");

    private FitProgress Progress(MultiStart running)
    {
        var rounds = schedule.Count + (plan.Search is null ? 0 : 1);
        return new(
            searching ? 0 : rounds - schedule.Count + round,
            rounds,
            running.Rounds,
            running.Evaluations.Sum() + evaluations.Sum() + searchEvaluations,
            running.Starts.Count(static s => s.Status == OptimizerStatus.Running),
            running.Best.BestLoss) { SimulatedSteps = SimulatedSteps, IsPreliminary = !searching && schedule[round] != FitRound.Free, Parts = PartsOf(running.Best) };
    }

    /// <summary>The losses of the best candidate, computed anew where there is a better one.</summary>
    private IReadOnlyList<double> PartsOf(IOptimizer best)
    {
        if (plan.Losses.Count > 1 && double.IsFinite(best.BestLoss) && told.Loss != best.BestLoss)
        {
            told = (best.BestLoss, evaluator.PartsOf(best.Best));
        }

        return told.Parts;
    }

    private FitResult Result()
    {
        var searched = starts.Elite.Choose(plan.Starts);
        IReadOnlyList<StartResult> results = [.. multiStart!.Starts.Select((s, i) =>
        {
            // A start whose descent failed falls back on where it began.
            var (loss, point) = i < searched.Count && !(s.BestLoss <= searched[i].Loss) ? searched[i] : (s.BestLoss, s.Best);
            var values = Free.Zip(point).ToDictionary(static p => p.First.Name, static p => p.First.Value(p.Second));
            return new StartResult(loss, values, evaluations[i] + multiStart.Evaluations[i], s.Status, s.Reason, history[i]);
        }).OrderBy(static s => double.IsFinite(s.Loss) ? s.Loss : double.PositiveInfinity)];
        return new(initialLoss, results, searchEvaluations, SimulatedSteps)
        {
            Parts = evaluator.PartsOf([.. Free.Select(f => f.Coordinate(results[0].Values[f.Name]))]),
        };
    }
}
