using System.Security.Cryptography;
using System.Text.Json.Nodes;
using BrainModular.Diagnostics;

namespace BrainModular.Host.Runs;

/// <summary>
/// What a run was started with: its configuration and the files whose full paths stand in it, by their content. Files that such a file names in turn, and those of a folder, are not among them.
/// </summary>
internal static class RunInputs
{
    private const string Configuration = "configuration";

    /// <summary>What lists programs, which the record describes by themselves: one that has changed does not always make a run begin anew.</summary>
    private const string Plugins = "plugins";

    /// <summary>The SHA-256 of the configuration and of each file that it names, but for plugins.</summary>
    /// <param name="resolved">The resolved configuration, in which paths are full ones.</param>
    /// <param name="withFiles">Whether the files are this run's to read; those of several recordings are described by each recording's own run.</param>
    /// <exception cref="DiagnosticException">BM6103, BM6105: a file cannot be read.</exception>
    public static JsonObject Describe(ReadOnlyMemory<byte> resolved, bool withFiles)
    {
        var hashes = new JsonObject { [Configuration] = Convert.ToHexStringLower(SHA256.HashData(resolved.Span)) };
        if (!withFiles)
        {
            return hashes;
        }

        foreach (var path in JsonNode.Parse(resolved.Span)!.AsObject().Where(static m => m.Key != Plugins).SelectMany(static m => Texts(m.Value)).Where(static t => Path.IsPathFullyQualified(t) && File.Exists(t)).Distinct())
        {
            hashes[path] = HashOf(path);
        }

        return hashes;
    }

    /// <summary>What is not as it was when the run was started. A file that is not there any more is none of it: the experiment itself is refused for that.</summary>
    /// <param name="record">The run's record.</param>
    /// <param name="resolved">The resolved configuration as it is now.</param>
    /// <exception cref="DiagnosticException">BM6103, BM6105: a file cannot be read.</exception>
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

    /// <summary>The full paths of the files in a run's record.</summary>
    /// <param name="record">The record.</param>
    public static IEnumerable<string> Files(JsonNode record) => (record["inputs"]?.AsObject() ?? []).Select(static i => i.Key).Where(static name => name != Configuration);

    private static string HashOf(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new DiagnosticException("BM6103", "permission to the file is denied", new(path), "a file that this user may read", "change the file's or its folder's permissions", exception);
        }
        catch (IOException exception)
        {
            throw new DiagnosticException("BM6105", $"the file cannot be read: {exception.Message}", new(path), "a file that can be read to its end", inner: exception);
        }
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject section => section.SelectMany(static m => Texts(m.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [text],
        _ => [],
    };
}
