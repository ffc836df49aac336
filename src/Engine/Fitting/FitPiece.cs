namespace BrainModular.Engine.Fitting;

/// <summary>What is run of a fitted sweep at one go.</summary>
/// <param name="Whole">The sweep.</param>
/// <param name="From">The first step.</param>
/// <param name="Steps">How many.</param>
/// <param name="IsJoined">Whether the next piece begins with its last step, which is there to be compared with that alone.</param>
internal sealed record FitPiece(PreparedSweep Whole, int From, int Steps, bool IsJoined)
{
    public PreparedSweep Sweep => Steps == Whole.Steps ? Whole : Whole.Part(From, Steps);

    /// <summary>What each step counts in a loss.</summary>
    public double[] Weights(double spikeWeight, SpikeWindow window)
    {
        var weights = Whole.Weights(spikeWeight, window)[From..(From + Steps)];
        if (IsJoined)
        {
            weights[^1] = 0;
        }

        return weights;
    }
}
