using BrainModular.Host.Reports;

namespace BrainModular.Host.Tests.Reports;

/// <summary>A report as a fit would fill it, with traces made by formulas.</summary>
internal static class SampleReport
{
    public const int Samples = 20_000;
    private const double Interval = 0.025;

    public static ReportData Make(int sweeps = 9) => new(
        "Fit to a recording", "examples/fit-recording/experiment.json", "completed", 1, "0.1.0",
        "brain run examples/fit-recording/experiment.json --seed 1", new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero), 12.3)
    {
        Description = "A Hodgkin-Huxley neuron fitted by exact gradients.",
        Stages = [Fit(sweeps), Export()],
        Warnings = ["sweep 12 was left out: it has no stimulus"],
        Plugins = [new("Neurons", "0.1.0", "artifacts/plugins/Neurons/Neurons.dll", new string('a', 64))],
        Files = [new("examples/fit-recording/recording.nwb", "recording", new string('b', 64)), new("results.nwb", "fitted traces")],
    };

    public static ReportStage Fit(int sweeps) => new("fit", "fit")
    {
        LossUnit = "mV^2",
        Headlines =
        [
            new("Loss", "0.0213 mV²", "8.41 mV² before"), new("Explained variance, test", "99.21 %", "passive membrane 84.02 %"),
            new("Spikes, test", "42", "42 recorded"), new("Time", "8.3 s", "1 240 evaluations"),
        ],
        Scores = [new("train", 0.9953, 0.861, 88, 87), new("test", 0.9921, 0.8402, 42, 42)],
        Spikes = Spikes(),
        Parameters = [new("gNa", 19.8, "uS", 1, 100), new("gKd", 6.02, "uS", 0.1, 30), new("EL", -65.02, "mV", -90, -50), new("Vth", -40, "mV", -70, -40), new("C", 0.2, "nF")],
        Sweeps = [.. Enumerable.Range(0, sweeps).Select(Sweep)],
        Starts = [.. Enumerable.Range(0, 20).Select(Start)],
    };

    /// <summary>Three sweeps held out: two repeats of one stimulus, and one whose number of spikes is far off.</summary>
    public static ReportSpikes Spikes() => new(RecordedDuringFit: true, Precision: 4, Runs: 1)
    {
        Parts =
        [
            new("train", 0.91, null, null) { Sweeps = [new(1, new(3, 6, 0.1, 12.5), new(3, 6, 0.12, 12.25), 0.91, false, 0.25, 0.06)] },
            new("test", 0.517, 0.88, null)
            {
                Sweeps =
                [
                    new(3, new(4, 8, 0.3, 11), new(4, 8, 0.31, 11.5), 0.775, false, 0.5, 0.12) { Features = [new("AP_amplitude", "mV", null, 81.5), new("ISI_CV", "1", 0.291, 0.3)] },
                    new(6, new(4, 8, 0.3, 11), new(4, 8, 0.31, 11.5), 0.776, false, 0.5, 0.12),
                    new(9, new(4, 8, 0.3, 11), new(1, 2, null, null), 0, true, 3, 1.5),
                ],
            },
        ],
        RasterPart = "test",
        Rasters = [new([3, 6], 0, 500, [[100, 200, 300, 400], [101, 201, 301, 401]], [[102, 202, 302, 402], [102, 202, 302, 402]]), new([9], 0, 500, [[120, 220, 320, 420]], [[130]])],
    };

    public static ReportStage Export() => new("onnx", "export")
    {
        Headlines = [new("Largest difference in potential", "3.1e−5 mV", "at most 0.001 mV", Passed: true), new("Spike differences", "0", Passed: true)],
    };

    private static ReportSweep Sweep(int i)
    {
        var current = -0.1 + 0.05 * i;
        int[] spikes = [.. Enumerable.Range(0, Math.Max(0, 3 * (i - 3))).Select(k => 4400 + k * 11_000 / (3 * Math.Max(1, i - 3)))];
        return new(i + 1, i % 3 == 2 ? "test" : "train", 0, Interval)
        {
            Stimulus = Trace(n => n is >= 4000 and < 16_000 ? current : 0),
            Recorded = Trace(n => Potential(n, current, spikes) + 0.4 * Math.Sin(n * 12.9898) * Math.Cos(n * 4.1)),
            Fitted = Trace(n => Potential(n + 12, current, spikes)),
            RecordedSpikes = [.. spikes.Select(spike => spike * Interval)],
            FittedSpikes = [.. spikes.Select(spike => (spike - 12) * Interval)],
            ExplainedVariance = 0.999 - 0.001 * i,
            PassiveExplainedVariance = 0.85,
        };
    }

    private static double[] Trace(Func<int, double> sample) => [.. Enumerable.Range(0, Samples).Select(sample)];

    private static double Potential(int n, double current, int[] spikes)
    {
        var potential = -65 + (n < 4000 ? 0 : n < 16_000 ? Math.Min(current, 0.1) * 120 * (1 - Math.Exp((4000 - n) / 800.0)) : Math.Min(current, 0.1) * 120 * Math.Exp((16_000 - n) / 800.0));
        foreach (var spike in spikes)
        {
            potential += n > spike - 20 && n < spike + 400 ? n < spike ? 95 * (n - spike + 20) / 20.0 : 95 * Math.Exp((spike - n) / 25.0) - 8 * Math.Exp((spike - n) / 120.0) : 0;
        }

        return potential;
    }

    private static ReportStart Start(int i) => new(
        0.0213 * Math.Exp(i * i / 40.0), 60 + i, [19.8 + i, 6.02, -65.02, -40, 0.2],
        [.. Enumerable.Range(0, 60 + i).Select(k => 0.0213 * Math.Exp(i * i / 40.0) + 30 * Math.Exp(-k / (5.0 + i)))]);
}
