using BrainModular.Engine.Features;
using BrainModular.Engine.Fitting.Spikes;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Threads;

namespace BrainModular.Engine.Fitting;

/// <summary>A fitted model beside one recorded sweep.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Potential">The model's potential in mV at each step, running freely from the first sample on.</param>
/// <param name="Realizations">The steps in which the model spikes: once, or where its spikes are random in each of several runs, of which the first is that of the potential.</param>
/// <param name="ExplainedVariance">Of this sweep alone; null where it has no variance.</param>
/// <param name="PassivePotential">The passive membrane's potential in mV.</param>
public sealed record SweepAssessment(PreparedSweep Sweep, double[] Potential, IReadOnlyList<int[]> Realizations, double? ExplainedVariance, double[] PassivePotential)
{
    /// <summary>The model's spikes beside the potential.</summary>
    public int[] Spikes => Realizations[0];

    /// <summary>Those in the compared part.</summary>
    public int[] ComparedSpikes => ComparedRealizations[0];

    /// <summary>The features of the compared part of the recording and of the model, of its first run.</summary>
    public (FeatureSet Recorded, FeatureSet Model) Features => (SweepFeatures.Recorded(Sweep), SweepFeatures.Model(Sweep, Potential, Spikes));

    /// <summary>The spikes of all runs in the compared part.</summary>
    public IReadOnlyList<int[]> ComparedRealizations => [.. Realizations.Select(r => r.Where(s => s >= Sweep.First).ToArray())];
}

/// <summary>A fitted model beside several sweeps.</summary>
/// <param name="ExplainedVariance">Pooled over all their samples; null where there is no variance.</param>
/// <param name="PassiveExplainedVariance">The same for a passive membrane fitted to the training sweeps.</param>
/// <param name="Scores">How well spikes are predicted.</param>
/// <param name="Sweeps">Each sweep.</param>
public sealed record Assessment(double? ExplainedVariance, double? PassiveExplainedVariance, SpikeScores Scores, IReadOnlyList<SweepAssessment> Sweeps);

/// <summary>Runs a fitted model freely over sweeps and compares.</summary>
public sealed class FitAssessor
{
    /// <summary>How often each sweep is run where spikes are random.</summary>
    private const int RandomRuns = 20;

    /// <summary>How many samples of a sweep are kept for runs side by side.</summary>
    private const int MostSamples = 2_000_000;

    private readonly FitPlan plan;
    private readonly StepFunction step;
    private readonly Simulator simulator;
    private readonly PassiveMembrane passive;

    /// <param name="plan">The fit.</param>
    /// <param name="values">The fitted parameters in engine units.</param>
    public FitAssessor(FitPlan plan, IReadOnlyDictionary<string, double> values)
    {
        this.plan = plan;
        var all = plan.Fixed.ToDictionary();
        foreach (var (name, value) in values)
        {
            all[name] = value;
        }

        var options = new StepOptions(plan.Train[0].TimeStep, plan.Integrator, all, InitialFromData: plan.InitialFromData ? ["V"] : [], SharedInputs: true, OwnNoise: true);
        step = StepFunction.Build(plan.Model, options);
        simulator = new(step, plan.Train[0].TimeStep, plan.Precision, CompileOptions.Default, HasSpikes ? ["V", "spike"] : ["V"]);
        passive = PassiveMembrane.Fit([.. plan.Train.Select(static s => s.AsPassiveTrace())]);
    }

    private bool HasSpikes => plan.Model.Spikes.Any(static s => s.Name == "spike");

    /// <summary>Assesses the sweeps, side by side on the fit's threads.</summary>
    public Assessment Assess(IReadOnlyList<PreparedSweep> sweeps)
    {
        var assessed = new SweepAssessment[sweeps.Count];
        Workers.ForEach(sweeps.Count, plan.Threads, i => assessed[i] = Assess(sweeps[i]));
        var (model, membrane) = (new ExplainedVariance(), new ExplainedVariance());
        foreach (var sweep in assessed)
        {
            var mask = sweep.Sweep.SubthresholdMask();
            model.Add(sweep.Potential, sweep.Sweep.Potential, mask);
            membrane.Add(sweep.PassivePotential, sweep.Sweep.Potential, mask);
        }

        return new(model.Value, membrane.Value, SpikeScores.Of(assessed, plan.SpikePrecision), assessed);
    }

    private SweepAssessment Assess(PreparedSweep sweep)
    {
        var isRandom = step.Step.Inputs.Any(static i => i.Kind == IrInputKind.Noise);
        var runs = Enumerable.Range(0, isRandom && HasSpikes ? RandomRuns : 1).Chunk(Math.Clamp(MostSamples / sweep.Steps, 1, RandomRuns)).SelectMany(chunk => Run(sweep, chunk)).ToList();
        var explained = new ExplainedVariance();
        explained.Add(runs[0].Potential, sweep.Potential, sweep.SubthresholdMask());
        return new(sweep, runs[0].Potential, [.. runs.Select(static r => r.Spikes)], explained.Value, passive.Predict(sweep.AsPassiveTrace()));
    }

    /// <summary>Runs of a sweep side by side, each with random numbers of its own.</summary>
    private IEnumerable<(double[] Potential, int[] Spikes)> Run(PreparedSweep sweep, int[] runs)
    {
        var random = plan.NoiseOf(sweep);
        var noise = runs.Select(run => NoiseSignals.Draw(step.Step, sweep.Steps, run == 0 ? random : random.Split($"run.{run}"))).ToList();
        using var trace = new Trace(
            sweep.Steps,
            new Dictionary<string, double[]> { [FitPlan.StimulusPort(plan.Model)] = sweep.Current },
            new Dictionary<string, double> { ["data.initial.V"] = sweep.InitialPotential },
            plan.Precision,
            noise[0].Keys.ToDictionary(static name => name, name => noise.Select(n => n[name]).ToArray()));
        var recorded = simulator.Run(trace, new Dictionary<string, double[]>(), runs.Length);
        return [.. runs.Select((_, lane) => (recorded["V"][lane], HasSpikes ? Spikes(recorded["spike"][lane]) : []))];
    }

    private static int[] Spikes(double[] fired) => [.. Enumerable.Range(0, fired.Length).Where(t => fired[t] > 0.5)];
}
