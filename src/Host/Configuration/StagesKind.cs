using System.Text.Json;

namespace BrainModular.Host.Configuration;

/// <summary>The stages, in file order: the key is the name, the type defaults to it, and <c>from</c> names earlier ones.</summary>
internal sealed class StagesKind(IReadOnlyList<StageType> types) : ValueKind
{
    public override string Expected => $"an object of stages, each of the type {string.Join(", ", types.Select(t => t.Name))}";

    public override object? Read(ConfigNode node, Faults faults)
    {
        if (node is not ConfigObject { Members.Count: > 0 } stages)
        {
            return Refuse(node, faults, "\"stages\": { \"fit\": { ... } }");
        }

        var read = new List<StageConfig>();
        var earlier = new List<string>();
        foreach (var member in stages.Members)
        {
            if (member.Value is ConfigObject given && given.Position.Origin.OnCommandLine && given["type"] is null && types.All(t => t.Name != member.Name))
            {
                // An option that leads to a stage that is not there misses, rather than adding one.
                Schema.RefuseUnknown(member, stages.Members.Select(m => m.Name).Where(name => name != member.Name), faults);
            }
            else if (ReadStage(member, earlier, faults) is { } stage)
            {
                read.Add(stage);
            }

            earlier.Add(member.Name);
        }

        return read;
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        writer.WriteStartObject();
        foreach (var stage in (IReadOnlyList<StageConfig>)value)
        {
            writer.WritePropertyName(stage.Name);
            writer.WriteStartObject();
            if (!stage.Section.IsGiven("type"))
            {
                writer.WriteString("type", stage.Type);
            }

            stage.Section.WriteKeys(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private StageConfig? ReadStage(ConfigMember member, IReadOnlyList<string> earlier, Faults faults)
    {
        if (member.Value is not ConfigObject o)
        {
            faults.Add("BM2005", $"{member.Value.Description} is no stage", member.Value.Place, "an object");
            return null;
        }

        var type = o["type"] is ConfigText text ? text.Value : member.Name;
        var known = types.FirstOrDefault(t => t.Name == type);
        if (known is null)
        {
            faults.Add("BM2011", $"there is no stage type '{type}'", (o["type"] ?? o).Place, Expected, NearestNames.Cure(type, types.Select(t => t.Name)));
            return null;
        }

        var section = known.Schema.Read(o, faults);
        foreach (var (name, index) in (section.Find<object[]>("from") ?? []).Select((name, index) => ((string)name, index)))
        {
            if (!earlier.Contains(name))
            {
                var place = o["from"] is ConfigArray array ? array.Items[index].Place : section.PlaceOf("from");
                faults.Add("BM2012", $"no earlier stage is called '{name}'", place, cure: NearestNames.Cure(name, earlier));
            }
        }

        return known.Make(member.Name, section);
    }
}
