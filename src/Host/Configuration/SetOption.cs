using BrainModular.Diagnostics;

namespace BrainModular.Host.Configuration;

/// <summary>
/// One <c>--set a.b[0].c=VALUE</c>: VALUE is JSON where it parses, else a text. Whether the path is a key that exists or that the schema
/// knows is found out by validating the result, whose nodes remember that they came from the command line.
/// </summary>
internal sealed record SetOption(string Written, IReadOnlyList<PathStep> Path, ConfigNode Value)
{
    /// <summary>Reads an option's argument.</summary>
    /// <exception cref="DiagnosticException">BM1101: it is not PATH=VALUE.</exception>
    public static SetOption Parse(string written, string currentFolder)
    {
        var place = new Place($"--set {written}");
        var equals = written.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            throw new DiagnosticException("BM1101", "--set needs a value", place, "PATH=VALUE", "--set stages.fit.starts=5");
        }

        var path = written[..equals].Trim();
        if (!JsonPath.TryParse(path, out var steps))
        {
            throw new DiagnosticException("BM1101", $"'{path}' is not a path", place, "names separated by dots, items as [0]", "--set stages.fit.recording.path=FILE");
        }

        return new(written, steps, ParseValue(written[(equals + 1)..], new(place.File!, currentFolder, OnCommandLine: true), path));
    }

    /// <summary>The configuration with this value in place.</summary>
    /// <exception cref="DiagnosticException">BM1102: the path leads through something that is no object or list, or to an item that is not there.</exception>
    public ConfigNode ApplyTo(ConfigNode root) => Replace(root, 0);

    private static ConfigNode ParseValue(string text, Origin origin, string path)
    {
        var faults = new Faults();
        var node = ConfigParser.ParseLiteral(text, new(origin, path), faults);
        faults.ThrowIfAny();
        return WithoutLines(node);
    }

    // Lines and columns inside an option would only confuse.
    private static ConfigNode WithoutLines(ConfigNode node) => node switch
    {
        ConfigObject o => o with { Position = Bare(o), Members = [.. o.Members.Select(m => new ConfigMember(m.Name, m.NamePosition with { Line = null, Column = null }, WithoutLines(m.Value)))] },
        ConfigArray a => a with { Position = Bare(a), Items = [.. a.Items.Select(WithoutLines)] },
        _ => node with { Position = Bare(node) },
    };

    private static NodePosition Bare(ConfigNode node) => node.Position with { Line = null, Column = null };

    private ConfigNode Replace(ConfigNode node, int depth)
    {
        if (depth == Path.Count)
        {
            return Value;
        }

        var step = Path[depth];
        return (node, step.Name) switch
        {
            (ConfigObject o, { } name) => o.With(name, Replace(o[name] ?? Missing(depth), depth + 1)),
            (ConfigArray a, null) when step.Index < a.Items.Count => a.With(step.Index, Replace(a.Items[step.Index], depth + 1)),
            (ConfigArray a, null) => throw Unreachable($"there is no item {step}: the list has {a.Items.Count}", $"an index below {a.Items.Count}"),
            _ => throw Unreachable($"'{step}' cannot be reached: what stands before it is {node.Description}", step.Name is null ? "a list there" : "an object there"),
        };
    }

    // What an override adds on its way is an empty object; where an item is wanted, nothing can be made up.
    private ConfigObject Missing(int depth) => new(new(Value.Position.Origin, string.Join('.', Path.Take(depth + 1))), []);

    private DiagnosticException Unreachable(string problem, string expected) =>
        new("BM1102", problem, new(Value.Position.Origin.File), expected, "compare the path with the configuration");
}
