using BrainModular.Diagnostics;
using BrainModular.Losses;

namespace BrainModular.Host.Configuration;

/// <summary>A loss of a fit, and what it counts.</summary>
internal sealed record LossConfig(ComponentConfig Component)
{
    /// <summary>What its value in its unit is multiplied by.</summary>
    public double Weight => Component.Host.Get<double>("weight");

    /// <summary>Whether it is that of features, which no plugin brings.</summary>
    public bool IsOfFeatures => LossSchema.IsOfFeatures(Component);

    /// <summary>The features to fit, each under its name.</summary>
    public IReadOnlyList<NamedValue> Features => Component.Host.Find<NamedValue[]>("features") ?? [];

    public Place Place => Component.Place;
}

/// <summary>The keys of a fit's losses.</summary>
internal static class LossSchema
{
    /// <summary>The type of the loss of features.</summary>
    public const string FeaturesType = "features";

    private const double Largest = 1e9;
    private const double Smallest = 1e-9;

    private static readonly Key Features = new("features", new NamedKind("feature", new SectionKind(new("features", "Of each feature what it is to be, by its name.",
    [
        new("mean", new NumberKind(-Largest, Largest), "Its value, in its unit; by default that of the recording, in each sweep the mean over the fitted sweeps of the same stimulus."),
        new("sd", new NumberKind(Smallest, Largest), "What counts as a deviation of 1, in its unit; by default the standard deviation over those sweeps, at least a tenth of the mean, and 1 mV, 0.5 ms, 0.5 Hz, 1 MOhm, 0.05, or 1 of what is counted."),
        new("weight", new NumberKind(Smallest, Largest), "What it counts beside the other features.", "1"),
    ]))), "Of the loss features: the electrophysiological features whose squared deviations are minimised, by optimisers that need no gradient.");

    /// <summary>The losses of a fit.</summary>
    public static readonly Key Key = new(
        "loss",
        new ListKind(
            new ComponentKind(
                typeof(ILoss), "loss",
                new("loss", "A loss with its settings beside; several are given as a list, and the sum of all, each times its weight, is minimised.",
                [
                    new("weight", new NumberKind(Smallest, Largest), "What its value, a number in its unit, is multiplied by.", "1"),
                    Features,
                ])),
            orOne: true),
        "What is minimised: a loss, or a list of losses whose weighted sum it is. The type features compares electrophysiological features.", """{ "type": "voltage-mean-squared-error" }""");

    /// <summary>The loss where none is named, which says what a fit of features alone depends on.</summary>
    public static ComponentConfig Default() => (ComponentConfig)((object[])Key.DefaultValue()!)[0];

    public static bool IsOfFeatures(ComponentConfig component) => component.Contract == typeof(ILoss) && component.Type == FeaturesType;
}
