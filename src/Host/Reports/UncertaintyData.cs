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
}

/// <summary>A parameter with its standard error and 95 % interval, in the unit that is shown; null where it is at a bound.</summary>
internal sealed record ReportEstimate(string Name, double Value, double? StandardError, double? Lower, double? Upper, string Unit);
