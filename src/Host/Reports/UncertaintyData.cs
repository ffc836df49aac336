namespace BrainModular.Host.Reports;

/// <summary>How well a recording determines the fitted parameters.</summary>
/// <param name="Lead">On what it rests, in a sentence.</param>
/// <param name="Estimates">The parameters.</param>
internal sealed record ReportUncertainty(string Lead, IReadOnlyList<ReportEstimate> Estimates)
{
    /// <summary>The parameters of <see cref="Correlation"/>.</summary>
    public IReadOnlyList<string> Correlated { get; init; } = [];

    /// <summary>[parameter][parameter], from -1 to 1.</summary>
    public double[][] Correlation { get; init; } = [];

    /// <summary>Of the observed information, in nats per squared unbounded coordinate, largest first.</summary>
    public IReadOnlyList<double> Eigenvalues { get; init; } = [];

    /// <summary>Empty where none were asked for.</summary>
    public IReadOnlyList<ReportProfile> Profiles { get; init; } = [];

    /// <summary>Where intervals of profiles end, in nats.</summary>
    public double Threshold { get; init; }

    /// <summary>What was drawn; empty where nothing was.</summary>
    public IReadOnlyList<ReportSampled> Sampled { get; init; } = [];

    /// <summary>How it was drawn, in a sentence.</summary>
    public string SampleLead { get; init; } = "";

    /// <summary>The part of samples within the predictive bands; null where there is none.</summary>
    public double? Inside { get; init; }
}

/// <summary>A parameter's profile, in the unit that is shown: the fall of the likelihood in nats over its value, and its interval, null at a bound.</summary>
internal sealed record ReportProfile(string Name, string Unit, IReadOnlyList<double> Values, IReadOnlyList<double> Nats, double? Lower, double? Upper);

/// <summary>What was drawn of a parameter, in the unit that is shown.</summary>
internal sealed record ReportSampled(string Name, string Unit, double Mean, double Deviation, double Lower, double Upper, double RHat, double BulkSize, double TailSize);

/// <summary>A parameter with its standard error and 95 % interval, in the unit that is shown; null where it is at a bound.</summary>
internal sealed record ReportEstimate(string Name, double Value, double? StandardError, double? Lower, double? Upper, string Unit);
