using BrainModular.Diagnostics;
using BrainModular.Engine.Fitting.Features;
using BrainModular.Engine.Fitting.Spikes;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Optimizers;
using BrainModular.Random;

namespace BrainModular.Engine.Fitting;

/// <summary>How far a fit is.</summary>
/// <param name="Round">Which round, from 0: the search for starts where there is one, then those of coupling.</param>
/// <param name="Rounds">How many there are.</param>
/// <param name="Iteration">Rounds of evaluations within it.</param>
/// <param name="Evaluations">Candidates evaluated in all.</param>
/// <param name="Running">How many starts still run.</param>
/// <param name="BestLoss">The smallest loss of this round of coupling.</param>
public sealed record FitProgress(int Round, int Rounds, int Iteration, int Evaluations, int Running, double BestLoss)
{
    /// <summary>How many steps were simulated so far, over all candidates and sweeps.</summary>
    public long SimulatedSteps { get; init; }

    /// <summary>Whether the model is held near the data, so that losses are not those of the model alone.</summary>
    public bool IsCoupled { get; init; }

    /// <summary>What each of the plan's losses is with the best candidate of this round, in engine units and before its weight; empty where there is one alone.</summary>
    public IReadOnlyList<double> Parts { get; init; } = [];
}

/// <summary>
/// Fits a model to recorded sweeps by exact gradients, from many starts side by side. Between two rounds of evaluations its state can
/// be saved, and a restored fit goes on to the same bits.
/// </summary>
public sealed class RecordingFit : IDisposable
{
    private const int PointsPerStart = 8;
    private FitPlan plan;
    private readonly List<Trace> traces = [];
    private readonly LossEvaluator evaluator;
    private readonly FeatureEvaluator? features;
    private readonly LossParts? parts;
    private GaussNewtonEvaluator? squares;
    private (double Loss, IReadOnlyList<double> Parts) told = (double.NaN, []);
    private IReadOnlyList<double> schedule;
    private readonly List<List<double>> history = [];
    private int[] evaluations;
    private Elite elite = new();
    private MultiStart? multiStart;
    private bool searching;
    private int searchEvaluations;
    private int round;
    private double initialLoss;

    public RecordingFit(FitPlan plan)
    {
        this.plan = plan;
        schedule = plan.Coupling?.Schedule ?? [0];
        evaluations = new int[plan.Starts];
        var stimulus = FitPlan.StimulusPort(plan.Model);
        var step = StepFunction.Build(plan.Model, plan.Loss, plan.Coupling is null ? null : stimulus, Options(plan));
        var program = new TrainingProgram(TrainingFunctions.Derive(step), plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default);
        var aligning = SpikeAlignment.SimulatorOf(plan, plan.Coupling is null ? null : stimulus);
        traces.AddRange(plan.Train.Select(s => TraceOf(s, stimulus, step, plan, aligning)));
        var free = program.Functions.Parameters.Select(name => plan.Free.First(f => f.Name == name)).ToList();
        evaluator = new(program, traces, free, plan.Threads);
        features = plan.Features is null ? null : new(plan, free);
        Free = free;
        parts = plan.Losses.Count > 1 ? new(plan, traces, free, features) : null;
        PrepareFor(plan.Optimizer, plan.Search);
    }

    /// <summary>The free parameters that the step depends on, in the order of coordinates.</summary>
    public IReadOnlyList<FreeParameter> Free { get; }

    /// <summary>How many steps were simulated so far, over all candidates and sweeps.</summary>
    public long SimulatedSteps => evaluator.SimulatedSteps + (features?.SimulatedSteps ?? 0);

    /// <summary>The free parameters that the smallest loss of this phase was found with, in engine units; none before the fit has begun.</summary>
    public IReadOnlyDictionary<string, double> BestValues =>
        Free.Zip(multiStart?.Best.Best ?? []).ToDictionary(static p => p.First.Name, static p => p.First.Value(p.Second));

    /// <summary>Begins anew with other optimisers, starts or random numbers, and with what was compiled before. Random spikes stay those of the first plan.</summary>
    /// <param name="other">The plan: model, loss, sweeps, free and fixed parameters and precision are those of the first; coupling, too, or it has none.</param>
    public void Restart(FitPlan other)
    {
        schedule = other.Coupling?.Schedule ?? [0];
        (plan, evaluations, elite, multiStart) = (other, new int[other.Starts], new(), null);
        (round, searchEvaluations) = (0, 0);
        PrepareFor(plan.Optimizer, plan.Search);
    }

