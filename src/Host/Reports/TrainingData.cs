namespace BrainModular.Host.Reports;

/// <summary>What a training shows: its figures, its curves, one trial through the trained network, and its weights.</summary>
/// <param name="AccuracyName">What its accuracy is, such as <c>accuracy</c>.</param>
internal sealed record ReportTraining(string AccuracyName)
{
    /// <summary>The final figures, each with its name.</summary>
    public IReadOnlyList<(string Name, string Value)> Figures { get; init; } = [];

    /// <summary>The training by batch.</summary>
    public ReportCurves Curves { get; init; } = new();

    /// <summary>The figures by which this training is compared with others.</summary>
    public ReportComparison Comparison { get; init; } = new("", null, null, 0, 0, 0);

    /// <summary>The trial; null where there is none.</summary>
    public ReportTrial? Trial { get; init; }

    /// <summary>The projections' weights.</summary>
    public IReadOnlyList<ReportWeights> Weights { get; init; } = [];
}

/// <summary>How a training went. Lists have one number for each of <see cref="Trials"/> or <see cref="ValidationTrials"/>.</summary>
internal sealed record ReportCurves
{
    /// <summary>How many trials the training had seen after each batch.</summary>
    public IReadOnlyList<double> Trials { get; init; } = [];

    public IReadOnlyList<double> Loss { get; init; } = [];

    public IReadOnlyList<double> Accuracy { get; init; } = [];

    /// <summary>How many trials the training had seen at each validation.</summary>
    public IReadOnlyList<double> ValidationTrials { get; init; } = [];

    public IReadOnlyList<double> ValidationLoss { get; init; } = [];

    public IReadOnlyList<double> ValidationAccuracy { get; init; } = [];

    /// <summary>The mean rate of each spiking population in training, in Hz.</summary>
    public IReadOnlyList<ReportTrace> Rates { get; init; } = [];
}

/// <summary>The figures by which trainings are compared.</summary>
/// <param name="Method">How gradients were found.</param>
/// <param name="Accuracy">The accuracy on fresh trials.</param>
/// <param name="Loss">The loss on them.</param>
/// <param name="Trials">How many trials were trained on.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Bytes">The memory of states, traces, weights and gradients.</param>
internal sealed record ReportComparison(string Method, double? Accuracy, double? Loss, long Trials, double Seconds, long Bytes);

/// <summary>One trial. Times are in ms from its start, traces have one sample a step.</summary>
/// <param name="TimeStep">The length of a step in ms.</param>
/// <param name="Steps">How many steps.</param>
/// <param name="Answer">What it asked for and what was read out, in words; empty where targets are no classes.</param>
internal sealed record ReportTrial(double TimeStep, int Steps, string Answer)
{
    public IReadOnlyList<ReportPeriod> Periods { get; init; } = [];

    /// <summary>Of which units the rasters have the spikes: every so many; null where they have those of all.</summary>
    public int? Stride { get; init; }

    /// <summary>Who spiked when, in the order in which it is drawn from above.</summary>
    public IReadOnlyList<ReportRaster> Rasters { get; init; } = [];

    /// <summary>Inputs that carry values: the mean of each group of channels.</summary>
    public IReadOnlyList<ReportTrace> Inputs { get; init; } = [];

    /// <summary>Membrane potentials.</summary>
    public IReadOnlyList<ReportPotential> Potentials { get; init; } = [];

    /// <summary>What is read out, one trace for each class or target channel.</summary>
    public IReadOnlyList<ReportTrace> Readout { get; init; } = [];

    /// <summary>Targets that are values, in the order of <see cref="Readout"/>, NaN where they do not count; empty where targets are classes.</summary>
    public IReadOnlyList<ReportTrace> Targets { get; init; } = [];

    /// <summary>Stretches that count in the loss; where targets are classes, <see cref="ReportPeriod.Name"/> is the class.</summary>
    public IReadOnlyList<ReportPeriod> Asked { get; init; } = [];
}

/// <summary>A named stretch of a trial, in ms.</summary>
internal sealed record ReportPeriod(string Name, double Start, double End);

/// <summary>A named trace.</summary>
internal sealed record ReportTrace(string Name, ReadOnlyMemory<double> Samples);

/// <summary>The spikes of a population or of a group of input channels.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsInput">Whether they come from outside.</param>
/// <param name="Units">How many units.</param>
/// <param name="Spikes">The step and the unit of each, in the order of time.</param>
internal sealed record ReportRaster(string Name, bool IsInput, int Units, IReadOnlyList<(int Step, int Unit)> Spikes)
{
    /// <summary>The mean rate of all units in Hz at some times in ms; null where the spikes are those of all units and say it.</summary>
    public (double[] Times, double[] Values)? Rates { get; init; }
}

/// <summary>The membrane potential, or another variable, of one unit.</summary>
/// <param name="Population">The unit's population.</param>
/// <param name="Unit">The unit.</param>
/// <param name="In">The unit of measurement.</param>
/// <param name="Samples">The potential at the end of each step, or of every so many.</param>
/// <param name="Threshold">Where it spikes; null where that is not one number.</param>
/// <param name="Spikes">The steps in which it spiked.</param>
internal sealed record ReportPotential(string Population, int Unit, string In, ReadOnlyMemory<double> Samples, double? Threshold, IReadOnlyList<int> Spikes)
{
    /// <summary>What it is.</summary>
    public string Variable { get; init; } = "V";

    /// <summary>How many steps lie from one sample to the next.</summary>
    public int Every { get; init; } = 1;
}
