using System.Text.Json;
using BrainModular.Recordings;

namespace BrainModular.Host.Configuration;

/// <summary>Which sweeps of a recording are fitted and which are held out.</summary>
/// <param name="Train">The sweeps to fit; null: all of them.</param>
/// <param name="Test">The sweeps held out; null: every third of <paramref name="Train"/>, or none where sweeps are split in time.</param>
internal sealed record SweepChoice(SweepSet? Train, SweepSet? Test)
{
    /// <summary>Applies the choice to the sweeps that a file has.</summary>
    /// <param name="available">What it has.</param>
    /// <param name="amplitude">The amplitude of a sweep's stimulus, in nA.</param>
    /// <param name="everyThird">Whether every third is held out where none is named.</param>
    public (IReadOnlyList<long> Train, IReadOnlyList<long> Test) Split(IReadOnlyList<SweepInfo> available, Func<SweepInfo, double> amplitude, bool everyThird)
    {
        var all = Train?.Among(available, amplitude) ?? [.. available.Select(static s => s.Number).Distinct()];
        var test = Test?.Among(available, amplitude);
        return test is not null || !everyThird
            ? ([.. all.Except(test ?? [])], test ?? [])
            : ([.. all.Where((_, i) => i % 3 != 2)], [.. all.Where((_, i) => i % 3 == 2)]);
    }
}

/// <summary>Sweeps: a set of them, or one for each of train and test.</summary>
internal sealed class SweepsKind : ValueKind
{
    private const string None = "none";
    private static readonly string[] Keys = ["train", "test"];
    private static readonly SweepSetKind Set = new();

    public override string Expected => $"{Set.Expected}; or {{ \"train\": ..., \"test\": ... }} of such, where test may be \"{None}\"";

    public override object? Read(ConfigNode node, Faults faults)
    {
        if (node is not ConfigObject o)
        {
            return NumbersKind.Parse(node) is { } numbers ? new SweepChoice(new(numbers), null) : Refuse(node, faults);
        }

        if (o.Members.Any(static m => SweepSetKind.Criteria.KeyNames.Contains(m.Name)))
        {
            return Set.Read(o, faults) is SweepSet chosen ? new SweepChoice(chosen, null) : null;
        }

        foreach (var unknown in o.Members.Where(m => !Keys.Contains(m.Name)))
        {
            Schema.RefuseUnknown(unknown, Keys.Concat(SweepSetKind.Criteria.KeyNames), faults);
        }

        var train = o["train"] is { } t ? Set.Read(t, faults) as SweepSet : null;
        var test = o["test"] is ConfigText { Value: None } ? new SweepSet([]) : o["test"] is { } s ? Set.Read(s, faults) as SweepSet : null;
        if (train?.Numbers is { } fitted && test?.Numbers is { } heldOut && fitted.Intersect(heldOut).Any())
        {
            faults.Add("BM2010", $"sweep {fitted.Intersect(heldOut).First()} is both fitted and held out", o.Place, cure: "name each sweep once");
        }

        return new SweepChoice(train, test);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        var choice = (SweepChoice)value;
        if (choice is { Train: { } only, Test: null })
        {
            Set.Write(writer, only);
            return;
        }

        writer.WriteStartObject();
        foreach (var (key, set) in Keys.Zip([choice.Train, choice.Test]).Where(static p => p.Second is not null))
        {
            writer.WritePropertyName(key);
            if (set!.Numbers is [])
            {
                writer.WriteStringValue(None);
            }
            else
            {
                Set.Write(writer, set);
            }
        }

        writer.WriteEndObject();
    }
}
