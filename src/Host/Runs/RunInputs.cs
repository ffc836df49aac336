using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace BrainModular.Host.Runs;

/// <summary>What a run was started with: its configuration and the files that this names, by their content. A checkpoint is of these and of no others.</summary>
internal static class RunInputs
{
    private const string Configuration = "configuration";

    /// <summary>The SHA-256 of the configuration and of each file that it names.</summary>
    /// <param name="resolved">The resolved configuration, in which paths are full ones.</param>
    public static JsonObject Describe(ReadOnlyMemory<byte> resolved)
    {
        var hashes = new JsonObject { [Configuration] = Convert.ToHexStringLower(SHA256.HashData(resolved.Span)) };
        foreach (var path in Texts(JsonNode.Parse(resolved.Span)).Where(static t => Path.IsPathFullyQualified(t) && File.Exists(t)).Distinct())
        {
            hashes[path] = HashOf(path);
        }

        return hashes;
    }

    /// <summary>What is not as it was when the run was started. A file that is not there any more is none of it: the experiment itself is refused for that.</summary>
    /// <param name="record">The run's record.</param>
    /// <param name="resolved">The resolved configuration as it is now.</param>
    public static IEnumerable<string> Changes(JsonNode record, ReadOnlyMemory<byte> resolved)
    {
        foreach (var (name, before) in record["inputs"]?.AsObject() ?? [])
        {
            if (name == Configuration ? (string?)before != (string?)Convert.ToHexStringLower(SHA256.HashData(resolved.Span)) : File.Exists(name) && (string?)before != HashOf(name))
            {
                yield return name == Configuration ? "the configuration has changed since the run was started" : $"{name} has changed since the run was started";
            }
        }
    }

    private static string HashOf(string path)
    {
        var hash = "";
        EnvironmentFaults.Guard(path, () =>
        {
            using var stream = File.OpenRead(path);
            hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        });
        return hash;
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject section => section.SelectMany(static m => Texts(m.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
