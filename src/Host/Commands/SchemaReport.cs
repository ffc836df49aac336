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
            foreach (var key in stage.Schema.Keys)
            {
                if (Inner(key.Kind) is { Keys.Count: > 0 } inner)
                {
                    WriteTable(inner, $"`{key.Name}` in `{stage.Name}`", output);
                }
            }
        }
    }

    private static Schema? Inner(ValueKind kind) => kind switch
    {
        SectionKind section => section.Schema,
        ComponentKind component => component.Host,
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
            var absent = key.Required ? "required" : key.Default is null ? "" : $"`{key.Default}`";
            output.WriteLine($"| `{key.Name}` | {key.Kind.Expected.Replace("|", "\\|", StringComparison.Ordinal)} | {absent} | {key.Doc} |");
        }

        output.WriteLine();
    }
}
