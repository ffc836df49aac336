using System.Globalization;
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
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>
/// The Hodgkin-Huxley fit of Wang et al. 2024 (10.48550/arXiv.2406.19708): four parameters, five traces of 1497 steps of 0.01 ms, here with
/// the loss over every sample.
/// </summary>
public sealed class HodgkinHuxleyFitTests
{
    private const double TimeStep = 0.01;
    private static readonly Dictionary<string, double> True = new() { ["gL"] = 0.0083637, ["gNa"] = 24.6977, ["gK"] = 5.8149, ["Vth"] = -55.3109 };

    [SkippableTheory]
    [InlineData("l-bfgs-b")]
    [InlineData("levenberg-marquardt")]
    public void Nineteen_of_twenty_random_starts_recover_the_parameters_of_noise_free_traces(string optimizer)
    {
        var model = Model();
        var sweeps = Inputs().Select((input, i) => Sweep(i, input, Simulate(model, input))).ToList();
        using var fit = new RecordingFit(Plan(model, sweeps, starts: 21, optimizer));
        var result = fit.Run(static _ => { });
        Assert.Contains(Simulate(model, Inputs()[0]), static v => v > 0);

        // The first start begins at the defaults; the other twenty are random.
        var recovered = result.Starts.Count(s => s.Loss < 1e-10 && s.Values.All(v => Math.Abs(v.Value / True[v.Key] - 1) < 1e-3));
        Assert.True(recovered >= 20, $"{recovered} of 21 starts: {string.Join(", ", result.Starts.Select(s => FormattableString.Invariant($"{s.Loss:g3} ({s.Evaluations}, {s.Reason}, {string.Join(" ", s.Values.Values.Select(v => v.ToString("g3", CultureInfo.InvariantCulture)))})")))}");
    }

    [SkippableFact]
    public void The_noisy_traces_are_fitted_down_to_their_noise()
    {
        var model = Model();
        var sweeps = Inputs().Zip(Read("output_traces_hh.csv")).Select((pair, i) => Sweep(i, pair.First, pair.Second)).ToList();
        using var fit = new RecordingFit(Plan(model, sweeps, starts: 20));
        var best = fit.Run(static _ => { }).Best;
        Assert.InRange(best.Loss, 0.9, 1.01);
        Assert.InRange(best.Values["gNa"], 18, 22);
    }

    private static ModelDefinition Model() => ModelTracer.Trace(
        "hodgkin-huxley",
        RecordingCatalog.Of(new NeuronsPlugin()).Create<INeuronModel>("hodgkin-huxley"),
        RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>("sigmoid"));

    private static FitPlan Plan(ModelDefinition model, IReadOnlyList<PreparedSweep> sweeps, int starts, string optimizer = "l-bfgs-b")
    {
        var losses = RecordingCatalog.Of(new LossesPlugin());
        var surrogate = RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>("sigmoid");
        return new(
            model,
            ModelTracer.Trace("voltage-mean-squared-error", losses.Create<ILoss>("voltage-mean-squared-error"), model, surrogate),
            sweeps,
            [.. True.Keys.Select(n => model.FindParameter(n)!).Select(static p => new FreeParameter(p.Name, p.Bounds.Lower.InEngineUnits, p.Bounds.Upper.InEngineUnits, p.Scale))],
            new Dictionary<string, double>(),
            new Dictionary<string, double>(),
            starts,
            () => RecordingCatalog.Of(new OptimizersPlugin()).Create<IOptimizer>(optimizer),
            Integrator.All.First(static i => i.Name == "exponential-euler"),
            InitialFromData: false,
            Coupling: null,
            Precision.Double,
            Threads: 2,
            new CountingStream(1));
    }

    private static double[] Simulate(ModelDefinition model, double[] input)
    {
        var step = StepFunction.Build(model, new(TimeStep, Integrator.All.First(static i => i.Name == "exponential-euler"), True));
        using var trace = new Engine.Learning.Trace(input.Length, new Dictionary<string, double[]> { ["I"] = input }, new Dictionary<string, double>(), Precision.Double);
        return new Engine.Simulation.Simulator(step, TimeStep, Precision.Double, Engine.Kernels.CompileOptions.Default, ["V"]).Run(trace, new Dictionary<string, double[]>(), 1)["V"][0];
    }

    private static PreparedSweep Sweep(int number, double[] input, double[] potential) =>
        new(number, TimeStep, input, potential, [.. input.Select(static _ => true)], [], potential[0]);

    /// <summary>The recorded inputs, in nA.</summary>
    private static IReadOnlyList<double[]> Inputs() => [.. Read("input_traces_hh.csv").Select(static row => row.Select(static i => i * 1e9).ToArray())];

    private static IReadOnlyList<double[]> Read(string file) =>
    [
        .. File.ReadLines(RealData.Require("icephys-brian2mf-hh-traces", "neuron_traces", file)).Skip(1)
            .Select(static line => line.Split(',').Skip(1).Select(static n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray()),
    ];
}
