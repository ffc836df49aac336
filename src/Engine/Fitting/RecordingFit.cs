using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Steps;
using BrainModular.Optimizers;

namespace BrainModular.Engine.Fitting;

/// <summary>How far a fit is.</summary>
/// <param name="Round">Which round of coupling, from 0.</param>
/// <param name="Rounds">How many there are.</param>
/// <param name="Iteration">Rounds of evaluations within it.</param>
/// <param name="Evaluations">Candidates evaluated in all.</param>
/// <param name="Running">How many starts still run.</param>
/// <param name="BestLoss">The smallest loss of this round of coupling.</param>
public sealed record FitProgress(int Round, int Rounds, int Iteration, int Evaluations, int Running, double BestLoss);

/// <summary>
/// Fits a model to recorded sweeps by exact gradients, from many starts side by side. Between two rounds of evaluations its state can
/// be saved, and a restored fit goes on to the same bits.
/// </summary>
public sealed class RecordingFit : IDisposable
{
    private const int PointsPerStart = 8;
    private readonly FitPlan plan;
    private readonly List<Trace> traces = [];
    private readonly LossEvaluator evaluator;
    private readonly IReadOnlyList<double> schedule;
    private readonly List<List<double>> history = [];
    private readonly int[] evaluations;
    private MultiStart? multiStart;
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
        traces.AddRange(plan.Train.Select(s => TraceOf(s, stimulus, step, plan)));
        var weight = plan.Train.Sum(static s => s.IsSample.Count(static c => c));
        var free = program.Functions.Parameters.Select(name => plan.Free.First(f => f.Name == name)).ToList();
        evaluator = new(program, traces, free, weight, plan.Threads);
        Free = free;
    }

    /// <summary>The free parameters that the step depends on, in the order of coordinates.</summary>
    public IReadOnlyList<FreeParameter> Free { get; }

    /// <summary>Runs to the end.</summary>
    /// <param name="progress">Told after each round of evaluations; what it throws ends the fit.</param>
    public FitResult Run(Action<FitProgress> progress)
    {
        if (multiStart is null)
        {
            initialLoss = LossWithoutCoupling([.. Free.Select(f => f.Coordinate(StartValue(f)))]);
            BeginRound(FirstPoints());
        }

        while (true)
        {
            while (multiStart!.IsRunning)
            {
                multiStart.Round(evaluator.Evaluate);
                for (var i = 0; i < plan.Starts; i++)
                {
                    history[i].Add(multiStart.Starts[i].BestLoss);
                }

                progress(new(round, schedule.Count, multiStart.Rounds, multiStart.Evaluations.Sum() + evaluations.Sum(), multiStart.Starts.Count(static s => s.Status == OptimizerStatus.Running), multiStart.Best.BestLoss));
            }

            if (++round == schedule.Count)
            {
                return Result();
            }

            for (var i = 0; i < plan.Starts; i++)
            {
                evaluations[i] += multiStart.Evaluations[i];
            }

            BeginRound([.. multiStart.Starts.Select(static s => s.Best)]);
        }
    }

    /// <summary>Writes the state between two rounds of evaluations.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(round);
        writer.Write(initialLoss);
        writer.Write(evaluator.SimulatedSteps);
        for (var i = 0; i < plan.Starts; i++)
        {
            writer.Write(evaluations[i]);
            writer.Write(history[i].Count);
            history[i].ForEach(writer.Write);
        }

        multiStart!.Save(writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote, for the same plan.</summary>
    public void Restore(BinaryReader reader)
    {
        round = reader.ReadInt32();
        initialLoss = reader.ReadDouble();
        evaluator.SimulatedSteps = reader.ReadInt64();
        history.Clear();
        for (var i = 0; i < plan.Starts; i++)
        {
            evaluations[i] = reader.ReadInt32();
            history.Add([.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadDouble())]);
        }

        SetCoupling(schedule[round]);
        multiStart = new([.. Enumerable.Range(0, plan.Starts).Select(_ => plan.Optimizer())]);
        multiStart.Restore(reader, i => plan.Random.Split($"optimizer.{i}"));
    }

    public void Dispose()
    {
        evaluator.Dispose();
        traces.ForEach(static t => t.Dispose());
    }

    private static StepOptions Options(FitPlan plan) => new(
        plan.Train[0].TimeStep,
        plan.Integrator,
        plan.Fixed,
        plan.Free.ToDictionary(static f => f.Name, static _ => ParameterBinding.PerElement),
        InitialFromData: plan.InitialFromData ? ["V"] : [], SharedInputs: true);

    private static Trace TraceOf(PreparedSweep sweep, string stimulus, StepFunction step, FitPlan plan)
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
            ["weight"] = [.. sweep.IsSample.Select(static s => s ? 1.0 : 0.0)],
        };
        var all = NoiseSignals.Beside(signals, step.Step, sweep.Steps, plan.NoiseOf(sweep));
        return new(sweep.Steps, all, new Dictionary<string, double> { ["coupling"] = 0, ["data.initial.V"] = sweep.InitialPotential }, plan.Precision);
    }

    private void BeginRound(IReadOnlyList<double[]> points)
    {
        SetCoupling(schedule[round]);
        history.Clear();
        history.AddRange(points.Select(static _ => new List<double>()));
        var (lower, upper) = (Free.Select(static _ => 0.0).ToArray(), Free.Select(static _ => 1.0).ToArray());
        multiStart = new([.. points.Select((p, i) =>
        {
            var optimizer = plan.Optimizer();
            optimizer.Begin(new(p, lower, upper, plan.Random.Split($"optimizer.{i}")));
            return optimizer;
        })]);
    }

    private void SetCoupling(double conductance) => traces.ForEach(t => t.SetConstant("coupling", conductance));

    private double LossWithoutCoupling(double[] point)
    {
        SetCoupling(0);
        return evaluator.Evaluate([point], withGradient: false)[0].Loss;
    }

    private double StartValue(FreeParameter f) => Math.Clamp(
        plan.Start.TryGetValue(f.Name, out var given) ? given : plan.Model.FindParameter(f.Name)!.Default.InEngineUnits, f.Lower, f.Upper);

    /// <summary>
    /// The first start's values, and for every other start the best of a few random points: one without a gradient costs a third, and a
    /// start in a hopeless corner of the bounds costs a whole descent.
    /// </summary>
    private List<double[]> FirstPoints()
    {
        var random = plan.Random.Split("starts");
        double[][] drawn = [.. Enumerable.Range(0, PointsPerStart * (plan.Starts - 1)).Select(_ => Free.Select(_ => random.Uniform()).ToArray())];
        SetCoupling(schedule[0]);
        var losses = evaluator.Evaluate(drawn, withGradient: false);
        return
        [
            [.. Free.Select(f => f.Coordinate(StartValue(f)))],
            .. Enumerable.Range(0, plan.Starts - 1).Select(i => drawn[Enumerable.Range(i * PointsPerStart, PointsPerStart)
                .MinBy(k => double.IsFinite(losses[k].Loss) ? losses[k].Loss : double.PositiveInfinity)]),
        ];
    }

    private FitResult Result() => new(
        initialLoss,
        [.. multiStart!.Starts.Select((s, i) => new StartResult(
            s.BestLoss,
            Free.Zip(s.Best).ToDictionary(static p => p.First.Name, static p => p.First.Value(p.Second)),
            evaluations[i] + multiStart.Evaluations[i],
            s.Status,
            s.Reason,
            history[i])).OrderBy(static s => double.IsFinite(s.Loss) ? s.Loss : double.PositiveInfinity)],
        evaluator.SimulatedSteps);
}
