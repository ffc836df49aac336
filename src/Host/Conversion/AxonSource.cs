using BrainModular.Diagnostics;
using BrainModular.Formats.Arrays;
using BrainModular.Formats.Axon;
using BrainModular.Formats.Nwb;

namespace BrainModular.Host.Conversion;

/// <summary>
/// The sweeps of an Axon file. Which channels are responses follows from their units: where potentials are recorded it is current clamp, else voltage clamp. The
/// stimulus is a recorded channel of the other quantity, or, where there is none, the command as its epochs describe it.
/// </summary>
internal sealed class AxonSource(AxonFile file, ConversionOptions options)
{
    private const string NoStimulus = "none";

    private readonly List<Diagnostic> warnings = [];

    /// <exception cref="DiagnosticException">BM2906, BM2907, BM2909.</exception>
    public SourceRecording Read()
    {
        var clamp = options.Clamp ?? (file.Channels.Any(static c => QuantityOf(c.Unit) == ClampQuantity.Potential) ? NwbClamp.Current : NwbClamp.Voltage);
        var responses = Responses(ConversionOptions.ResponseOf(clamp));
        var stimuli = responses.Select((_, i) => StimulusOf(i, responses, ConversionOptions.StimulusOf(clamp))).ToArray();
        var electrodes = Electrodes(responses);
        var sweeps =
            from sweep in Enumerable.Range(0, file.Sweeps.Count)
            from i in Enumerable.Range(0, responses.Count)
            let response = Recorded(sweep, responses[i], options.ResponseUnit)
            select new SourceSweep(file.Path, clamp, response, stimuli[i]?.Invoke(sweep))
            {
                Index = sweep,
                Start = file.Start?.AddSeconds(file.Sweeps[sweep].Start),
                Protocol = file.Protocol.Length > 0 ? file.Protocol[(file.Protocol.LastIndexOfAny(['\\', '/']) + 1)..] : "N/A",
                Electrode = electrodes[i],
            };
        return new([.. sweeps], file.Protocol, file.Comment, warnings);
    }

    private static ClampQuantity? QuantityOf(string unit) => ClampUnit.Parse(unit)?.Quantity;

    private List<int> Responses(ClampQuantity quantity)
    {
        List<int> channels = [.. Enumerable.Range(0, file.Channels.Count).Where(i => options.Response is { } pattern
            ? ConversionOptions.Matches(pattern, file.Channels[i].Name)
            : QuantityOf(file.Channels[i].Unit) == quantity)];
        return channels.Count > 0 ? channels
            : options.Response is { } named ? throw Unknown(named, "--response", "no channel", file.Channels.Select(static c => c.Name))
            : throw new DiagnosticException(
                "BM2909", $"no channel has a unit of {(quantity == ClampQuantity.Potential ? "potential" : "current")}: {Listed(Enumerable.Range(0, file.Channels.Count))}", new Place(file.Path), "a recorded response",
                "name the channel with --response and its unit with --response-unit, or choose the other kind of clamp with --clamp");
    }

    // Each has a name of its own: those whose channels' names come to the same are numbered.
    private string[] Electrodes(List<int> responses)
    {
        if (responses.Count == 1)
        {
            return ["electrode"];
        }

        var taken = new HashSet<string>(StringComparer.Ordinal);
        return [.. responses.Select(channel =>
        {
            var name = $"electrode_{string.Concat(file.Channels[channel].Name.Select(static c => char.IsAsciiLetterOrDigit(c) ? c : '_'))}";
            var own = name;
            for (var number = 2; !taken.Add(own); number++)
            {
                own = $"{name}_{number}";
            }

            return own;
        })];
    }

    private string Listed(IEnumerable<int> channels) => string.Join(", ", channels.Select(i => $"{file.Channels[i].Name} in '{file.Channels[i].Unit}'"));

    private SourceTrace Recorded(int sweep, int channel, string? unit)
    {
        var about = file.Channels[channel];
        return new(about.Name, unit ?? about.Unit, file.Rate, file.Samples(file.Sweeps[sweep], channel), about.Scale, about.Offset, $"recorded as channel {about.Name}");
    }

