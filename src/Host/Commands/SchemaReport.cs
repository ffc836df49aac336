using BrainModular.Host.Configuration;

namespace BrainModular.Host.Commands;

/// <summary>Every key of a configuration as Markdown, read off the tables that validate it.</summary>
internal static class SchemaReport
{
    public static void Write(Schema schema, TextWriter output)
    {
        WriteTable(schema, "The configuration", output);
        foreach (var stage in ExperimentSchema.StageTypes)
        {
            WriteTable(stage.Schema, $"Stage `{stage.Name}`", output);
            WriteInner(stage.Schema, stage, "", output);
        }
    }

    /// <summary>The objects inside an object, each before those inside it; one that several stages have, at the first of them.</summary>
    private static void WriteInner(Schema schema, StageType stage, string path, TextWriter output)
    {
        foreach (var key in schema.Keys)
        {
            if (Inner(key.Kind) is { Keys.Count: > 0 } inner)
            {
                var stages = ExperimentSchema.StageTypes.Where(s => Has(s.Schema, inner)).ToList();
                if (stages[0] == stage)
                {
                    WriteTable(inner, $"`{key.Name}` in {path}{string.Join(" and ", stages.Select(static s => $"`{s.Name}`"))}", output);
                    WriteInner(inner, stage, $"`{key.Name}` in {path}", output);
                }
            }
        }
    }

    private static bool Has(Schema schema, Schema inner) => schema.Keys.Select(static k => Inner(k.Kind)).OfType<Schema>().Any(s => ReferenceEquals(s, inner) || Has(s, inner));

    private static Schema? Inner(ValueKind kind) => kind switch
    {
        SectionKind section => section.Schema,
        SweepsKind => SweepSetKind.Criteria,
        ComponentKind component => component.Host,
        NamedKind named => Inner(named.Item),
        ListKind list => Inner(list.Item),
        _ => null,
    };

    private static void WriteTable(Schema schema, string title, TextWriter output)
    {
        output.WriteLine($"## {title}");
        output.WriteLine();
        output.WriteLine(schema.Doc);
        output.WriteLine();
        output.WriteLine("| key | value | default | meaning |");
        output.WriteLine("|---|---|---|---|");
        foreach (var key in schema.Keys)
        {
            var absent = key.Required ? key.Unless is { } other ? $"required without `{other}`" : "required" : key.Default is null ? "" : $"`{key.Default}`";
            output.WriteLine($"| `{key.Name}` | {key.Kind.Expected.Replace("|", "\\|", StringComparison.Ordinal)} | {absent} | {key.Doc} |");
        }

        output.WriteLine();
    }
}
