using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tasks;

/// <summary>How a rate of firing reaches the network: as spikes, or as a graded value, which is 1 at the highest rate.</summary>
/// <param name="Kind">Spikes or graded.</param>
/// <param name="HighestRate">The highest rate that a channel is driven at, in 1/ms.</param>
/// <param name="Noise">
/// Standard deviation of the white noise of graded channels in a step of 1 ms; in a step of dt it is this / sqrt(dt / 1 ms), so that what is summed over a time has the same noise at
/// every time step.
/// </param>
internal sealed record InputCode(PortKind Kind, double HighestRate, double Noise)
{
    /// <summary>Spikes at up to the given rate.</summary>
    public static InputCode Spikes(double highestRate) => new(PortKind.Event, highestRate, 0);

    /// <summary>The code that the settings choose.</summary>
    public static InputCode Read(ISettings settings, TaskSettings reader, double defaultRate = 40)
    {
        var kind = settings.Choice("inputs", "poisson", ["poisson", "graded"], "whether channels spike at random, or carry their rate / the highest rate");
        var rate = reader.Rate("rate", defaultRate * Hz, "the highest rate of a channel");
        var noise = settings.Number("noise", 1, 0, 1000, "standard deviation of the white noise of graded channels in a step of 1 ms");
        if (rate == 0)
        {
            reader.Refuse("rate", "0 Hz", "a rate above 0");
        }

        return kind == "graded" ? new(PortKind.Graded, rate, noise) : Spikes(rate);
    }
}
