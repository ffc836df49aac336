namespace BrainModular.Plugins.Optimizers.FirstOrder;

/// <summary>
/// The length of a step in a scaled coordinate, as the settings let it change: after a linear warm-up it stays, or falls to
/// <c>decayFactor</c> of itself within <c>decaySteps</c> steps, at their end, steadily, or along half a cosine (Loshchilov and Hutter 2017, 10.48550/arXiv.1608.03983).
/// </summary>
internal sealed class LearningRate(ISettings settings)
{
    private readonly double initial = settings.Number("learningRate", 0.01, 1e-12, 1e6, "the length of a step in a scaled coordinate");

    private readonly string schedule = settings.Choice(
        "schedule", "constant", ["constant", "step", "exponential", "cosine"],
        "how the length changes: by the decay factor every so many steps, steadily by that much, or once along half a cosine");

    private readonly double factor = settings.Number("decayFactor", 0.1, 0, 1, "what is left of the length after the decay's steps");
    private readonly int steps = settings.Integer("decaySteps", 1000, 1, int.MaxValue, "the steps within which the length falls by the decay factor");
    private readonly int warmUp = settings.Integer("warmUpSteps", 0, 0, int.MaxValue, "the steps over which the length first grows linearly from 0");

    /// <summary>The length of a step, the first being 0.</summary>
    public double At(int step)
    {
        if (step < warmUp)
        {
            return initial * (step + 1) / warmUp;
        }

        var elapsed = (double)(step - warmUp) / steps;
        return initial * schedule switch
        {
            "step" => Math.Pow(factor, Math.Floor(elapsed)),
            "exponential" => Math.Pow(factor, elapsed),
            "cosine" => factor + ((1 - factor) * (1 + Math.Cos(Math.PI * Math.Min(elapsed, 1))) / 2),
            _ => 1,
        };
    }
}
