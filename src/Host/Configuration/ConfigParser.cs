using System.Text;
using System.Text.Json;
using BrainModular.Diagnostics;

namespace BrainModular.Host.Configuration;

/// <summary>
/// Reads JSON with comments and trailing commas into nodes that know their line and column. Duplicate keys are faults; broken JSON ends the
/// reading with its line and column.
/// </summary>
internal static class ConfigParser
{
    private const int DeepestNesting = 64;
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a configuration file.</summary>
    /// <exception cref="DiagnosticException">BM2001: there is no such file; BM2002: it is not JSON; BM6103: it may not be read.</exception>
    public static ConfigNode ReadFile(string path, Faults faults)
    {
        var full = Path.GetFullPath(path);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(full);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DiagnosticException("BM2001", "there is no such configuration file", new(path), inner: exception, cure: SuggestFile(full));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw Directory.Exists(full)
                ? new DiagnosticException("BM2001", "this is a folder", new(path), "a configuration file", SuggestFile(Path.Combine(full, "experiment.json")), exception)
                : new DiagnosticException("BM6103", "the configuration file may not be read", new(path), cure: "change its permissions", inner: exception);
        }

        return Parse(bytes, new(path, Path.GetDirectoryName(full)!), "", faults);
    }

    /// <summary>Reads JSON text; its root gets the given path.</summary>
    /// <exception cref="DiagnosticException">BM2002: it is not JSON.</exception>
    public static ConfigNode Parse(ReadOnlySpan<byte> utf8, Origin origin, string rootPath, Faults faults)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions
        {
            CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = DeepestNesting,
        });
        try
        {
            StrictUtf8.GetCharCount(utf8);
            var text = new PositionedText(utf8);
            reader.Read();
            var root = ReadNode(ref reader, text, new(origin, rootPath), faults);
            while (reader.Read())
            {
            }

            return root;
        }
        catch (JsonException exception)
        {
            var line = (int)(exception.LineNumber ?? 0);
            throw Broken(exception, Reason(exception), new(origin.File, null, line + 1, new PositionedText(utf8).ColumnOnLine(line, (int)(exception.BytePositionInLine ?? 0))));
        }
        catch (DecoderFallbackException exception)
        {
            throw Broken(exception, "a byte is not UTF-8", new(origin.File));
        }
    }

    /// <summary>Reads a value that is JSON where it parses, else a text.</summary>
    public static ConfigNode ParseLiteral(string text, NodePosition at, Faults faults)
    {
        try
        {
            return Parse(Encoding.UTF8.GetBytes(text), at.Origin, at.Path, faults);
        }
        catch (DiagnosticException exception) when (exception.Diagnostics[0].Id == "BM2002")
        {
            return new ConfigText(at, text);
        }
    }

    private static DiagnosticException Broken(Exception exception, string reason, Place place) =>
        new("BM2002", $"this is not valid JSON: {reason}", place, "JSON; // comments and trailing commas are allowed", "mend the text at this place or just before it", exception);

    // The reader's own message ends with positions counted from 0.
    private static string Reason(JsonException exception)
    {
        var message = exception.Message;
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).TrimEnd('.', ' ');
    }

    private static ConfigNode ReadNode(ref Utf8JsonReader reader, PositionedText text, NodePosition at, Faults faults)
    {
        var (line, column) = text.LineAndColumn((int)reader.TokenStartIndex);
        at = at with { Line = line, Column = column };
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => ReadObject(ref reader, text, at, faults),
            JsonTokenType.StartArray => ReadArray(ref reader, text, at, faults),
            JsonTokenType.String => new ConfigText(at, reader.GetString()!),
            JsonTokenType.Number => new ConfigNumber(at, Encoding.UTF8.GetString(reader.ValueSpan)),
            JsonTokenType.True => new ConfigFlag(at, true),
            JsonTokenType.False => new ConfigFlag(at, false),
            _ => new ConfigNull(at),
        };
    }

    private static ConfigObject ReadObject(ref Utf8JsonReader reader, PositionedText text, NodePosition at, Faults faults)
    {
        var members = new Dictionary<string, ConfigMember>();
        var order = new List<ConfigMember>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            var (line, column) = text.LineAndColumn((int)reader.TokenStartIndex);
            var position = at.Member(name) with { Line = line, Column = column };
            reader.Read();
            var member = new ConfigMember(name, position, ReadNode(ref reader, text, at.Member(name), faults));
            if (members.TryAdd(name, member))
            {
                order.Add(member);
            }
            else
            {
                faults.Add("BM2003", $"the key '{name}' stands here for the second time; the first is on line {members[name].NamePosition.Line}", position.Place, cure: "remove one of the two");
            }
        }

        return new(at, order);
    }

    private static ConfigArray ReadArray(ref Utf8JsonReader reader, PositionedText text, NodePosition at, Faults faults)
    {
        var items = new List<ConfigNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadNode(ref reader, text, at.Item(items.Count), faults));
        }

        return new(at, items);
    }

    private static string SuggestFile(string full)
    {
        var folder = Path.GetDirectoryName(full)!;
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];
        var near = NearestNames.Of(Path.GetFileName(full), files.Select(f => Path.GetFileName(f)));
        return near.Count > 0 ? $"did you mean {string.Join(" or ", near.Select(n => Path.Combine(folder, n)))}?" : $"check the path; it was looked for at {full}";
    }
}
