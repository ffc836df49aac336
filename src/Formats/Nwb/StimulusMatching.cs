using BrainModular.Diagnostics;

namespace BrainModular.Formats.Nwb;

/// <summary>Finds the stimulus of a response that no table of recordings lists: by sweep number and electrode, else by name.</summary>
/// <param name="log">Takes what had to be guessed.</param>
/// <param name="file">The file's path.</param>
/// <param name="responses">Every response of the file.</param>
/// <param name="stimuli">Every stimulus of the file.</param>
/// <param name="isVoltageClamp">Whether a response was recorded in voltage clamp.</param>
/// <param name="numberOf">The file's own number of a series, or null.</param>
internal sealed class StimulusMatching(FaultLog log, string file, NwbSeries[] responses, NwbSeries[] stimuli, Func<NwbSeries, bool> isVoltageClamp, Func<NwbSeries, long?> numberOf)
{
    /// <summary>The numbers in the responses' names.</summary>
    public SweepNames Names { get; } = new(responses);

    /// <summary>The stimulus of a response, or null where none can be told to be its own.</summary>
    public NwbSeries? StimulusOf(NwbSeries response)
    {
        var fitting = stimuli.Where(stimulus => CanDrive(stimulus, response)).ToArray();
        var number = numberOf(response);
        NwbSeries[] sameSweep = number is null ? [] : [.. fitting.Where(stimulus => numberOf(stimulus) == number)];
        return sameSweep.Length == 0 ? ByName(response, fitting) : OfSweep(response, number, sameSweep);
    }

    // What holds a potential applies potentials, what injects a current applies currents: by type, and by unit where the type does not say.
    private bool CanDrive(NwbSeries stimulus, NwbSeries response)
    {
        bool? appliesPotential = stimulus.Object.Type switch
        {
            "VoltageClampStimulusSeries" => true,
            "CurrentClampStimulusSeries" => false,
            _ => ClampUnit.Parse(stimulus.Unit) is { } unit ? unit.Quantity == ClampQuantity.Potential : null,
        };
        return appliesPotential is null || appliesPotential == isVoltageClamp(response);
    }

    // The current into another cell is no stimulus of this one, though both be of one sweep.
    private NwbSeries? OfSweep(NwbSeries response, long? number, NwbSeries[] stimuliOfSweep)
    {
        var peers = responses.Where(other => numberOf(other) == number && isVoltageClamp(other) == isVoltageClamp(response)).ToArray();
        var own = stimuliOfSweep.Where(stimulus => stimulus.Electrode == response.Electrode).ToArray();
        if (own.Length == 0)
        {
            own = peers.Length == 1 ? stimuliOfSweep : [.. stimuliOfSweep.Where(stimulus => stimulus.Electrode is null || response.Electrode is null)];
        }

        var sharing = peers.Where(other => other.Electrode == response.Electrode).ToArray();
        return own.Length <= 1 ? own.FirstOrDefault()
            : own.FirstOrDefault(stimulus => stimulus.Object.Name == response.Object.Name) ?? (sharing.Length == 1 ? OfLength(response, own) : OneOf(response, sharing, own));
    }

    private NwbSeries OfLength(NwbSeries response, NwbSeries[] own) => own.Where(stimulus => stimulus.SampleCount == response.SampleCount).ToArray() switch
    {
        [var only] => only,
        [] => Guessed(response, own[0], own, "the first of them"),
        var several => Guessed(response, several[0], own, "the first of the response's length"),
    };

    // Several recordings under one number: by their names' numbers, else in their order where there are as many of both.
    private NwbSeries? OneOf(NwbSeries response, NwbSeries[] sharing, NwbSeries[] own) =>
        Only(response, sharing, own, SameNumbers) ?? Only(response, sharing, own, SameTrailingNumber)
        ?? (own.Length == sharing.Length ? Guessed(response, own[Array.IndexOf(sharing, response)], own, "by the order of responses and stimuli") : null);

    private NwbSeries Guessed(NwbSeries response, NwbSeries taken, NwbSeries[] own, string how)
    {
        log.Add(new Diagnostic(
            "BM3128", $"{string.Join(", ", own.Select(static stimulus => stimulus.Path))} could each be the stimulus: {taken.Path} is taken, {how}", new Place(file, response.Path),
            "one stimulus of the response's sweep and electrode, or of its name", "compare it with what was applied; rows of intracellular_recordings pair them for certain"));
        return taken;
    }

    private NwbSeries? ByName(NwbSeries response, NwbSeries[] fitting)
    {
        var free = fitting.Where(stimulus => numberOf(stimulus) is null || numberOf(response) is null).ToArray();
        return free.FirstOrDefault(stimulus => stimulus.Object.Name == response.Object.Name)
            ?? (responses.Length == 1 && free.Length == 1 ? free[0] : Only(response, responses, free, SameNumbers) ?? Only(response, responses, free, SameTrailingNumber));
    }

    // The one stimulus that is alike, if it is like this response alone.
    private static NwbSeries? Only(NwbSeries response, NwbSeries[] responses, NwbSeries[] stimuli, Func<NwbSeries, NwbSeries, bool> alike) =>
        stimuli.Where(stimulus => alike(stimulus, response)).ToArray() is [var only] && responses.Count(other => alike(only, other)) == 1 ? only : null;

    private static bool SameNumbers(NwbSeries stimulus, NwbSeries response) =>
        SweepNames.All(response.Object.Name) is { Length: > 0 } numbers && numbers.SequenceEqual(SweepNames.All(stimulus.Object.Name));

    private static bool SameTrailingNumber(NwbSeries stimulus, NwbSeries response) =>
        SweepNames.Trailing(response.Object.Name) is { } number && number == SweepNames.Trailing(stimulus.Object.Name);
}
