using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Igor;
using BrainModular.Formats.Nwb;

namespace BrainModular.Host.Conversion;

/// <summary>
/// The sweeps of Igor waves, each a file with one stimulus or one response. Which is which follows from their units or from what the user says; stimuli and responses
/// belong together in the order of the files.
/// </summary>
internal sealed class WaveSource(IReadOnlyList<IgorWave> waves, ConversionOptions options)
{
    private const double RateTolerance = 1e-7;

    /// <exception cref="DiagnosticException">BM2906, BM2907, BM2908, BM2909.</exception>
    public SourceRecording Read()
    {
        var clamp = options.Clamp ?? NwbClamp.Current;
        var responses = waves.Where(w => IsResponse(w, ConversionOptions.ResponseOf(clamp))).ToList();
        var stimuli = waves.Except(responses).ToList();
        if (responses.Count == 0)
        {
            throw new DiagnosticException(
                "BM2907", "none of the waves is a response", new Place(waves[0].Path), $"a wave for each sweep's response; these are {Listed(waves)}", "name the responses' files with --response, such as '*ch2*'");
        }

        if (stimuli.Count > 1 && stimuli.Count != responses.Count)
        {
            throw new DiagnosticException(
                "BM2907", $"there are {stimuli.Count} stimuli for {responses.Count} responses", new Place(stimuli[0].Path), "one for each response, one for all of them, or none",
                $"name as many of both; the stimuli are {Listed(stimuli)}");
        }

        return new(
            [.. responses.Select((response, i) => Sweep(response, stimuli.Count == 0 ? null : stimuli[stimuli.Count == 1 ? 0 : i], i, stimuli.Count > 1, clamp))],
            "",
            string.Join("\n\n", responses.Where(static w => w.Note.Length > 0).Select(static w => $"{w.Name}: {w.Note}")),
            stimuli.Count > 0 ? [] : [new("BM2910", "sweeps are written without a stimulus: no wave is one", new(responses[0].Path), "a wave with the stimulus", "name its file, too")]);
    }

    private static string Listed(IEnumerable<IgorWave> waves) =>
        string.Join(", ", waves.Select(static w => $"{Path.GetFileName(w.Path)} in {(w.Unit.Length == 0 ? "no unit" : $"'{w.Unit}'")}"));

    private bool IsResponse(IgorWave wave, ClampQuantity quantity)
    {
        var name = Path.GetFileName(wave.Path);
        var (isResponse, isStimulus) = (options.Response is { } r && ConversionOptions.Matches(r, name), options.Stimulus is { } s && ConversionOptions.Matches(s, name));
        if (isResponse && isStimulus)
        {
            throw new DiagnosticException(
                "BM2906", "the wave has a name of a response and of a stimulus", new Place(wave.Path), $"a name for '{options.Response}' or for '{options.Stimulus}'", "make one of the two narrower");
        }

        if (isResponse || isStimulus)
        {
            return isResponse;
        }

        return (options.Response, options.Stimulus) switch
        {
            (null, not null) => true,
            (not null, null) => false,
            (not null, not null) => throw new DiagnosticException(
                "BM2906", "the wave's file is neither a response nor a stimulus", new Place(wave.Path), $"a name for '{options.Response}' or for '{options.Stimulus}'", "leave the file out, or widen one of the two"),
            _ => ClampUnit.Parse(wave.Unit)?.Quantity is { } found ? found == quantity : throw new DiagnosticException(
                "BM2909", $"the wave's unit is '{wave.Unit}'", new Place(wave.Path), "a unit of potential or current, such as mV or pA",
                "say which waves are responses with --response '*...*', and what their units are with --response-unit and --stimulus-unit"),
        };
    }

    private SourceSweep Sweep(IgorWave response, IgorWave? stimulus, int index, bool isOwn, NwbClamp clamp)
    {
        var number = FileNumber.Of(response.Path);
        if (stimulus is not null && (stimulus.Count != response.Count || Math.Abs((stimulus.Rate / response.Rate) - 1) > RateTolerance))
        {
            throw Unlike(response, stimulus, string.Create(
                CultureInfo.InvariantCulture, $"{response.Count} points at {response.Rate:G9} a second and {stimulus.Count} at {stimulus.Rate:G9}"), "as many of both, at the same rate");
        }

        if (stimulus is not null && isOwn && (number, FileNumber.Of(stimulus.Path)) is ({ } one, { } other) && one != other)
        {
            throw Unlike(response, stimulus, $"numbers {one} and {other} in their names", "the same number");
        }

        return new(response.Path, clamp, Trace(response, options.ResponseUnit), stimulus is null ? null : Trace(stimulus, options.StimulusUnit))
        {
            Index = index, NamedNumber = number, Start = response.Created,
        };
    }

    private static DiagnosticException Unlike(IgorWave response, IgorWave stimulus, string what, string expected) => new(
        "BM2908", $"{Path.GetFileName(response.Path)} and {Path.GetFileName(stimulus.Path)}, its stimulus, have {what}", new Place(response.Path), expected,
        "name responses and stimuli in the same order");

    private static SourceTrace Trace(IgorWave wave, string? unit) => new(wave.Name, unit ?? wave.Unit, wave.Rate, wave.Numbers(), 1, 0, $"recorded as wave {wave.Name}");
}
