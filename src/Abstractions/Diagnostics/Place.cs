namespace BrainModular.Diagnostics;

/// <summary>Where a fault lies: a file, a place inside it (JSON path, HDF5 path, node name) and, in text, a line and column.</summary>
/// <param name="File">The file's path, or null where the fault lies in no file.</param>
/// <param name="Path">A path inside the file, such as <c>stages.fit.neuron.type</c> or <c>/acquisition/series_01</c>.</param>
/// <param name="Line">The 1-based line in a text file.</param>
/// <param name="Column">The 1-based column in a text file.</param>
public readonly record struct Place(string? File = null, string? Path = null, int? Line = null, int? Column = null)
{
    /// <summary>The place as <c>file:line:column (path)</c>, with what is unknown left out.</summary>
    public override string ToString()
    {
        var text = File ?? "";
        if (Line is { } line)
        {
            text += Column is { } column ? $":{line}:{column}" : $":{line}";
        }

        return (text.Length, string.IsNullOrEmpty(Path)) switch
        {
            (_, true) => text,
            (0, false) => Path!,
            _ => $"{text} ({Path})",
        };
    }
}
