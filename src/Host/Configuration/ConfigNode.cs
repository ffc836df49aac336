using BrainModular.Diagnostics;

namespace BrainModular.Host.Configuration;

/// <summary>Where a piece of configuration was written: a file, or a <c>--set</c> option.</summary>
/// <param name="File">The file's path, or the option as it was typed.</param>
/// <param name="Folder">The folder from which relative paths are taken.</param>
/// <param name="OnCommandLine">Whether it is a <c>--set</c> option.</param>
internal sealed record Origin(string File, string Folder, bool OnCommandLine = false);

/// <summary>The position of a node: its origin, its path inside the configuration, and its line and column where it was read from a file.</summary>
internal sealed record NodePosition(Origin Origin, string Path, int? Line = null, int? Column = null)
{
    public Place Place => new(Origin.File, Path, Line, Column);

    public NodePosition Member(string name) => this with { Path = JsonPath.Member(Path, name) };

    public NodePosition Item(int index) => this with { Path = JsonPath.Item(Path, index) };
}

/// <summary>A node of a configuration that knows where it was written. Nodes never change; an override makes new ones.</summary>
internal abstract record ConfigNode(NodePosition Position)
{
    public Place Place => Position.Place;

    /// <summary>What the node is, for messages: <c>an object</c>, <c>the number 3</c>.</summary>
    public abstract string Description { get; }
}

internal sealed record ConfigMember(string Name, NodePosition NamePosition, ConfigNode Value);

internal sealed record ConfigObject(NodePosition Position, IReadOnlyList<ConfigMember> Members) : ConfigNode(Position)
{
    public override string Description => "an object";

    public ConfigNode? this[string name] => Members.FirstOrDefault(m => m.Name == name)?.Value;

    public ConfigObject With(string name, ConfigNode value)
    {
        var member = new ConfigMember(name, value.Position, value);
        return this with
        {
            Members = this[name] is null ? [.. Members, member] : [.. Members.Select(m => m.Name == name ? member : m)],
        };
    }
}

internal sealed record ConfigArray(NodePosition Position, IReadOnlyList<ConfigNode> Items) : ConfigNode(Position)
{
    public override string Description => "a list";

    public ConfigArray With(int index, ConfigNode value) => this with { Items = [.. Items.Select((item, i) => i == index ? value : item)] };
}

internal sealed record ConfigText(NodePosition Position, string Value) : ConfigNode(Position)
{
    public override string Description => $"the text \"{Value}\"";
}

/// <summary>A number, kept as it was written, so that 64-bit seeds lose no digits.</summary>
internal sealed record ConfigNumber(NodePosition Position, string Written) : ConfigNode(Position)
{
    public override string Description => $"the number {Written}";
}

internal sealed record ConfigFlag(NodePosition Position, bool Value) : ConfigNode(Position)
{
    public override string Description => Value ? "true" : "false";
}

internal sealed record ConfigNull(NodePosition Position) : ConfigNode(Position)
{
    public override string Description => "null";
}
