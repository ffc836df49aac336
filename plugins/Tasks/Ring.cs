using BrainModular.Tasks;

namespace BrainModular.Plugins.Tasks;

/// <summary>
/// Channels tuned to a direction, with preferred directions evenly around the circle: rate = highest rate x exp(kappa (cos(angle - preferred) - 1)), a curve of
/// von Mises.
/// </summary>
internal sealed class Ring
{
    private readonly double kappa, highestRate;
    private readonly ChannelGroup[] channels;

    /// <summary>The ring that the settings describe.</summary>
    public Ring(ISettings settings, string name, InputCode code)
    {
        var count = settings.Integer("channels", 24, 2, 100_000, "input channels tuned to directions");
        kappa = settings.Number("kappa", 2, 0.01, 1000, "how narrow tuning is: the half width at half height is arccos(1 - 0.693 / kappa)");
        highestRate = code.HighestRate;
        channels = [.. Enumerable.Range(0, count).Select(static i => new ChannelGroup("", i, 1))];
        Group = new(name, 0, count);
    }

    /// <summary>All channels of the ring, the first ones of the task.</summary>
    public ChannelGroup Group { get; }

    /// <summary>The directions that stimuli come from, in degrees, as names.</summary>
    public static IReadOnlyList<string> Names(int stimuli) =>
        [.. Enumerable.Range(0, stimuli).Select(i => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{360.0 * i / stimuli:0.###} deg"))];

    /// <summary>Drives the ring by one of a number of directions.</summary>
    public void Drive(TrialWriter writer, int trial, Period period, int stimulus, int stimuli)
    {
        foreach (var channel in channels)
        {
            var away = 2 * Math.PI * (((double)stimulus / stimuli) - ((double)channel.First / channels.Length));
            writer.Drive(trial, channel, period, highestRate * Math.Exp(kappa * (Math.Cos(away) - 1)));
        }
    }
}