    /// <summary>Compiles what optimisers need beside losses and gradients, where that has not been done.</summary>
    /// <exception cref="DiagnosticException">BM2714: they need a sum of squares, and the loss is none.</exception>
    public void PrepareFor(Func<IOptimizer> optimizer, Func<IOptimizer>? search)
    {
        if (plan.Features is null && (optimizer().Needs | (search?.Invoke().Needs ?? 0)).HasFlag(EvaluationNeeds.GaussNewton))
        {
            squares ??= new(plan, traces, Free);
        }
    }

    /// <summary>Runs to the end.</summary>
    /// <param name="progress">Told after each round of evaluations; what it throws ends the fit.</param>
    /// <exception cref="DiagnosticException">BM2718: the optimiser needs a sum of squares, and a square has a negative factor in the loss.</exception>
    public FitResult Run(Action<FitProgress> progress)
    {
        if (multiStart is null)
        {
            initialLoss = LossWithoutCoupling([.. Free.Select(f => f.Coordinate(StartValue(f)))]);
            if (plan.Free.Count == 0)
            {
                return new(
                    initialLoss, [new(initialLoss, new Dictionary<string, double>(), 1, OptimizerStatus.Converged, "no parameter is free", [])], 0, SimulatedSteps)
                {
                    Parts = parts?.Of([], evaluator.TotalWeight) ?? [],
                };
            }

            BeginPhase();
        }

        while (true)
        {
            while (multiStart!.IsRunning)
            {
                multiStart.Round(searching ? EvaluateInSearch : Evaluate);
                for (var i = 0; i < history.Count; i++)
                {
                    history[i].Add(multiStart.Starts[i].BestLoss);
                }

                progress(Progress(multiStart));
            }

            if (searching)
            {
                searchEvaluations = multiStart.Evaluations.Sum();
                BeginRound(schedule.Count == 1 ? LastPoints([]) : FirstPoints());
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

                IReadOnlyList<double[]> ends = [.. multiStart.Starts.Select(static s => s.Best)];
                BeginRound(plan.Search is not null && round == schedule.Count - 1 ? LastPoints(ends) : ends);
            }
        }
    }

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

        elite.Save(writer);
        multiStart!.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, for the same plan.</summary>
    public void Restore(BinaryReader reader)
    {
        (searching, searchEvaluations, round, initialLoss) = (reader.ReadBoolean(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble());
        evaluator.SimulatedSteps = reader.ReadInt64();
        for (var i = 0; i < plan.Starts; i++)
        {
            evaluations[i] = reader.ReadInt32();
        }

        history.Clear();
        for (var i = 0; i < (searching ? 1 : plan.Starts); i++)
        {
            history.Add([.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadDouble())]);
        }

        elite.Restore(reader);
        Prepare(searching ? 0 : schedule[round]);
        multiStart = new([.. history.Select(_ => searching ? plan.Search!() : plan.Optimizer())]);
        multiStart.Restore(reader, StreamOf);
    }

    public void Dispose()
    {
        evaluator.Dispose();
        features?.Dispose();
        squares?.Dispose();
        traces.ForEach(static t => t.Dispose());
    }

    internal static StepOptions Options(FitPlan plan) => new(
        plan.Train[0].TimeStep,
        plan.Integrator,
        plan.Fixed,
        plan.Free.ToDictionary(static f => f.Name, static _ => ParameterBinding.PerElement),
        InitialFromData: plan.InitialFromData ? ["V"] : [], SharedInputs: true, RecordedSpikes: plan.RecordedSpikes);

    internal static Trace TraceOf(PreparedSweep sweep, string stimulus, StepFunction step, FitPlan plan, Simulator? aligning = null)
    {
        var spikes = new double[sweep.Steps];
        foreach (var spike in sweep.Spikes)
        {
            spikes[spike] = 1;
        }

        var signals = new Dictionary<string, double[]>
        {
            [stimulus] = sweep.Current,
            ["data.V"] = sweep.Potential,
            ["data.spike"] = spikes,
            ["weight"] = Weights(sweep, plan.SpikeWeight, plan.SpikeWindow),
        };
        var all = NoiseSignals.Beside(signals, step.Step, sweep.Steps, plan.NoiseOf(sweep));
        return new(sweep.Steps, all, new Dictionary<string, double> { ["coupling"] = 0, ["data.initial.V"] = sweep.InitialPotential }, plan.Precision)
        {
            OfLanes = aligning is null ? null : new SpikeAlignment(sweep, plan.Loss.Alignment!, aligning, plan.Free.ToDictionary(static f => f.Name, f => StartValue(plan, f))),
        };
    }

