using BrainModular.Host.Reports;

namespace BrainModular.Host.Tests.Reports;

/// <summary>A fit's uncertainty as an estimate would fill it.</summary>
internal static class SampleUncertainty
{
    public static ReportStage Stage(string name = "gL") => SampleReport.Fit(9) with { Uncertainty = Make(name) };

    public static ReportUncertainty Make(string name) => new("1200 samples count as 63 independent ones.", [new(name, 10.02, 0.11, 9.8, 10.24, "nS"), new("EL", -65, 0.2, -65.4, -64.6, "mV"), new("C", 0.5, null, null, null, "nF")])
    {
        Correlated = [name, "EL"],
        Correlation = [[1, -0.62], [-0.62, 1]],
        Eigenvalues = [1.2e5, 31],
    };
}
