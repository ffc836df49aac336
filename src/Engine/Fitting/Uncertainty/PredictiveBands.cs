using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Threads;
using BrainModular.Random;

namespace BrainModular.Engine.Fitting.Uncertainty;

/// <summary>Where a sweep's potential is expected, step by step.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Lower">The 2.5 % quantile in mV.</param>
/// <param name="Upper">The 97.5 % quantile in mV.</param>
/// <param name="Inside">The part of the compared samples away from recorded spikes that lies between them; null where there are none, or where the likelihood knows no noise of the potential. 0.95 is expected of a model that is right.</param>
public sealed record PredictiveBand(PreparedSweep Sweep, double[] Lower, double[] Upper, double? Inside);

/// <summary>
/// The posterior predictive distribution of the potential (Gelman et al. 2013, Bayesian Data Analysis, section 6.3): the model runs freely over a sweep with many draws of its parameters, as lanes, and the noise that the
/// residuals have is added where the likelihood knows of one.
/// </summary>
public sealed class PredictiveBands
{
    private const double Tail = 0.025;

    /// <summary>How many numbers of one sweep are kept at once.</summary>
    private const long MostNumbers = 30_000_000;

    private readonly FitPlan plan;
    private readonly StepFunction step;
    private readonly Simulator simulator;
    private readonly IReadOnlyList<string> names;
    private readonly IReadOnlyList<double[]> draws;
    private readonly double deviation;

    /// <param name="plan">The fit.</param>
    /// <param name="values">All parameters with the best ones, in engine units.</param>
    /// <param name="names">The parameters that are drawn.</param>
    /// <param name="draws">[draw][parameter], in engine units.</param>
    /// <param name="likelihood">The likelihood that they come from.</param>
    public PredictiveBands(FitPlan plan, IReadOnlyDictionary<string, double> values, IReadOnlyList<string> names, IReadOnlyList<double[]> draws, Likelihood likelihood)
    {
        (this.plan, this.names, this.draws) = (plan, names, draws);
        deviation = likelihood is GaussianLikelihood noise ? noise.Deviation(names.Count) : 0;
        var free = plan with
        {
            RecordedSpikes = false,
            Free = [.. plan.Free.Where(f => names.Contains(f.Name))],
            Fixed = values.Where(v => !names.Contains(v.Key)).ToDictionary(),
        };
        step = StepFunction.Build(plan.Model, free.StepOptions);
        simulator = new(step, plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default, ["V"]);
    }

    /// <summary>The bands of sweeps, side by side on the fit's threads.</summary>
    /// <param name="sweeps">The sweeps.</param>
    /// <param name="random">The stream of the noise that is added.</param>
    /// <param name="cancel">Stops between steps.</param>
    public IReadOnlyList<PredictiveBand> Of(IReadOnlyList<PreparedSweep> sweeps, IRandomStream random, CancellationToken cancel)
    {
        var bands = new PredictiveBand[sweeps.Count];
        Workers.ForEach(sweeps.Count, plan.Threads, i => bands[i] = Of(sweeps[i], random.Split($"sweep.{sweeps[i].Number}"), cancel), cancel);
        return bands;
    }

    private PredictiveBand Of(PreparedSweep sweep, IRandomStream random, CancellationToken cancel)
    {
        var lanes = (int)Math.Clamp(MostNumbers / sweep.Steps, 1, draws.Count);
        var potentials = Run(sweep, lanes, cancel);
        var (lower, upper, mask, sorted) = (new double[sweep.Steps], new double[sweep.Steps], sweep.SubthresholdMask(), new double[lanes]);
        var (inside, compared) = (0, 0);
        for (var t = 0; t < sweep.Steps; t++)
        {
            for (var lane = 0; lane < lanes; lane++)
            {
                sorted[lane] = potentials[lane][t] + (deviation > 0 ? deviation * random.Normal() : 0);
            }

            Array.Sort(sorted);
            (lower[t], upper[t]) = (At(sorted, Tail), At(sorted, 1 - Tail));
            compared += mask[t] ? 1 : 0;
            inside += mask[t] && sweep.Potential[t] >= lower[t] && sweep.Potential[t] <= upper[t] ? 1 : 0;
        }

        return new(sweep, lower, upper, deviation > 0 && compared > 0 ? inside / (double)compared : null);
    }

    private double[][] Run(PreparedSweep sweep, int lanes, CancellationToken cancel)
    {
        using var trace = new Trace(
            sweep.Steps,
            NoiseSignals.Beside(new Dictionary<string, double[]> { [FitPlan.StimulusPort(plan.Model)] = sweep.Current }, step.Step, sweep.Steps, plan.NoiseOf(sweep)),
            new Dictionary<string, double> { ["data.initial.V"] = sweep.InitialPotential },
            plan.Precision);
        var values = names.Select((name, p) => (name, Values: draws.Take(lanes).Select(d => d[p]).ToArray())).ToDictionary(static v => v.name, static v => v.Values);
        return simulator.Run(trace, values, lanes, cancel)["V"];
    }

    /// <summary>A quantile of sorted numbers, interpolated as that of a sample: the k-th of n stands for k / (n + 1).</summary>
    private static double At(double[] sorted, double share)
    {
        var place = Math.Clamp((share * (sorted.Length + 1)) - 1, 0, sorted.Length - 1);
        var below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }
}
