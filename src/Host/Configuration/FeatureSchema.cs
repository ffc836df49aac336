namespace BrainModular.Host.Configuration;

/// <summary>The keys of a fit to electrophysiological features.</summary>
internal static class FeatureSchema
{
    private const double Largest = 1e9;
    private const double Smallest = 1e-9;

    public static readonly Key Features = new("features", new NamedKind("feature", new SectionKind(new("features", "Of each feature what it is to be, by its name.",
    [
        new("mean", new NumberKind(-Largest, Largest), "Its value, in its unit; by default that of the recording, in each sweep the mean over the fitted sweeps of the same stimulus."),
        new("sd", new NumberKind(Smallest, Largest), "What counts as a deviation of 1, in its unit; by default the standard deviation over those sweeps, at least a tenth of the mean, and 1 mV, 0.5 ms, 0.5 Hz, 1 MOhm or 0.05."),
        new("weight", new NumberKind(Smallest, Largest), "What it counts beside the other features.", "1"),
    ]))), "Electrophysiological features that are fitted, by optimisers that need no gradient: their squared deviations are minimised in place of the loss, or with it.");

    public static readonly Key LossWeight = new("lossWeight", new NumberKind(0, Largest), "What the loss, a number in its unit, counts beside 'features'.", "0");
}
