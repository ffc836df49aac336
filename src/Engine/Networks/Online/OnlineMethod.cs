namespace BrainModular.Engine.Networks.Online;

/// <summary>How the gradient of a network's loss is found while time runs forward, in memory that does not grow with the number of steps.</summary>
public enum OnlineRule
{
    /// <summary>
    /// Real-time recurrent learning, or forward sensitivities: the derivative of every state by every weight. It is exact, and takes memory and
    /// time for all pairs of them: for small networks, and as an oracle. Williams and Zipser 1989, 10.1162/neco.1989.1.2.270.
    /// </summary>
    RealTimeRecurrent,

    /// <summary>
    /// D-RTRL: of that only what a synapse moves in its own target unit. Exact but for the gradient through recurrent spikes.
    /// Wang et al. 2024, 10.48550/arXiv.2406.19708.
    /// </summary>
    Diagonal,

    /// <summary>
    /// ES-D-RTRL, or pp-prop: the same as products of a factor of the source and one of the target, a pair for each timescale of the unit.
    /// Wang et al. 2024, 10.48550/arXiv.2406.19708.
    /// </summary>
    Factored,

    /// <summary>
    /// e-prop: the traces of D-RTRL, and learning signals that come straight from the readout. Bellec et al. 2020, 10.1038/s41467-020-17236-y.
    /// </summary>
    EligibilityPropagation,
}

/// <summary>By which weights e-prop's learning signals come from the readout to a unit.</summary>
public enum Feedback
{
    /// <summary>The unit's own weights to the readout.</summary>
    Symmetric,

    /// <summary>Fixed random weights.</summary>
    Random,

    /// <summary>Weights that begin at random and change with those to the readout.</summary>
    Adaptive,
}

/// <summary>An online method and its settings.</summary>
/// <param name="Rule">The method.</param>
public sealed record OnlineMethod(OnlineRule Rule)
{
    /// <summary>The feedback weights of e-prop.</summary>
    public Feedback Feedback { get; init; }

    /// <summary>The time constants of <see cref="OnlineRule.Factored"/>'s pairs in ms, ascending; empty to take them from the units' own.</summary>
    public IReadOnlyList<double> TimeConstants { get; init; } = [];
}
