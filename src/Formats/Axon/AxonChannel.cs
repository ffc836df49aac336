namespace BrainModular.Formats.Axon;

/// <summary>A recorded channel of an Axon file.</summary>
/// <param name="Number">The digitiser's input.</param>
/// <param name="Name">Its name, such as <c>IN 0</c>.</param>
/// <param name="Unit">Its unit as the file spells it, such as <c>mV</c>.</param>
/// <param name="Scale">What a stored number is multiplied with to give the unit.</param>
/// <param name="Offset">What is added after that, in the unit.</param>
public sealed record AxonChannel(int Number, string Name, string Unit, double Scale, double Offset);

/// <summary>A command that the digitiser gave out, as the file's protocol describes it.</summary>
/// <param name="Number">The digitiser's output.</param>
/// <param name="Name">Its name, such as <c>Cmd 0</c>.</param>
/// <param name="Unit">Its unit as the file spells it, such as <c>pA</c>.</param>
/// <param name="Holding">Its level outside of epochs.</param>
/// <param name="Source">Where its waveform came from.</param>
/// <param name="KeepsLast">Whether it stays at the last epoch's level until the next sweep's first epoch.</param>
/// <param name="Epochs">Its epochs in order.</param>
public sealed record AxonCommand(int Number, string Name, string Unit, double Holding, AxonWaveform Source, bool KeepsLast, IReadOnlyList<AxonEpoch> Epochs)
{
    /// <summary>Whether <see cref="AxonWaveformBuilder"/> can tell the command from the file alone.</summary>
    public bool IsKnown => Source is AxonWaveform.Holding or AxonWaveform.Epochs && Epochs.All(static e => e.IsKnown);
}

/// <summary>Where a command's waveform came from.</summary>
public enum AxonWaveform
{
    /// <summary>There was none: the command stayed at its holding level.</summary>
    Holding,

    /// <summary>From the epochs of the file.</summary>
    Epochs,

    /// <summary>From another file.</summary>
    File,

    /// <summary>From epochs that a list of the user's, or an alternation between outputs, changed from sweep to sweep.</summary>
    Varied,

    /// <summary>The file is of a version whose header does not say.</summary>
    Unsaid,
}

/// <summary>The shape of an epoch, by the file's own numbers.</summary>
public enum AxonShape
{
    /// <summary>A constant level.</summary>
    Step = 1,

    /// <summary>A straight line from the level before to its own.</summary>
    Ramp = 2,

    /// <summary>Pulses to its level from the level before.</summary>
    Pulses = 3,

    /// <summary>Triangles to its level from the level before.</summary>
    Triangles = 4,

    /// <summary>A raised cosine between the level before and its own.</summary>
    Cosine = 5,

    /// <summary>Pulses up, then as far down, from the level before.</summary>
    Biphasic = 7,
}

/// <summary>An epoch of a command.</summary>
/// <param name="Shape">Its shape.</param>
/// <param name="Level">Its level in the first sweep.</param>
/// <param name="LevelIncrement">What is added to the level from sweep to sweep.</param>
/// <param name="Duration">Its samples in the first sweep.</param>
/// <param name="DurationIncrement">What is added to them from sweep to sweep.</param>
/// <param name="Period">The samples of a period where the shape repeats itself.</param>
/// <param name="Width">The samples of a pulse, or of a triangle's rise.</param>
public readonly record struct AxonEpoch(AxonShape Shape, double Level, double LevelIncrement, long Duration, long DurationIncrement, int Period, int Width)
{
    /// <summary>Whether its shape is one of <see cref="AxonShape"/>, with a period where it repeats itself.</summary>
    public bool IsKnown => Shape is AxonShape.Step or AxonShape.Ramp || (Enum.IsDefined(Shape) && Period > 0);
}

/// <summary>A sweep of an Axon file.</summary>
/// <param name="First">Its first sample among those of the file, all channels counted.</param>
/// <param name="Count">Its samples of each channel.</param>
/// <param name="Start">When it began, in s after the file did.</param>
public readonly record struct AxonSweep(long First, long Count, double Start);
