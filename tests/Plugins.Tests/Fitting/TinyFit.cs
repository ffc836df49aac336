using BrainModular.Engine.Fitting;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Random;
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

/// <summary>A leaky neuron beside two short sweeps that another one made: a fit that takes milliseconds.</summary>
internal static class TinyFit
{
    public const double TimeStep = 0.1;
    private const int Steps = 300;

    public static readonly ISurrogate Surrogate = RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>("sigmoid");

    public static FitPlan Plan(int starts = 3, int threads = 1, Coupling? coupling = null, ModelDefinition? model = null, IReadOnlyList<FreeParameter>? free = null, string optimizer = "l-bfgs-b")
    {
        model ??= Leaky();
        return new(
            model,
            ModelTracer.Trace("voltage-mean-squared-error", RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>("voltage-mean-squared-error"), model, Surrogate),
            [Sweep(1, 0.05), Sweep(2, -0.1)],
            free ?? [.. new[] { "R", "tauM", "EL" }.Select(n => model.FindParameter(n)!).Select(static p => new FreeParameter(p.Name, p.Bounds.Lower.InEngineUnits, p.Bounds.Upper.InEngineUnits, p.Scale))],
            new Dictionary<string, double>(),
            new Dictionary<string, double>(),
            starts,
            () => RecordingCatalog.Of(new OptimizersPlugin()).Create<IOptimizer>(optimizer, ("maxIterations", 12)),
            Integrator.All.First(static i => i.Name == "exponential-euler"),
            InitialFromData: true,
            coupling,
            Precision.Double,
            threads,
            new PhiloxStream(5));
    }

    /// <summary>A fit's state between two rounds of evaluations.</summary>
    public static byte[] Saved(RecordingFit fit)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        fit.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }

    /// <param name="surrogate">Its surrogate; null: <see cref="Surrogate"/>.</param>
    public static ModelDefinition Leaky(string? surrogate = null)
    {
        var plugin = RecordingCatalog.Of(new NeuronsPlugin());
        return ModelTracer.Trace("leaky-integrate-and-fire", plugin.Create<INeuronModel>("leaky-integrate-and-fire"), surrogate is null ? Surrogate : plugin.Create<ISurrogate>(surrogate));
    }

    /// <summary>tau = 13 ms, R = 70 MOhm, rest -68 mV.</summary>
    private static PreparedSweep Sweep(int number, double amplitude)
    {
        var (current, potential, v) = (new double[Steps], new double[Steps], -68.0);
        for (var k = 0; k < Steps; k++)
        {
            current[k] = k is >= 50 and < 200 ? amplitude : 0;
            potential[k] = v;
            var target = -68 + (70 * current[k]);
            v = target + ((v - target) * Math.Exp(-TimeStep / 13));
        }

        return new(number, TimeStep, current, potential, [.. current.Select(static _ => true)], [], -68);
    }
}