    private Func<int, SourceTrace>? StimulusOf(int response, List<int> responses, ClampQuantity quantity)
    {
        if (options.Stimulus == NoStimulus)
        {
            return null;
        }

        int[] channels = [.. Enumerable.Range(0, file.Channels.Count).Except(responses).Where(i => options.Stimulus is { } pattern
            ? ConversionOptions.Matches(pattern, file.Channels[i].Name)
            : QuantityOf(file.Channels[i].Unit) == quantity)];
        if (channels.Length == 1 || channels.Length == responses.Count)
        {
            var channel = channels[channels.Length == 1 ? 0 : response];
            return sweep => Recorded(sweep, channel, options.StimulusUnit);
        }

        if (channels.Length > 0)
        {
            throw new DiagnosticException(
                "BM2907", $"{channels.Length} recorded channels could be the stimulus of {responses.Count} {(responses.Count == 1 ? "response" : "responses")}: {Listed(channels)}", new Place(file.Path),
                "one for each response, or one for all of them", "name the channel or a command of the protocol with --stimulus, or 'none', and the responses with --response");
        }

        return CommandOf(response, responses, quantity) is not { } command ? null : sweep => new(
            command.Name, options.StimulusUnit ?? command.Unit, file.Rate,
            new NumberStream<double>(file.Sweeps[sweep].Count, new AxonWaveformBuilder(command, sweep, file.Sweeps[sweep].Count).Pieces()), 1, 0,
            $"commanded by {command.Name}, by the protocol's {(command.Epochs.Count > 0 ? "epochs" : "holding level")},");
    }

    // Among several commands a lone response has the one that did something, others those of their own place.
    private AxonCommand? CommandOf(int response, List<int> responses, ClampQuantity quantity)
    {
        AxonCommand[] commands = [.. file.Commands.Where(c => options.Stimulus is { } pattern ? ConversionOptions.Matches(pattern, c.Name) : QuantityOf(c.Unit) == quantity)];
        if (options.Stimulus is { } named && commands.Length == 0)
        {
            var others = file.Channels.Where((_, i) => !responses.Contains(i)).Select(static c => c.Name);
            throw Unknown(named, "--stimulus", "no command, and no channel but the responses,", others.Concat(file.Commands.Select(static c => c.Name)).Append(NoStimulus));
        }

        var command = responses.Count == 1
            ? commands.FirstOrDefault(static c => c.Source is not (AxonWaveform.Holding or AxonWaveform.Unsaid)) ?? commands.FirstOrDefault()
            : commands.FirstOrDefault(c => c.Number == response);
        if (command is { IsKnown: true })
        {
            return command;
        }

        var why = command?.Source switch
        {
            null when commands.Length > 0 => $"channel {file.Channels[responses[response]].Name} is response {response + 1} of {responses.Count}, and no command has its place, only {string.Join(", ", commands.Select(static c => c.Name))}",
            null => $"no command has a unit of {(quantity == ClampQuantity.Potential ? "potential" : "current")}",
            AxonWaveform.File => $"{command.Name} came from another file",
            AxonWaveform.Varied => $"a list of the user's, or an alternation between outputs, changed {command.Name} from sweep to sweep",
            AxonWaveform.Unsaid => $"a file of version {file.Version:0.##} does not say what {command.Name} was",
            _ => $"{command.Name} has an epoch of a shape that is not known, or one that repeats itself without a period",
        };
        warnings.Add(new("BM2910", $"sweeps are written without a stimulus: {why}", new(file.Path), "a recorded stimulus, or a command that the file's epochs describe",
            responses.Count > 1
                ? $"where not all of {string.Join(", ", responses.Select(i => file.Channels[i].Name))} are responses, name the one that is with --response; else the stimulus with --stimulus"
                : "name the stimulus with --stimulus"));
        return null;
    }

    private DiagnosticException Unknown(string name, string option, string nothing, IEnumerable<string> there) => new(
        "BM2906", $"{option} is '{name}', and {nothing} has such a name", new Place(file.Path), $"one of {string.Join(", ", there)}", "name what is there; * stands for any characters");
}
