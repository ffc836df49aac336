namespace BrainModular.Engine.Features;

/// <summary>All features, by name. Definitions are those of eFEL (10.5281/zenodo.593869), whose settings they have: the threshold of spikes alone can be set.</summary>
public static class FeatureCatalog
{
    /// <summary>The groups in which features are told of, each with its name.</summary>
    public static IReadOnlyList<(string Group, IReadOnlyList<Feature> Features)> Groups { get; } =
    [
        ("Spike times", SpikeTimeFeatures.All),
        ("Intervals", IntervalFeatures.All),
        ("Bursts", BurstFeatures.All),
        ("Bursts among other spikes", StrictBurstFeatures.All),
        ("Height and slope of spikes", SpikeShapeFeatures.All),
        ("Width of spikes", SpikeWidthFeatures.All),
        ("After a spike", AfterhyperpolarizationFeatures.All),
        ("Potential apart from spikes", SubthresholdFeatures.All),
        ("Time constants", TimeConstantFeatures.All),
        ("Block and resonance", BlockFeatures.All),
    ];

    private static readonly Dictionary<string, Feature> ByName = Groups.SelectMany(static g => g.Features).ToDictionary(static f => f.Name);

    private static readonly HashSet<string> Shapes =
    [
        .. SpikeShapeFeatures.All.Concat(SpikeWidthFeatures.All).Select(static f => f.Name),
        "AHP_depth_from_peak", "maximum_voltage", "voltage_deflection_begin",
    ];

    public static IEnumerable<Feature> All => ByName.Values;

    /// <returns>Null where there is no feature of that name.</returns>
    public static Feature? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether a feature is one of the shape or height of spikes, which a model does not have that is reset in place of firing.</summary>
    public static bool IsShape(string name) => Shapes.Contains(name);
}
