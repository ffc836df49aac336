using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Formats.Nwb;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;

namespace BrainModular.Bench.Fits;

/// <summary>
/// The targets that Wang et al. 2024 (10.48550/arXiv.2406.19708, tables S2 and S3) fit, which their models make themselves, written as
/// recordings. Sample k is the state before step k.
/// </summary>
internal static class PaperTargets
{
    private const double GifTimeStep = 0.1;

    private static readonly DateTimeOffset Written = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes hodgkin-huxley.nwb, gif.nwb and, with spike-triggered currents, gif-currents.nwb.</summary>
    /// <param name="inputs">The table of currents for the Hodgkin-Huxley model.</param>
    /// <param name="folder">Where the files go.</param>
    public static void Write(string inputs, string folder)
    {
        Directory.CreateDirectory(folder);
        var hodgkinHuxley = new HodgkinHuxleyCase(inputs);
        Write(Path.Combine(folder, "hodgkin-huxley.nwb"), HodgkinHuxleyCase.TimeStep, [.. hodgkinHuxley.Traces]);
        Gif(Path.Combine(folder, "gif.nwb"), Currents(), new());
        Gif(Path.Combine(folder, "gif-currents.nwb"), Currents(), new() { ["A1"] = 0.4, ["A2"] = -0.1 });
    }

    /// <summary>Writes what the generalised integrate-and-fire neuron makes of currents in nA.</summary>
    /// <returns>How often it spikes.</returns>
    public static int Gif(string path, IEnumerable<double[]> currents, Dictionary<string, double> parameters)
    {
        var neurons = DefaultCatalog.Of(new NeuronsPlugin(), ("thresholdFloor", "always"));
        var model = ModelTracer.Trace("mihalas-niebur", neurons.Create<INeuronModel>("mihalas-niebur"), neurons.Create<ISurrogate>("sigmoid"));
        IReadOnlyList<(double[] Current, double[] Potential, int Spikes)> sweeps = [.. currents.Select(current =>
        {
            var (potential, spikes) = Simulate(model, current, parameters);
            return (current, potential, spikes);
        })];
        Write(path, GifTimeStep, [.. sweeps.Select(static s => (s.Current, s.Potential))]);
        Console.WriteLine($"{Path.GetFileName(path)}: {string.Join(", ", sweeps.Select(static s => s.Spikes))} spikes");
        return sweeps.Sum(static s => s.Spikes);
    }

    private static (double[] Potential, int Spikes) Simulate(ModelDefinition model, double[] current, Dictionary<string, double> parameters)
    {
        var step = StepFunction.Build(model, new(GifTimeStep, Integrator.All.First(static i => i.Name == "exponential-euler"), parameters));
        var simulator = new Simulator(step, GifTimeStep, Precision.Double, CompileOptions.Default, ["V", "spike"]);
        using var trace = new Trace(current.Length, new Dictionary<string, double[]> { ["I"] = current }, new Dictionary<string, double>(), Precision.Double);
        var recorded = simulator.Run(trace, new Dictionary<string, double[]>(), 1);
        return (recorded["V"][0], recorded["spike"][0].Count(static s => s > 0.5));
    }

    /// <summary>Five currents of 1 s in nA: a short and a long step, a staircase, pulses of both signs, a release from inhibition.</summary>
    private static IEnumerable<double[]> Currents() =>
    [
        Pieces((2, 200), (0, 800)),
        Pieces((1.5, 500), (0, 500)),
        Pieces((1.5, 100), (0, 500), (0.5, 100), (1, 100), (1.5, 100), (0, 100)),
        Pieces([.. Enumerable.Range(0, 10).SelectMany(static _ => new[] { (1.5, 20), (0, 30), (-1.5, 20), (0, 30) })]),
        Pieces((0, 50), (-3.5, 750), (0, 200)),
    ];

    private static double[] Pieces(params (double Current, int Milliseconds)[] pieces) =>
        [.. pieces.SelectMany(static p => Enumerable.Repeat(p.Current, (int)(p.Milliseconds / GifTimeStep)))];

    private static void Write(string path, double timeStep, IReadOnlyList<(double[] Current, double[] Potential)> sweeps)
    {
        var rate = Math.Round(1000 / timeStep);
        using var nwb = NwbWriter.Create(path, new(Path.GetFileNameWithoutExtension(path), "a target that the model made itself", Written, Written, "a model"));
        foreach (var (number, (current, potential)) in sweeps.Index())
        {
            nwb.Stimulus(number, rate, [.. current.Select(static i => i * 1e-9)], "current");
            nwb.Recorded(number, rate, [.. potential.Select(static v => v * 1e-3)], "potential");
        }

        nwb.Commit();
    }
}
