namespace BrainModular.Engine.Features;

/// <summary>An electrophysiological feature, under the name that eFEL has for it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">The unit of its values; 1 where they have none.</param>
/// <param name="Definition">What it is, in one sentence.</param>
/// <param name="Of">Its values of a trace, of which it may have one for each spike; null where the trace has not got it.</param>
public sealed record Feature(string Name, string Unit, string Definition, Func<FeatureSet, double[]?> Of)
{
    /// <summary>Whether it counts spikes or bursts, which there are no parts of.</summary>
    public bool IsCount { get; init; }
}
