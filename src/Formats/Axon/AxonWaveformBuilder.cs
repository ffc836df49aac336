namespace BrainModular.Formats.Axon;

/// <summary>
/// The waveform of a command as its epochs describe it. Clampex lets each sweep begin with 1/64 of its samples before the first epoch, at the holding level or, where
/// the command keeps its last level, at that of the sweep before.
/// </summary>
public sealed class AxonWaveformBuilder
{
    private const int Leading = 64;
    private const int PieceLength = 1 << 16;

    private readonly List<Stretch> stretches = [];
    private readonly long count;

    /// <param name="command">The command; <see cref="AxonCommand.IsKnown"/>.</param>
    /// <param name="sweep">The sweep's index, from 0.</param>
    /// <param name="count">The samples of a sweep.</param>
    public AxonWaveformBuilder(AxonCommand command, int sweep, long count)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (!command.IsKnown)
        {
            throw new ArgumentException($"the waveform of {command.Name} is not in its file", nameof(command));
        }

        this.count = count;
        IReadOnlyList<AxonEpoch> epochs = command.Source == AxonWaveform.Epochs ? command.Epochs : [];
        var before = command.KeepsLast && sweep > 0 && epochs.Count > 0 ? LevelIn(epochs[^1], sweep - 1) : command.Holding;
        Add(Constant, count / Leading, before, before);
        foreach (var epoch in epochs)
        {
            var level = LevelIn(epoch, sweep);
            Add(epoch, Math.Max(0, epoch.Duration + (epoch.DurationIncrement * sweep)), before, level);
            before = level;
        }

        var last = command.KeepsLast ? before : command.Holding;
        Add(Constant, long.MaxValue, last, last);
    }

    private static AxonEpoch Constant => new(AxonShape.Step, 0, 0, 0, 0, 0, 0);

    /// <summary>A level for each sample, in the command's unit, in pieces.</summary>
    public IEnumerable<double[]> Pieces()
    {
        var (at, within) = (0L, 0);
        while (at < count)
        {
            var piece = new double[Math.Min(PieceLength, count - at)];
            for (var i = 0; i < piece.Length; i++, at++)
            {
                while (at >= stretches[within].End)
                {
                    within++;
                }

                piece[i] = stretches[within].At(at);
            }

            yield return piece;
        }
    }

    private static double LevelIn(AxonEpoch epoch, int sweep) => epoch.Level + (epoch.LevelIncrement * sweep);

    // What does not fit into the sweep is cut off.
    private void Add(AxonEpoch epoch, long duration, double before, double level)
    {
        var first = stretches.Count == 0 ? 0 : stretches[^1].End;
        stretches.Add(new(epoch, first, first + Math.Min(duration, count - first), duration, before, level));
    }

    private readonly record struct Stretch(AxonEpoch Epoch, long First, long End, long Duration, double Before, double Level)
    {
        public double At(long sample)
        {
            // A train has whole periods alone; what is left of the epoch stays at the level before.
            var (at, period, width) = (sample - First, Math.Max(1, Epoch.Period), Epoch.Width);
            var phase = at % period;
            return Before + (Epoch.Shape switch
            {
                AxonShape.Step => Level - Before,
                AxonShape.Ramp => (Level - Before) * at / Math.Max(1, Duration - 1),
                _ when at - phase + period > Duration => 0,
                AxonShape.Pulses => phase < width ? Level - Before : 0,
                AxonShape.Triangles => (Level - Before) * (phase < width ? (double)phase / width : (double)(period - phase) / Math.Max(1, period - width)),
                AxonShape.Cosine => (Level - Before) * (1 - Math.Cos(2 * Math.PI * phase / period)) / 2,
                AxonShape.Biphasic => phase < width / 2 ? Level - Before : phase < width ? Before - Level : 0,
                _ => throw new InvalidOperationException($"{Epoch.Shape} is no shape of an epoch"),
            });
        }
    }
}