    internal static double[] Weights(PreparedSweep sweep, double spikeWeight, SpikeWindow window)
    {
        var quiet = sweep.MaskOutside(window);
        var weights = new double[sweep.Steps];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = !sweep.IsSample[i] ? 0 : quiet[i] ? 1 : spikeWeight;
        }

        return weights;
    }

    /// <summary>The first phase: the search where there is one, else the first round of coupling.</summary>
    private void BeginPhase()
    {
        searching = plan.Search is not null;
        if (!searching)
        {
            BeginRound(FirstPoints());
            return;
        }

        Prepare(0);
        Begin([[.. Free.Select(f => f.Coordinate(StartValue(f)))]], plan.Search!);
    }

    private void BeginRound(IReadOnlyList<double[]> points)
    {
        searching = false;
        Prepare(schedule[round]);
        Begin(points, plan.Optimizer);
    }

    private void Begin(IReadOnlyList<double[]> points, Func<IOptimizer> make)
    {
        history.Clear();
        history.AddRange(points.Select(static _ => new List<double>()));
        var (lower, upper) = (Free.Select(static _ => 0.0).ToArray(), Free.Select(static _ => 1.0).ToArray());
        multiStart = new([.. points.Select((p, i) =>
        {
            var optimizer = make();
            optimizer.Begin(new(p, lower, upper, StreamOf(i)));
            return optimizer;
        })]);
    }

    private IRandomStream StreamOf(int start) => plan.Random.Split(searching ? "search" : $"optimizer.{start}");

    private IReadOnlyList<Evaluation> EvaluateInSearch(IReadOnlyList<double[]> candidates, EvaluationNeeds needs)
    {
        var found = Evaluate(candidates, needs);
        foreach (var (candidate, evaluation) in candidates.Zip(found))
        {
            elite.Add(candidate, evaluation.Loss);
        }

        return found;
    }

    private IReadOnlyList<Evaluation> Evaluate(IReadOnlyList<double[]> candidates, EvaluationNeeds needs)
    {
        if (features is null)
        {
            return needs.HasFlag(EvaluationNeeds.GaussNewton) ? EvaluateSquares(candidates) : evaluator.Evaluate(candidates, needs.HasFlag(EvaluationNeeds.Gradient));
        }

        if (needs != EvaluationNeeds.Loss)
        {
            throw new DiagnosticException(
                "BM2711", "the optimiser needs gradients, which features have not got", expected: "an optimiser that needs the loss alone",
                cure: "take cma-es, nelder-mead, particle-swarm or differential-evolution");
        }

        var (weight, ofFeatures) = (plan.Features!.Weight, features.Evaluate(candidates));
        return plan.Features.IsAlone
            ? [.. ofFeatures.Select(f => new Evaluation(weight * f.Loss))]
            : [.. evaluator.Evaluate(candidates, withGradient: false).Zip(ofFeatures, (e, f) => new Evaluation(e.Loss + (weight * f.Loss)))];
    }

    private IReadOnlyList<Evaluation> EvaluateSquares(IReadOnlyList<double[]> candidates)
    {
        evaluator.SimulatedSteps += candidates.Count * traces.Sum(static t => (long)t.Steps);
        var found = squares!.Evaluate(candidates, evaluator.TotalWeight);
        int[] unknown = [.. Enumerable.Range(0, found.Count).Where(i => double.IsNaN(found[i].Loss))];
        if (unknown.Length > 0 && evaluator.Evaluate([.. unknown.Select(i => candidates[i])], withGradient: false).Any(static e => double.IsFinite(e.Loss)))
        {
            // Of a negative factor no root can be taken.
            throw new DiagnosticException(
                "BM2718", $"the loss {plan.Loss.Model.Name} multiplies a square by what is negative at some sample, so it is no sum of squares, which the optimiser needs",
                expected: "factors of squares, such as recorded values, that are nowhere negative", cure: "take an optimiser that needs the gradient alone, such as l-bfgs-b, or another loss");
        }

        return found;
    }

    private FitProgress Progress(MultiStart running)
    {
        var rounds = schedule.Count + (plan.Search is null ? 0 : 1);
        return new(
            searching ? 0 : rounds - schedule.Count + round,
            rounds,
            running.Rounds,
            running.Evaluations.Sum() + evaluations.Sum() + searchEvaluations,
            running.Starts.Count(static s => s.Status == OptimizerStatus.Running),
            running.Best.BestLoss) { SimulatedSteps = SimulatedSteps, IsCoupled = !searching && schedule[round] > 0, Parts = PartsOf(running.Best) };
    }

    /// <summary>The losses of the best candidate, computed anew where there is a better one.</summary>
    private IReadOnlyList<double> PartsOf(IOptimizer best)
    {
        if (parts is not null && double.IsFinite(best.BestLoss) && told.Loss != best.BestLoss)
        {
            told = (best.BestLoss, parts.Of(best.Best, evaluator.TotalWeight));
        }

        return told.Parts;
    }

    /// <summary>Sets coupling and weights. While the data hold the model, all samples count alike: nothing else says then what makes a spike.</summary>
    private void Prepare(double conductance)
    {
        evaluator.TotalWeight = 0;
        foreach (var (sweep, trace) in plan.Train.Zip(traces))
        {
            var weights = Weights(sweep, conductance > 0 ? 1 : plan.SpikeWeight, plan.SpikeWindow);
            trace.SetConstant("coupling", conductance);
            trace.SetSignal("weight", weights);
            evaluator.TotalWeight += weights.Sum();
        }
    }

    private double LossWithoutCoupling(double[] point)
    {
        Prepare(0);
        return Evaluate([point], EvaluationNeeds.Loss)[0].Loss;
    }

    private double StartValue(FreeParameter f) => StartValue(plan, f);

    private static double StartValue(FitPlan plan, FreeParameter f) => Math.Clamp(
        plan.Start.TryGetValue(f.Name, out var given) ? given : plan.Model.FindParameter(f.Name)!.Default.InEngineUnits, f.Lower, f.Upper);

    /// <summary>
    /// The first start's values, and for every other start the best of a few random points: one without a gradient costs a third, and a
    /// start in a hopeless corner of the bounds costs a whole descent.
    /// </summary>
    private IReadOnlyList<double[]> FirstPoints()
    {
        var random = plan.Random.Split("starts");
        double[][] drawn = [.. Enumerable.Range(0, PointsPerStart * (plan.Starts - 1)).Select(_ => Free.Select(_ => random.Uniform()).ToArray())];
        Prepare(schedule[0]);
        var losses = Evaluate(drawn, EvaluationNeeds.Loss);
        return
        [
            [.. Free.Select(f => f.Coordinate(StartValue(f)))],
            .. Enumerable.Range(0, plan.Starts - 1).Select(i => drawn[Enumerable.Range(i * PointsPerStart, PointsPerStart)
                .MinBy(k => double.IsFinite(losses[k].Loss) ? losses[k].Loss : double.PositiveInfinity)]),
        ];
    }

    /// <summary>Where the last round begins after a search: at the best of what it met and of where annealing led, at random points where those are too few.</summary>
    private IReadOnlyList<double[]> LastPoints(IReadOnlyList<double[]> annealed)
    {
        if (annealed.Count > 0)
        {
            Prepare(0);
            EvaluateInSearch(annealed, EvaluationNeeds.Loss);
        }

        IReadOnlyList<double[]> found = [.. elite.Choose(plan.Starts).Select(static c => c.Point)];
        return found.Count == plan.Starts ? found : [.. found, .. FirstPoints().Skip(found.Count)];
    }

    private FitResult Result()
    {
        var searched = elite.Choose(plan.Starts);
        IReadOnlyList<StartResult> results = [.. multiStart!.Starts.Select((s, i) =>
        {
            // A start whose descent failed falls back on where it began.
            var (loss, point) = i < searched.Count && !(s.BestLoss <= searched[i].Loss) ? searched[i] : (s.BestLoss, s.Best);
            var values = Free.Zip(point).ToDictionary(static p => p.First.Name, static p => p.First.Value(p.Second));
            return new StartResult(loss, values, evaluations[i] + multiStart.Evaluations[i], s.Status, s.Reason, history[i]);
        }).OrderBy(static s => double.IsFinite(s.Loss) ? s.Loss : double.PositiveInfinity)];
        return new(initialLoss, results, searchEvaluations, SimulatedSteps)
        {
            Parts = parts?.Of([.. Free.Select(f => f.Coordinate(results[0].Values[f.Name]))], evaluator.TotalWeight) ?? [],
        };
    }
}
