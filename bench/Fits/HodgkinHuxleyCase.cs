using System.Globalization;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;
using BrainModular.Plugins.Optimizers;

namespace BrainModular.Bench.Fits;

/// <summary>The Hodgkin-Huxley fit of Wang et al. 2024 (10.48550/arXiv.2406.19708) on a target that the model makes itself: 4 parameters, 5 traces of 0.01 ms.</summary>
internal sealed class HodgkinHuxleyCase
{
    public const double TimeStep = 0.01;
    private const int Samples = 1497;

    private static readonly Dictionary<string, double> True = new() { ["gL"] = 0.0083637, ["gNa"] = 24.6977, ["gK"] = 5.8149, ["Vth"] = -55.3109 };

    private readonly ModelDefinition model;
    private readonly LossDefinition loss;
    private readonly IReadOnlyList<PreparedSweep> sweeps;

    public HodgkinHuxleyCase(string inputs)
    {
        var surrogate = DefaultCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>("sigmoid");
        model = Model();
        loss = ModelTracer.Trace(
            "voltage-mean-squared-error", DefaultCatalog.Of(new LossesPlugin()).Create<ILoss>("voltage-mean-squared-error"), model, surrogate);
        sweeps = [.. Read(inputs).Select((current, i) => new PreparedSweep(i, TimeStep, current, Simulate(current), [.. current.Select(static _ => true)], [], 0))];
    }

    /// <summary>The fitted parameters with the paper's bounds.</summary>
    public static IReadOnlyList<FreeParameter> Free { get; } =
    [
        .. new[] { "gL", "gNa", "gK", "Vth" }.Select(static n => Model().FindParameter(n)!)
            .Select(static p => new FreeParameter(p.Name, p.Bounds.Lower.InEngineUnits, p.Bounds.Upper.InEngineUnits, p.Scale)),
    ];

    /// <summary>The model's own values of them.</summary>
    public static IReadOnlyDictionary<string, double> Defaults { get; } = Free.ToDictionary(static f => f.Name, static f => Model().FindParameter(f.Name)!.Default.InEngineUnits);

    /// <summary>Currents in nA and the target's potentials in mV.</summary>
    public IEnumerable<(double[] Current, double[] Potential)> Traces => sweeps.Select(static s => (s.Current, s.Potential));

    public int Spikes => sweeps.Sum(static s => Enumerable.Range(1, s.Steps - 1).Count(t => s.Potential[t] > 0 && s.Potential[t - 1] <= 0));

    /// <summary>Fits from random starts; the first of them, the model's defaults, is left out of the count.</summary>
    public (int Recovered, double WorstLoss, int Evaluations, long Steps) Run(ulong seed, int starts, int threads)
    {
        using var fit = new RecordingFit(Plan("l-bfgs-b", new Dictionary<string, double>(), starts, threads, seed));
        var result = fit.Run(static _ => { });
        var recovered = result.Starts.Where(static s => s.Loss < 1e-10 && s.Values.All(v => Math.Abs((v.Value / True[v.Key]) - 1) < 1e-3)).ToList();
        return (recovered.Count, recovered.Max(static s => s.Loss), result.Starts.Sum(static s => s.Evaluations), result.SimulatedSteps);
    }

    /// <summary>Fits from one start until a loss is reached, tracing and compiling included.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    public void RunTo(double level, string optimizer, IReadOnlyDictionary<string, double> start, int threads, ulong seed)
    {
        using var reached = new CancellationTokenSource();
        using var fit = new RecordingFit(Plan(optimizer, start, starts: 1, threads, seed));
        double loss;
        try
        {
            loss = fit.Run(progress =>
            {
                if (progress.BestLoss <= level)
                {
                    reached.Cancel();
                    reached.Token.ThrowIfCancellationRequested();
                }
            }).Best.Loss;
        }
        catch (OperationCanceledException) when (reached.IsCancellationRequested)
        {
            return;
        }

        throw new InvalidOperationException($"{optimizer} ended at a loss of {loss}");
    }

    private static ModelDefinition Model()
    {
        var neurons = DefaultCatalog.Of(new NeuronsPlugin());
        return ModelTracer.Trace("hodgkin-huxley", neurons.Create<INeuronModel>("hodgkin-huxley"), neurons.Create<ISurrogate>("sigmoid"));
    }

    private FitPlan Plan(string optimizer, IReadOnlyDictionary<string, double> start, int starts, int threads, ulong seed) => new(
        model, loss, sweeps, Free, new Dictionary<string, double>(), start, starts,
        () => DefaultCatalog.Of(new OptimizersPlugin()).Create<IOptimizer>(optimizer),
        Method, InitialFromData: false, Coupling: null, Precision.Double, threads, new PhiloxStream(seed));

    private static Integrator Method => Integrator.All.First(static i => i.Name == "exponential-euler");

    private double[] Simulate(double[] current)
    {
        var simulator = new Simulator(StepFunction.Build(model, new(TimeStep, Method, True)), TimeStep, Precision.Double, CompileOptions.Default, ["V"]);
        using var trace = new Trace(current.Length, new Dictionary<string, double[]> { ["I"] = current }, new Dictionary<string, double>(), Precision.Double);
        return simulator.Run(trace, new Dictionary<string, double[]>(), 1)["V"][0];
    }

    /// <summary>Rows of an index and currents in A.</summary>
    private static IEnumerable<double[]> Read(string file) => File.ReadLines(file).Skip(1).Select(static line =>
        line.Split(',').Skip(1).Take(Samples).Select(static n => 1e9 * double.Parse(n, CultureInfo.InvariantCulture)).ToArray());
}
