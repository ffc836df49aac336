using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Threads;
using BrainModular.Optimizers;

namespace BrainModular.Engine.Fitting.Features;

/// <summary>The loss of features of a model that runs freely, with spikes of its own, for many candidates side by side.</summary>
public sealed class FeatureEvaluator : IDisposable
{
    private const int MostSamples = 2_000_000;

    private readonly FitPlan plan;
    private readonly IReadOnlyList<FreeParameter> free;
    private readonly FeatureCosts costs;
    private readonly Simulator simulator;
    private readonly List<Trace> traces = [];

    /// <param name="plan">The fit, whose <see cref="FitPlan.Features"/> are there.</param>
    /// <param name="free">The parameters to change, in the order of coordinates.</param>
    public FeatureEvaluator(FitPlan plan, IReadOnlyList<FreeParameter> free)
    {
        (this.plan, this.free) = (plan, free);
        costs = new(plan.Features!.Targets, plan.Train);
        var step = StepFunction.Build(plan.Model, new StepOptions(
            plan.Train[0].TimeStep, plan.Integrator, plan.Fixed, free.ToDictionary(static f => f.Name, static _ => ParameterBinding.PerElement),
            InitialFromData: plan.InitialFromData ? ["V"] : [], SharedInputs: true));
        simulator = new(step, plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default, HasSpikes ? ["V", "spike"] : ["V"]);
        traces.AddRange(plan.Train.Select(s => new Trace(
            s.Steps,
            NoiseSignals.Beside(new Dictionary<string, double[]> { [FitPlan.StimulusPort(plan.Model)] = s.Current }, step.Step, s.Steps, plan.NoiseOf(s)),
            new Dictionary<string, double> { ["data.initial.V"] = s.InitialPotential },
            plan.Precision)));
    }

    /// <summary>How many steps were simulated so far, over all sweeps and candidates.</summary>
    public long SimulatedSteps { get; private set; }

    private bool HasSpikes => plan.Model.Spikes.Any(static s => s.Name == "spike");

    /// <summary>Evaluates candidates, given as coordinates; where a potential is not finite, the loss is NaN.</summary>
    public IReadOnlyList<Evaluation> Evaluate(IReadOnlyList<double[]> candidates)
    {
        var found = new double[plan.Train.Count, candidates.Count];
        var pieces = plan.Train.Index().SelectMany(s => candidates.Index().Chunk(Math.Clamp(MostSamples / s.Item.Steps, 1, LossEvaluator.Block)).Select(block => (Sweep: s.Index, Block: block))).ToList();
        Workers.ForEach(pieces.Count, plan.Threads, i =>
        {
            var piece = pieces[i];
            var recorded = simulator.Run(
                traces[piece.Sweep],
                free.Index().ToDictionary(static f => f.Item.Name, f => piece.Block.Select(c => f.Item.Value(c.Item[f.Index])).ToArray()),
                piece.Block.Length);
            foreach (var (lane, candidate) in piece.Block.Index())
            {
                found[piece.Sweep, candidate.Index] = Loss(piece.Sweep, recorded["V"][lane], HasSpikes ? recorded["spike"][lane] : []);
            }
        });
        SimulatedSteps += candidates.Count * plan.Train.Sum(static s => (long)s.Steps);
        return [.. candidates.Select((_, c) => new Evaluation(Enumerable.Range(0, plan.Train.Count).Sum(s => found[s, c])))];
    }

    public void Dispose() => traces.ForEach(static t => t.Dispose());

    private double Loss(int sweep, double[] potential, double[] spike) => potential.All(double.IsFinite)
        ? costs.Of(sweep, SweepFeatures.Model(plan.Train[sweep], potential, [.. Enumerable.Range(0, spike.Length).Where(t => spike[t] > 0.5)]))
        : double.NaN;
}
