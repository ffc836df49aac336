using BrainModular.Engine.Fitting;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Plugins.Losses;
using BrainModular.Plugins.Neurons;
using BrainModular.Plugins.Tests.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>A neuron with escape noise fires to a fluctuating current; its parameters are found again from its potential and its spikes.</summary>
public sealed class SpikeLikelihoodFitTests
{
    private const double TimeStep = 0.1;
    private static readonly (string Name, double Value)[] Cell =
    [
        ("C", 0.15), ("gL", 0.008), ("EL", -62), ("Vreset", -58), ("VTstar", -47), ("DeltaV", 1.4), ("tauEta1", 40), ("qEta1", 0.03), ("tauGamma1", 60), ("qGamma1", 6),
    ];

    [Fact]
    public void The_potential_gives_the_membrane_and_the_spikes_give_the_threshold()
    {
        var model = EngineRun.Model("gif-pozzorini", ("currents", 1), ("thresholds", 1), ("firing", "escape"));
        var sweep = Recorded(model);
        Assert.InRange(sweep.Spikes.Length, 75, 200);

        var membrane = Fit(model, sweep, "voltage-mean-squared-error", ["C", "gL", "EL", "Vreset", "tauEta1", "qEta1"], new Dictionary<string, double>());
        Assert.All(membrane, static found => Assert.Equal(TrueValue(found.Key), found.Value, 1e-4 * Math.Abs(TrueValue(found.Key))));

        // The likelihood is concave in all but time constants. What some 130 spikes tell: of the threshold a fraction of a millivolt.
        var known = membrane.Append(new("tauGamma1", TrueValue("tauGamma1"))).ToDictionary();
        var threshold = Fit(model, sweep, "spike-likelihood", ["VTstar", "DeltaV", "qGamma1"], known);
        Assert.Equal(-47, threshold["VTstar"], 0.6);
        Assert.Equal(1.4, threshold["DeltaV"], 0.3);
        Assert.Equal(6, threshold["qGamma1"], 1.2);
    }

    private static double TrueValue(string name) => Cell.First(c => c.Name == name).Value;

    private static IReadOnlyDictionary<string, double> Fit(
        ModelDefinition model, PreparedSweep sweep, string loss, string[] free, IReadOnlyDictionary<string, double> known)
    {
        var surrogate = RecordingCatalog.Of(new NeuronsPlugin()).Create<ISurrogate>("sigmoid");
        var plan = TinyFit.Plan(starts: 1, model: model, free: [.. free.Select(n => model.FindParameter(n)!).Select(static p => new FreeParameter(p.Name, p.Bounds.Lower.InEngineUnits, p.Bounds.Upper.InEngineUnits, p.Scale))]) with
        {
            Loss = ModelTracer.Trace(loss, RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>(loss), model, surrogate),
            Train = [sweep],
            Fixed = known,
            Optimizer = static () => Optimizers.Drive.Create("l-bfgs-b"),
            RecordedSpikes = true,
        };
        using var fit = new RecordingFit(plan);
        return fit.Run(static _ => { }).Best.Values;
    }

    /// <summary>10 s of a current with a correlation time of 3 ms.</summary>
    private static PreparedSweep Recorded(ModelDefinition model)
    {
        const int steps = 100_000;
        var (random, x, current) = (new PhiloxStream(3), 0.0, new double[steps]);
        for (var t = 0; t < steps; t++)
        {
            current[t] = 0.1 + x;
            x += (-x * TimeStep / 3) + (0.3 * Math.Sqrt(2 * TimeStep / 3) * random.Normal());
        }

        var run = EngineRun.Of(model, "exponential-euler", TimeStep, steps * TimeStep, t => current[(int)Math.Round(t / TimeStep)], Cell);
        int[] spikes = [.. run.Spikes.Select(static s => (int)Math.Round(s / TimeStep))];
        return new(1, TimeStep, current, run["V"], [.. current.Select(static _ => true)], spikes, run["V"][0]);
    }
}
