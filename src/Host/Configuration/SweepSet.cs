using System.IO.Enumeration;
using System.Text.Json;
using BrainModular.Recordings;
using BrainModular.Symbolics;

namespace BrainModular.Host.Configuration;

/// <summary>Sweeps of a recording: by their numbers alone, or by what is said of them, of which all has to hold.</summary>
/// <param name="numbers">Their numbers in the order to take them, where nothing else is said.</param>
/// <param name="chosen">By what they are chosen, where it is not by numbers alone.</param>
internal sealed class SweepSet(IReadOnlyList<long>? numbers, ConfigSection? chosen = null)
{
    /// <summary>Their numbers, where nothing else is said.</summary>
    public IReadOnlyList<long>? Numbers => numbers;

    /// <summary>By what they are chosen, where it is not by numbers alone.</summary>
    public ConfigSection? Chosen => chosen;

    /// <summary>The numbers of those sweeps among what a file has. Numbers alone are not looked for there.</summary>
    /// <param name="available">The file's sweeps.</param>
    /// <param name="amplitude">The amplitude of a sweep's stimulus, in nA.</param>
    public IReadOnlyList<long> Among(IReadOnlyList<SweepInfo> available, Func<SweepInfo, double> amplitude)
    {
        if (chosen is null)
        {
            return numbers!;
        }

        var (listed, stimulus, text) = (chosen.Find<IReadOnlyList<long>>("numbers"), chosen.Find<string>("stimulus"), chosen.Find<string>("text"));
        var found = available.Where(s => listed?.Contains(s.Number) != false && (stimulus is null || HasStimulus(s, stimulus)) && (text is null || SaysOf(s, text)));
        if (chosen.Find<ConfigSection>("amplitude") is { } bounds)
        {
            var (lower, upper) = (bounds.FindValue<Quantity>("lower")?.InEngineUnits ?? double.NegativeInfinity, bounds.FindValue<Quantity>("upper")?.InEngineUnits ?? double.PositiveInfinity);
            found = found.Where(s => amplitude(s) is var strength && strength >= lower && strength <= upper);
        }

        return [.. found.Select(static s => s.Number).Distinct()];
    }

    private static bool HasStimulus(SweepInfo sweep, string pattern) => new[] { sweep.StimulusName, sweep.Stimulus?[(sweep.Stimulus.LastIndexOf('/') + 1)..] ?? "" }
        .Any(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: true));

    private static bool SaysOf(SweepInfo sweep, string text) => sweep.Texts.Append(sweep.StimulusName).Any(t => t.Contains(text, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A set of sweeps: numbers and ranges, or an object that says by what they are chosen.</summary>
internal sealed class SweepSetKind : ValueKind
{
    private static readonly QuantityKind Current = new(Dimension.ElectricCurrent, "50 pA");

    /// <summary>By what sweeps can be chosen.</summary>
    public static Schema Criteria { get; } = new("sweeps", "Sweeps chosen by what the file says of them; of several keys all have to hold. They are also taken by 'train' and 'test'.",
    [
        new("numbers", new NumbersKind(), "Their numbers."),
        new("stimulus", new TextKind(), "The stimulus's kind or description, or the name of its series, such as \"*Long Square*\"; in it * stands for any characters and ? for one, and case does not matter."),
        new("text", new TextKind(), "What a description or comment of the sweep contains; case does not matter."),
        new("amplitude", new SectionKind(new("amplitude", "How far the injected current goes from where it begins: the median beyond half of its greatest deviation from its first millisecond, within what is taken of the sweep.",
        [
            new("lower", Current, "The least; by default there is none."),
            new("upper", Current, "The greatest; by default there is none."),
        ])), "How strong the injected current is, such as { \"lower\": \"50 pA\" }; negative where it goes down."),
    ]);

    public override string Expected => "sweep numbers and ranges such as \"1,3,5-9\" or [1, 2], each number once, or what they are chosen by, such as { \"stimulus\": \"*square*\" }";

    public override object? Read(ConfigNode node, Faults faults) => node is ConfigObject { Members.Count: > 0 } o
        ? new SweepSet(null, Criteria.Read(o, faults))
        : NumbersKind.Parse(node) is { } numbers ? new SweepSet(numbers) : Refuse(node, faults);

    public override void Write(Utf8JsonWriter writer, object value)
    {
        var set = (SweepSet)value;
        if (set.Chosen is { } chosen)
        {
            chosen.Write(writer);
        }
        else
        {
            writer.WriteStringValue(string.Join(',', set.Numbers!));
        }
    }
}
