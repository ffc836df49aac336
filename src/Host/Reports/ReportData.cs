namespace BrainModular.Host.Reports;

/// <summary>Everything that a run's report page shows. The stages of a run fill it; the page computes nothing but its drawing.</summary>
/// <param name="Title">The page's title, such as the experiment's name.</param>
/// <param name="Configuration">The configuration file.</param>
/// <param name="Status">How the run ended: <c>completed</c>, <c>cancelled</c> or <c>failed</c>.</param>
/// <param name="Seed">The seed of every random stream.</param>
/// <param name="Version">The version of the program.</param>
/// <param name="Command">The command that was typed.</param>
/// <param name="Started">When the run began.</param>
/// <param name="Seconds">How long it took.</param>
internal sealed record ReportData(
    string Title, string Configuration, string Status, long Seed, string Version, string Command, DateTimeOffset Started, double Seconds)
{
    public string? Description { get; init; }

    public IReadOnlyList<ReportStage> Stages { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyList<ReportPlugin> Plugins { get; init; } = [];

    public IReadOnlyList<ReportFile> Files { get; init; } = [];
}

/// <summary>A plugin that the run loaded, with the SHA-256 of its DLL.</summary>
internal sealed record ReportPlugin(string Name, string Version, string Path, string Sha256);

/// <summary>A file that the run read or wrote.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Role">What it is to the run, such as <c>recording</c> or <c>step model</c>.</param>
/// <param name="Sha256">Its hash, where it was taken.</param>
internal sealed record ReportFile(string Path, string Role, string? Sha256 = null);

/// <summary>One stage of the run. What a stage has not got stays empty and is not shown.</summary>
internal sealed record ReportStage(string Name, string Type)
{
    public IReadOnlyList<ReportHeadline> Headlines { get; init; } = [];

    public ReportTraining? Training { get; init; }

    /// <summary>The first trial of a network that was simulated; null where none was.</summary>
    public ReportTrial? Trial { get; init; }

    public IReadOnlyList<ReportScore> Scores { get; init; } = [];

    /// <summary>How well a fit predicts spikes; null where neither the recording nor the model has any.</summary>
    public ReportSpikes? Spikes { get; init; }

    public IReadOnlyList<ReportParameter> Parameters { get; init; } = [];

    public IReadOnlyList<ReportSweep> Sweeps { get; init; } = [];

    public IReadOnlyList<ReportStart> Starts { get; init; } = [];

    /// <summary>How well the recording determines the parameters; null where that was not asked for.</summary>
    public ReportUncertainty? Uncertainty { get; init; }

    /// <summary>The loss's unit, such as <c>mV^2</c>.</summary>
    public string LossUnit { get; init; } = "";
}

/// <summary>One large figure at the head of a stage.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Value">The figure with its unit.</param>
/// <param name="Note">What stands beside it for comparison.</param>
/// <param name="Passed">Whether a check passed, or null where the figure is no check.</param>
internal sealed record ReportHeadline(string Label, string Value, string? Note = null, bool? Passed = null);

/// <summary>How well the sweeps of one part (train or test) are explained, pooled; fractions, null where undefined.</summary>
internal sealed record ReportScore(string Part, double? ExplainedVariance, double? PassiveExplainedVariance, int Spikes, int RecordedSpikes);

/// <summary>A parameter as fitted, in the unit that is shown, with its bounds where it has any, and whether it is seen on a logarithmic scale.</summary>
internal sealed record ReportParameter(string Name, double Value, string Unit, double? Lower = null, double? Upper = null, bool Logarithmic = false)
{
    /// <summary>Where between its bounds the value lies, from 0 to 1, or null where it has not got both.</summary>
    public double? Position => (Lower, Upper) switch
    {
        ({ } lower, { } upper) when Logarithmic && lower > 0 && upper > lower => Math.Clamp(Math.Log(Value / lower) / Math.Log(upper / lower), 0, 1),
        ({ } lower, { } upper) when upper > lower => Math.Clamp((Value - lower) / (upper - lower), 0, 1),
        _ => null,
    };

    /// <summary>The bound that the value lies on, <c>lower</c> or <c>upper</c>, or null.</summary>
    public string? AtBound => (Lower, Upper) switch
    {
        ({ } lower, _) when Value - lower <= Tolerance => "lower",
        (_, { } upper) when upper - Value <= Tolerance => "upper",
        _ => null,
    };

    private double Tolerance => 1e-6 * (Upper - Lower ?? Math.Max(1, Math.Abs(Value)));
}

/// <summary>One sweep, sampled uniformly. Traces may be empty, and NaN marks samples that are not there.</summary>
/// <param name="Number">The file's own number.</param>
/// <param name="Part"><c>train</c> or <c>test</c>, or empty where nothing was fitted.</param>
/// <param name="Start">The time of the first sample in ms.</param>
/// <param name="Interval">The time between samples in ms.</param>
internal sealed record ReportSweep(int Number, string Part, double Start, double Interval)
{
    /// <summary>In nA.</summary>
    public ReadOnlyMemory<double> Stimulus { get; init; }

    /// <summary>In mV.</summary>
    public ReadOnlyMemory<double> Recorded { get; init; }

    /// <summary>In mV; of a model that was fitted or only simulated.</summary>
    public ReadOnlyMemory<double> Fitted { get; init; }

    /// <summary>Where the potential is expected, in mV: the 2.5 % quantile, and empty where none was predicted.</summary>
    public ReadOnlyMemory<double> Lower { get; init; }

    /// <summary>The 97.5 % quantile.</summary>
    public ReadOnlyMemory<double> Upper { get; init; }

    /// <summary>In ms.</summary>
    public IReadOnlyList<double> RecordedSpikes { get; init; } = [];

    /// <summary>In ms.</summary>
    public IReadOnlyList<double> FittedSpikes { get; init; } = [];

    public double? ExplainedVariance { get; init; }

    public double? PassiveExplainedVariance { get; init; }
}

/// <summary>One start of a fit: where it ended and how it got there.</summary>
/// <param name="Loss">The loss at its end.</param>
/// <param name="Evaluations">How often it evaluated the loss.</param>
/// <param name="Parameters">Its parameters, in the order and the units of the stage's.</param>
/// <param name="LossCurve">The loss after each iteration.</param>
internal sealed record ReportStart(double Loss, int Evaluations, IReadOnlyList<double> Parameters, IReadOnlyList<double> LossCurve);
