using BrainModular.Host.Reports;

namespace BrainModular.Host.Tests.Reports;

/// <summary>A fit's uncertainty as an estimate would fill it.</summary>
internal static class SampleUncertainty
{
    public static ReportStage Stage(string name = "gL")
    {
        var fit = SampleReport.Fit(9);
        return fit with { Uncertainty = Make(name), Sweeps = [.. fit.Sweeps.Select(static s => s.Part == "test" ? s with { Lower = Moved(s.Fitted, -2), Upper = Moved(s.Fitted, 2) } : s)] };
    }

    public static ReportUncertainty Make(string name) => new("1200 samples count as 63 independent ones.", [new(name, 10.02, 0.11, 9.8, 10.24, "nS"), new("EL", -65, 0.2, -65.4, -64.6, "mV"), new("C", 0.5, null, null, null, "nF")])
    {
        Correlated = [name, "EL"],
        Correlation = [[1, -0.62], [-0.62, 1]],
        Eigenvalues = [1.2e5, 31],
        Threshold = 1.92,
        Profiles = [new(name, "nS", [9.7, 9.9, 10.02, 10.1, 10.3], [4.2, 0.6, 0, 0.3, 3.2], 9.8, 10.25), new("EL", "mV", [-66, -65, -64], [0.4, 0, 0.3], null, null)],
        Sampled = [new(name, "nS", 10.03, 0.12, 9.79, 10.27, 1.004, 812, 640)],
        SampleLead = "2000 draws of 4 chains by the No-U-Turn sampler, 3 of whose trajectories diverged.",
        Inside = 0.943,
    };

    private static double[] Moved(ReadOnlyMemory<double> trace, double by) => [.. trace.ToArray().Select(v => v + by)];
}
