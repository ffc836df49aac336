using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Statistics;
using BrainModular.Engine.Steps;
using BrainModular.Optimizers;
using BrainModular.Symbolics;

namespace BrainModular.Engine.Fitting.Uncertainty;

/// <summary>The loss of a fit, without coupling, around its best parameters: exact gradients in unbounded coordinates, and the likelihood that the loss stands for.</summary>
public sealed class FitLikelihood : IDisposable
{
    private const double SameLoss = 1e-4;

    /// <summary>A residual of so many roundings of the potential is none.</summary>
    private const double Roundings = 100;
    private readonly FitPlan plan;
    private readonly List<Trace> traces = [];
    private readonly LossEvaluator evaluator;
    private readonly Simulator? simulator;

    /// <param name="plan">The fit.</param>
    /// <exception cref="DiagnosticException">BM2801: the loss is neither a likelihood nor a mean squared difference of potentials.</exception>
    public FitLikelihood(FitPlan plan)
    {
        this.plan = plan with { Coupling = null, Horizon = null, Shooting = null };
        Require(plan);
        var stimulus = FitPlan.StimulusPort(plan.Model);
        var options = plan.StepOptions;
        var step = StepFunction.Build(plan.Model, plan.Loss, null, options);
        var program = new TrainingProgram(TrainingFunctions.Derive(step), plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default);
        traces.AddRange(plan.Train.Select(s => FitTrace.Of(s, stimulus, step, plan)));
        Free = [.. program.Functions.Parameters.Select(name => plan.Free.First(f => f.Name == name))];
        evaluator = new(program, traces, Free, plan.Threads) { TotalWeight = plan.Train.Sum(s => s.Weights(plan.SpikeWeight, plan.SpikeWindow).Sum()) };
        simulator = IsSquaredError(plan) ? new(StepFunction.Build(plan.Model, options), plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default, ["V"]) : null;
    }

    /// <summary>The parameters that the loss depends on, in the order of coordinates.</summary>
    public IReadOnlyList<FreeParameter> Free { get; }

    /// <summary>The numbers that gradients are computed with.</summary>
    public Ir.Precision Precision => plan.Precision;

    /// <summary>How many steps were simulated so far.</summary>
    public long SimulatedSteps => evaluator.SimulatedSteps;

    /// <summary>Refuses what no uncertainty can be had of.</summary>
    /// <exception cref="DiagnosticException">BM2801.</exception>
    public static void Require(FitPlan plan)
    {
        if (plan.Features is not null)
        {
            throw NoLikelihood(plan, "is fitted with features, whose squared deviations are no likelihood");
        }

        if (plan.Jitter is { } jitter)
        {
            throw NoLikelihood(plan, $"is a mean over values of {jitter.Parameter}");
        }

        if (plan.Loss.Parts is not [{ Factor: 1 }])
        {
            throw NoLikelihood(plan, plan.Loss.Parts is [var only] ? $"has the weight {only.Weight:g5}" : "is a sum of several losses");
        }

        if (plan.Loss.Alignment is not null)
        {
            throw NoLikelihood(plan, "moves the recording along with the model's spikes");
        }

        if (IsSquaredError(plan) && plan.Loss.Model.States.Count > 0)
        {
            throw NoLikelihood(plan, "has states of its own, so it is no mean over samples");
        }

        if (!IsSquaredError(plan) && plan.Loss.Unit.Dimension != Dimension.Rate)
        {
            throw NoLikelihood(plan, $"is in {plan.Loss.Unit.Symbol}");
        }
    }

    /// <summary>The unbounded coordinates of parameters.</summary>
    /// <param name="values">Their values in engine units, by name.</param>
    public double[] PointOf(IReadOnlyDictionary<string, double> values) => [.. Free.Select(f => UnboundedCoordinate.Of(f.Coordinate(values[f.Name])))];

    /// <summary>Losses and their gradients by the unbounded coordinates.</summary>
    public IReadOnlyList<Evaluation> Evaluate(IReadOnlyList<double[]> points) =>
    [
        .. evaluator.Evaluate([.. points.Select(static p => p.Select(UnboundedCoordinate.Bounded).ToArray())], withGradient: true)
            .Zip(points, static (e, p) => e with { Gradient = [.. e.Gradient!.Zip(p, static (g, z) => g * UnboundedCoordinate.Slope(z))] }),
    ];

    /// <summary>The likelihood around a point.</summary>
    /// <param name="point">Unbounded coordinates of the best parameters.</param>
    /// <exception cref="DiagnosticException">BM2801: the loss is in mV^2 and yet no mean squared difference of potentials. BM2802: there is no noise to estimate, or none beyond rounding.</exception>
    public Likelihood LikelihoodAt(double[] point)
    {
        var loss = Evaluate([point])[0].Loss;
        if (simulator is null)
        {
            return new LossLikelihood(loss, evaluator.TotalWeight * plan.Train[0].TimeStep);
        }

        var residuals = plan.Train.Zip(traces, (sweep, trace) => Residuals(sweep, trace, point)).ToList();
        var mean = residuals.Sum(static r => r.Sum(static x => x * x)) / evaluator.TotalWeight;
        if (double.IsFinite(mean) && Math.Abs(mean - loss) > SameLoss * mean)
        {
            throw NoLikelihood(plan, $"is {loss:g5} mV^2 where the mean squared difference of potentials is {mean:g5} mV^2");
        }

        var rounding = (Precision == Ir.Precision.Double ? double.BitIncrement(1) - 1 : MathF.BitIncrement(1) - 1) * plan.Train.Max(static s => s.Potential.Max(Math.Abs));
        return Math.Sqrt(loss) > Roundings * rounding
            ? new GaussianLikelihood(loss, evaluator.TotalWeight, IntegratedAutocorrelation.Time(residuals, Free.Count))
            : throw new DiagnosticException(
                "BM2802", string.Create(CultureInfo.InvariantCulture, $"the model reproduces the recording to {Math.Sqrt(loss):g2} mV, which is rounding, so there is no noise to estimate: data without noise have no posterior width"),
                expected: "a recording, or a model's potential with noise upon it", cure: "remove 'uncertainty'");
    }

    public void Dispose()
    {
        evaluator.Dispose();
        traces.ForEach(static t => t.Dispose());
    }

    private static bool IsSquaredError(FitPlan plan) => plan.Loss.Unit.Dimension == Dimension.Voltage * Dimension.Voltage;

    private static DiagnosticException NoLikelihood(FitPlan plan, string found) => new(
        "BM2801", $"uncertainties cannot be had of the loss {plan.Loss.Model.Name}: it {found}",
        expected: "a mean squared difference of potentials in mV^2, or a negative log-likelihood in Hz (nats per second)",
        cure: "use voltage-mean-squared-error or spike-likelihood, if need be in a stage of its own after this one, or remove 'uncertainty'");

    /// <summary>Differences of potentials times the root of their weights, at recorded samples.</summary>
    private double[] Residuals(PreparedSweep sweep, Trace trace, double[] point)
    {
        var values = Free.Select((f, i) => (f.Name, Value: f.Value(UnboundedCoordinate.Bounded(point[i])))).ToDictionary(static v => v.Name, static v => new[] { v.Value });
        var potential = simulator!.Run(trace, values, lanes: 1)["V"][0];
        var weights = sweep.Weights(plan.SpikeWeight, plan.SpikeWindow);
        return [.. Enumerable.Range(0, sweep.Steps).Where(t => sweep.IsSample[t]).Select(t => weights[t] == 0 ? 0 : Math.Sqrt(weights[t]) * (potential[t] - sweep.Potential[t]))];
    }
}
