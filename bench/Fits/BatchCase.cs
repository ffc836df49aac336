using System.Globalization;
using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;

namespace BrainModular.Bench.Fits;

/// <summary>Loss and gradient of many candidates at once, over 20 s of a noise current and of the potential that the model itself has with its defaults.</summary>
internal sealed class BatchCase
{
    private const double Seconds = 20;

    // Of the noise current: a mean and a standard deviation in nA at which each of the models fires.
    private static readonly Dictionary<string, Settings> All = new()
    {
        ["gif"] = new("mihalas-niebur", 0.1, 1.0, 0.8, ["a", "b", "k1", "k2"], [], new() { ["A1"] = 0.4, ["A2"] = -0.1 }, true),
        ["gif-pozzorini"] = new(
            "gif-pozzorini", 0.1, 0.15, 0.3, ["C", "gL", "EL", "Vreset", "qEta1", "tauEta1", "qEta2", "tauEta2", "qEta3", "tauEta3"], [("currents", 3)], [], true),
        ["hodgkin-huxley"] = new("hodgkin-huxley", 0.025, 0.5, 1.0, ["gL", "gNa", "gK", "Vth"], [], [], false),
    };

    private readonly string name;
    private readonly string resets;
    private readonly Settings settings;
    private readonly ModelDefinition model;
    private readonly LossDefinition loss;
    private readonly IReadOnlyList<FreeParameter> free;

    /// <param name="name">The case.</param>
    /// <param name="resets">What resets the model: recording, model for its own spikes, held for these without gradients through them; null: as the case has it.</param>
    public BatchCase(string name, string? resets = null)
    {
        (this.name, this.resets, settings) = (name, resets ?? (All[name].RecordedSpikes ? "recording" : "model"), All[name]);
        var neurons = DefaultCatalog.Of(new NeuronsPlugin(), settings.Choices);
        var surrogate = neurons.Create<ISurrogate>("sigmoid");
        model = ModelTracer.Trace(settings.Model, neurons.Create<INeuronModel>(settings.Model), surrogate);
        loss = ModelTracer.Trace(
            "voltage-mean-squared-error", DefaultCatalog.Of(new LossesPlugin()).Create<ILoss>("voltage-mean-squared-error"), model, surrogate);
        free = [.. settings.Free.Select(n => model.FindParameter(n)!).Select(static p => new FreeParameter(p.Name, p.Bounds.Lower.InEngineUnits, p.Bounds.Upper.InEngineUnits, p.Scale))];
    }

    /// <summary>Evaluates a batch in each of several rounds, prints each of them, and gives the most memory that the process held beyond what it had before.</summary>
    public void Run(int candidates, int rounds, int threads, Precision precision)
    {
        var before = Status("VmRSS");
        var steps = (int)(Seconds * 1000 / settings.TimeStep);
        var current = Current(steps);
        var (potential, fired) = Simulate(current);
        var step = StepFunction.Build(model, loss, null, new(
            settings.TimeStep, Method, settings.Fixed, free.ToDictionary(static f => f.Name, static _ => ParameterBinding.PerElement), SharedInputs: true, RecordedSpikes: resets == "recording", HeldResets: resets == "held"));
        var program = new TrainingProgram(TrainingFunctions.Derive(step), settings.TimeStep, precision, CompileOptions.Default);
        var signals = new Dictionary<string, double[]> { ["I"] = current, ["data.V"] = potential, ["data.spike"] = fired, ["weight"] = [.. current.Select(static _ => 1.0)] };
        using var trace = new Trace(steps, signals, new Dictionary<string, double>(), precision);
        IReadOnlyList<FreeParameter> ordered = [.. program.Functions.Parameters.Select(name => free.First(f => f.Name == name))];
        using var evaluator = new LossEvaluator(program, [trace], ordered, threads) { TotalWeight = steps };
        var batch = Candidates(ordered, candidates);
        for (var round = 1; round <= rounds; round++)
        {
            var (watch, cpu) = (System.Diagnostics.Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var found = evaluator.Evaluate(batch, withGradient: true);
            var (seconds, used) = (watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
            var finite = found.Count(static e => double.IsFinite(e.Loss) && e.Gradient!.All(double.IsFinite));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"case\":\"{name}\",\"resets\":\"{resets}\",\"round\":{round},\"candidates\":{candidates},\"steps\":{steps},\"precision\":\"{precision}\",\"threads\":{threads},\"wall_s\":{seconds:0.00},\"cpu_s\":{used:0.00},\"ns_per_step\":{used / candidates / steps * 1e9:0.0},\"peak_bytes\":{Status("VmHWM") - before},\"finite\":{finite},\"largestGradient\":{found.Max(static e => e.Gradient!.Max(Math.Abs)):g4},\"spikes\":{fired.Sum()}}}"));
        }
    }

    /// <summary>Within a tenth of the bounds' width around the defaults.</summary>
    private IReadOnlyList<double[]> Candidates(IReadOnlyList<FreeParameter> ordered, int count)
    {
        var random = new PhiloxStream(1);
        return [.. Enumerable.Range(0, count).Select(_ => ordered.Select(f => Math.Clamp(f.Coordinate(model.FindParameter(f.Name)!.Default.InEngineUnits) + (0.2 * (random.Uniform() - 0.5)), 0, 1)).ToArray())];
    }

    /// <summary>An Ornstein-Uhlenbeck process with 3 ms, in nA.</summary>
    private double[] Current(int steps)
    {
        var random = new PhiloxStream(2);
        var decay = Math.Exp(-settings.TimeStep / 3);
        var current = new double[steps];
        var x = 0.0;
        for (var t = 0; t < steps; t++)
        {
            x = (decay * x) + (Math.Sqrt(1 - (decay * decay)) * random.Normal());
            current[t] = settings.Mean + (settings.Deviation * x);
        }

        return current;
    }

    private (double[] Potential, double[] Spikes) Simulate(double[] current)
    {
        var simulator = new Simulator(StepFunction.Build(model, new(settings.TimeStep, Method, settings.Fixed)), settings.TimeStep, Precision.Double, CompileOptions.Default, ["V", "spike"]);
        using var trace = new Trace(current.Length, new Dictionary<string, double[]> { ["I"] = current }, new Dictionary<string, double>(), Precision.Double);
        var recorded = simulator.Run(trace, new Dictionary<string, double[]>(), 1);
        return (recorded["V"][0], recorded["spike"][0]);
    }

    private static Integrator Method => Integrator.All.First(static i => i.Name == "exponential-euler");

    private static long Status(string field) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").First(l => l.StartsWith(field, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);

    private sealed record Settings(
        string Model, double TimeStep, double Mean, double Deviation, IReadOnlyList<string> Free, (string Key, object Value)[] Choices, Dictionary<string, double> Fixed, bool RecordedSpikes);
}
