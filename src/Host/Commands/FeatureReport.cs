using BrainModular.Engine.Features;

namespace BrainModular.Host.Commands;

/// <summary>Every electrophysiological feature as Markdown, read off the tables that compute them.</summary>
internal static class FeatureReport
{
    public static void Write(TextWriter output)
    {
        foreach (var (group, features) in FeatureCatalog.Groups)
        {
            output.WriteLine($"## {group}");
            output.WriteLine();
            output.WriteLine("| feature | unit | what |");
            output.WriteLine("|---|---|---|");
            foreach (var feature in features)
            {
                output.WriteLine($"| `{feature.Name}` | {feature.Unit} | {feature.Definition} |");
            }

            output.WriteLine();
        }
    }
}
