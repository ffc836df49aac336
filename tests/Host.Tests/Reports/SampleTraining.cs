using BrainModular.Engine.Statistics;
using BrainModular.Host.Reports;

namespace BrainModular.Host.Tests.Reports;

/// <summary>A training as a stage would fill it: cues from the left or the right, a delay, an answer.</summary>
internal static class SampleTraining
{
    private const int Steps = 2200;
    private const int ResponseStart = 2050;

    public static ReportStage Stage(string name = "train", int seed = 1) => new(name, "train")
    {
        Headlines = [new("Accuracy on fresh trials", "97.00 %", "97.50 % in validation"), new("Trials", "12800"), new("Weights that break Dale's law", "0", Passed: true)],
        Training = Training(seed),
    };

    public static ReportTraining Training(int seed)
    {
        var random = new System.Random(seed);
        double[] batches = [.. Enumerable.Range(1, 100).Select(static b => 128.0 * b)];
        double[] validated = [.. Enumerable.Range(0, 11).Select(static b => 1280.0 * b)];
        double Loss(double trials, double noise) => (0.7 * Math.Exp(-trials / 4000)) + 0.05 + (noise * random.NextDouble());
        return new("accuracy")
        {
            Figures = [("Accuracy on fresh trials", "97.00 %"), ("Loss on fresh trials", "0.081"), ("Trials trained on", "12800"), ("Time", "2 min 3 s"), ("Rate of E", "11.2 Hz"), ("Rate of I", "18.4 Hz"), ("Weights against their sign", "0")],
            Curves = new()
            {
                Trials = batches, Loss = [.. batches.Select(t => Loss(t, 0.08))], Accuracy = [.. batches.Select(t => 1 - (0.6 * Loss(t, 0.08)))],
                ValidationTrials = validated, ValidationLoss = [.. validated.Select(t => Loss(t, 0))], ValidationAccuracy = [.. validated.Select(t => 1 - (0.6 * Loss(t, 0)))],
                Rates = [new("E", batches.Select(t => 4 + (8 * (1 - Loss(t, 0.2)))).ToArray()), new("I", batches.Select(t => 9 + (9 * (1 - Loss(t, 0.2)))).ToArray())],
            },
            Comparison = new("d-rtrl", 0.97 - (0.01 * seed), 0.081, 12800, 123, 33_600_000),
            Trial = Trial(random),
            Weights =
            [
                Weights("input-E", "nS", "positive", () => Math.Abs(Normal(random)), () => Math.Abs(Normal(random)) * 1.2),
                Weights("E-E", "nS", "positive", () => 0.5 * Math.Abs(Normal(random)), () => 0.4 * Math.Exp(0.8 * Normal(random))),
                Weights("I-E", "nS", "positive", () => 2 * Math.Abs(Normal(random)), () => 1.6 * Math.Exp(0.5 * Normal(random))),
                Weights("E-readout", "1", "any", () => 0.08 * Normal(random), () => 0.09 * Normal(random)),
            ],
        };
    }

    private static ReportTrial Trial(System.Random random)
    {
        (int, int)[] Poisson(int units, Func<int, int, double> rate) =>
            [.. Enumerable.Range(0, Steps).SelectMany(t => Enumerable.Range(0, units).Where(u => random.NextDouble() < rate(t, u) / 1000).Select(u => (t, u)))];
        static bool InCue(int t) => t < 1050 && t % 150 < 100;
        var excitatory = Poisson(320, (t, u) => (InCue(t) ? 25 : 6) + (u % 7 == 0 ? 14 : 0));
        var inhibitory = Poisson(80, (t, _) => InCue(t) ? 32 : 12);
        return new(1, Steps, "It asked for left, and left was read out.")
        {
            Periods = [.. Enumerable.Range(0, 7).Select(static i => new ReportPeriod("cue", i * 150, (i * 150) + 100)), new("delay", 1050, ResponseStart), new("response", ResponseStart, Steps)],
            Rasters =
            [
                new("left", true, 25, Poisson(25, (t, _) => InCue(t) && t / 150 % 3 != 1 ? 40 : 0)), new("right", true, 25, Poisson(25, (t, _) => InCue(t) && t / 150 % 3 == 1 ? 40 : 0)),
                new("recall", true, 25, Poisson(25, (t, _) => t >= ResponseStart ? 40 : 0)), new("noise", true, 25, Poisson(25, (_, _) => 10)),
                new("E", false, 320, excitatory), new("I", false, 80, inhibitory),
            ],
            Potentials = [.. Potentials("E", excitatory, random), .. Potentials("I", inhibitory, random)],
            Readout = [new("left", Trace(t => 0.8 * (1 - Math.Exp(-t / 900.0)) + (0.1 * Math.Sin(t / 30.0)))), new("right", Trace(t => (-0.3 * t / 2200) + (0.1 * Math.Cos(t / 25.0))))],
            Asked = [new("left", ResponseStart, Steps)],
        };
    }

    private static IEnumerable<ReportPotential> Potentials(string population, (int Step, int Unit)[] spikes, System.Random random) => new[] { 10, 70 }.Select(unit =>
    {
        var own = spikes.Where(s => s.Unit == unit).Select(static s => s.Step).ToHashSet();
        var v = -65.0;
        return new ReportPotential(population, unit, "mV", Trace(t => v = own.Contains(t) ? -65 : Math.Min(-50.2, v + ((-58 - v) / 50) + (0.8 * Normal(random)))), -50, [.. own.Order()]);
    });

    private static ReportWeights Weights(string projection, string unit, string sign, Func<double> before, Func<double> after) =>
        new(projection, unit, sign, true, WeightStatistics.Of([.. Enumerable.Range(0, 2000).Select(_ => before())]), WeightStatistics.Of([.. Enumerable.Range(0, 2000).Select(_ => after())]));

    private static double[] Trace(Func<int, double> sample) => [.. Enumerable.Range(0, Steps).Select(sample)];

    private static double Normal(System.Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
