using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;
using BrainModular.Plugins.Optimizers;
using BrainModular.Plugins.Recordings;
using BrainModular.Recordings;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Neurons fitted to recorded cells by a search and a descent after it, every third sweep held out; <c>docs/recordings.md</c> tells what other settings gave.</summary>
public sealed class RealRecordingFitTests
{
    private static readonly string[] Interneuron = ["icephys-lantyer2018", "LantyerEtAl2018_180817_ME_9_CC.nwb"];
    private static readonly string[] Pyramidal = ["icephys-ferguson2015", "FergusonEtAl2015_PYR2.nwb"];

    [SkippableTheory]
    [InlineData("generalized-integrate-and-fire")]
    [InlineData("hodgkin-huxley")]
    public void Interneuron_held_out_is_explained_to_98_percent(string neuron) => Fit(neuron, Interneuron, 0.98);

    [SkippableTheory]
    [InlineData("generalized-integrate-and-fire")]
    [InlineData("hodgkin-huxley")]
    public void Pyramidal_cell_held_out_is_explained_to_99_percent(string neuron) => Fit(neuron, Pyramidal, 0.99);

    private static void Fit(string neuron, string[] file, double required)
    {
        var (train, test) = Sweeps(RealData.Require(file));
        var neurons = RecordingCatalog.Of(new NeuronsPlugin());
        var surrogate = neurons.Create<ISurrogate>("none");
        var model = ModelTracer.Trace(neuron, neurons.Create<INeuronModel>(neuron), surrogate);
        var loss = RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>("voltage-mean-squared-error");
        var plan = new FitPlan(
            model,
            ModelTracer.Trace("voltage-mean-squared-error", loss, model, surrogate),
            train,
            [.. model.Parameters.Select(static p => new FreeParameter(p.Name, p.Bounds.Lower.InEngineUnits, p.Bounds.Upper.InEngineUnits, p.Scale))],
            new Dictionary<string, double>(),
            new Dictionary<string, double>(),
            Starts: 2,
            static () => Optimizer("l-bfgs-b", ("maxIterations", 60), ("ftol", 1e-6)),
            Integrator.All.First(static i => i.Name == "exponential-euler"),
            InitialFromData: true,
            Coupling: null,
            Precision.Double,
            Threads: 2,
            new CountingStream(1))
        {
            Search = static () => Optimizer("differential-evolution", ("population", 64), ("maxGenerations", 100)),
            SpikeWeight = 0,
        };
        using var fit = new RecordingFit(plan);
        var best = fit.Run(static _ => { }).Best;
        var assessed = new FitAssessor(plan, best.Values).Assess(test);
        Assert.Contains(test, static s => s.Spikes.Length > 0);
        Assert.True(
            assessed.ExplainedVariance >= required && assessed.ExplainedVariance > assessed.PassiveExplainedVariance,
            FormattableString.Invariant($"{assessed.ExplainedVariance:f5} beside {assessed.PassiveExplainedVariance:f5} of the passive membrane; training loss {best.Loss:g4}"));
    }

    private static IOptimizer Optimizer(string name, params (string, object)[] settings) => RecordingCatalog.Of(new OptimizersPlugin()).Create<IOptimizer>(name, settings);

    private static (IReadOnlyList<PreparedSweep> Train, IReadOnlyList<PreparedSweep> Test) Sweeps(string path)
    {
        using var recording = new NwbRecordingLoader().Open(path);
        var sweeps = recording.Sweeps.Where(static s => s.Mode == ClampMode.CurrentClamp && s.Stimulus is not null).Select(sweep =>
        {
            var (data, interval) = (recording.Read(sweep, 0, long.MaxValue), 1000 / sweep.SamplingRate);
            return PreparedSweep.Prepare(sweep.Number, data.Current, data.Potential, interval, PreparedSweep.DefaultTimeStep(interval));
        }).ToList();
        return ([.. sweeps.Where(static (_, i) => i % 3 != 2)], [.. sweeps.Where(static (_, i) => i % 3 == 2)]);
    }
}
