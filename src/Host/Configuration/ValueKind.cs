using System.Text.Json;

namespace BrainModular.Host.Configuration;

/// <summary>A kind of value that a key may have: it reads and checks a node, and writes the value back.</summary>
internal abstract class ValueKind
{
    /// <summary>What is expected, for messages and reference pages: <c>a duration such as "20 ms"</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>The value, or null after a fault was added.</summary>
    public abstract object? Read(ConfigNode node, Faults faults);

    /// <summary>Writes a value that <see cref="Read"/> gave, so that it reads back the same.</summary>
    public abstract void Write(Utf8JsonWriter writer, object value);

    protected object? Refuse(ConfigNode node, Faults faults, string? cure = null)
    {
        faults.Add("BM2005", $"{node.Description} does not fit here", node.Place, Expected, cure);
        return null;
    }
}

internal sealed class TextKind : ValueKind
{
    public override string Expected => "a text";

    public override object? Read(ConfigNode node, Faults faults) => node is ConfigText text ? text.Value : Refuse(node, faults);

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue((string)value);
}

internal sealed class FlagKind : ValueKind
{
    public override string Expected => "true or false";

    public override object? Read(ConfigNode node, Faults faults) => node is ConfigFlag flag ? flag.Value : Refuse(node, faults);

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteBooleanValue((bool)value);
}

internal sealed class ChoiceKind(params string[] choices) : ValueKind
{
    public override string Expected => $"one of {string.Join(", ", choices.Select(c => $"\"{c}\""))}";

    public override object? Read(ConfigNode node, Faults faults) =>
        node is ConfigText text && choices.Contains(text.Value)
            ? text.Value
            : Refuse(node, faults, node is ConfigText wrong ? NearestNames.Cure(wrong.Value, choices) : null);

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue((string)value);
}

/// <summary>A file's or folder's path, taken from the folder of the configuration, or from the current one on the command line.</summary>
internal sealed class PathKind : ValueKind
{
    public override string Expected => "a path";

    public override object? Read(ConfigNode node, Faults faults)
    {
        if (node is not ConfigText { Value.Length: > 0 } text)
        {
            return Refuse(node, faults, node is ConfigText ? "name a file or folder" : null);
        }

        // A path that was resolved once is absolute and stays as it is.
        return Path.GetFullPath(text.Value, text.Position.Origin.Folder);
    }

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue((string)value);
}

/// <summary>One value, or a list of them.</summary>
internal sealed class ListKind(ValueKind item, bool orOne = false) : ValueKind
{
    public ValueKind Item => item;

    public override string Expected => orOne ? $"{item.Expected}, or a list of them" : $"a list; each item is {item.Expected}";

    public override object? Read(ConfigNode node, Faults faults)
    {
        if (node is ConfigArray array)
        {
            return array.Items.Select(i => item.Read(i, faults)).OfType<object>().ToArray();
        }

        if (!orOne)
        {
            return Refuse(node, faults);
        }

        return item.Read(node, faults) is { } one ? new[] { one } : null;
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        writer.WriteStartArray();
        foreach (var one in (object[])value)
        {
            item.Write(writer, one);
        }

        writer.WriteEndArray();
    }
}
