using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>A model that fires at random is assessed by several runs of each sweep.</summary>
public sealed class RandomRunsTests
{
    private const int Steps = 120_000;

    [Theory]
    [InlineData(Precision.Double)]
    [InlineData(Precision.Single)]
    public void Runs_side_by_side_have_the_spikes_and_the_potential_that_each_has_alone(Precision precision)
    {
        var model = ModelTracer.Trace("gif-pozzorini", RecordingCatalog.Of(new NeuronsPlugin()).Create<INeuronModel>("gif-pozzorini", ("firing", "escape")), TinyFit.Surrogate);
        double[] current = [.. Enumerable.Range(0, Steps).Select(static t => 0.15 + (0.1 * Math.Sin(t / 300.0)))];
        var sweep = new PreparedSweep(7, TinyFit.TimeStep, current, [.. current.Select(static _ => -65.0)], [.. current.Select(static _ => true)], [], -65);
        var plan = TinyFit.Plan(model: model, free: []) with { Train = [sweep], Precision = precision, Random = new PhiloxStream(11) };

        var assessed = Assert.Single(new FitAssessor(plan, new Dictionary<string, double>()).Assess([sweep]).Sweeps);
        Assert.Equal(20, assessed.Realizations.Count);
        Assert.All(assessed.Realizations, static spikes => Assert.InRange(spikes.Length, 10, 1000));
        Assert.True(assessed.Realizations.Select(static spikes => string.Join(' ', spikes)).Distinct().Count() == 20, "the runs are not random");

        foreach (var run in new[] { 0, 1, 16, 19 })
        {
            var (potential, spikes) = Alone(plan, sweep, run);
            Assert.Equal(spikes, assessed.Realizations[run]);
            if (run == 0)
            {
                Assert.Equal(potential, assessed.Potential);
            }
        }
    }

    private static (double[] Potential, int[] Spikes) Alone(FitPlan plan, PreparedSweep sweep, int run)
    {
        var step = StepFunction.Build(plan.Model, new(TinyFit.TimeStep, plan.Integrator, InitialFromData: ["V"], SharedInputs: true));
        var random = plan.NoiseOf(sweep);
        using var trace = new Trace(
            sweep.Steps,
            NoiseSignals.Beside(new Dictionary<string, double[]> { ["I"] = sweep.Current }, step.Step, sweep.Steps, run == 0 ? random : random.Split($"run.{run}")),
            new Dictionary<string, double> { ["data.initial.V"] = sweep.InitialPotential },
            plan.Precision);
        var recorded = new Simulator(step, TinyFit.TimeStep, plan.Precision, CompileOptions.Default, ["V", "spike"]).Run(trace, new Dictionary<string, double[]>(), lanes: 1);
        return (recorded["V"][0], [.. Enumerable.Range(0, sweep.Steps).Where(t => recorded["spike"][0][t] > 0.5)]);
    }
}
