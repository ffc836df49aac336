using System.Globalization;
using BrainModular.Diagnostics;
using BrainModular.Formats.Csv;
using BrainModular.Formats.Nwb;

namespace BrainModular.Host.Conversion;

/// <summary>The sweep of a table in text, of which the user names columns and units.</summary>
internal sealed class TableSource(string path, ConversionOptions options)
{
    /// <exception cref="DiagnosticException">BM2906, BM2912, BM2913.</exception>
    public SourceRecording Read()
    {
        var rate = options.Rate ?? throw Missing("--rate", "its samples per second");
        var table = NumberTable.Open(path);
        SourceTrace Trace(string column, string option, string? unit)
        {
            var isColumn = int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= table.Columns;
            return !isColumn
                ? throw new DiagnosticException("BM2906", $"{option} is '{column}', and the table has {table.Columns} columns", new Place(path), $"a column's number, 1 to {table.Columns}", "name a column that is there")
                : new($"column {number}", unit ?? throw Missing($"{option}-unit", "that column's unit"), rate, table.Column(number - 1), 1, 0, $"read from column {number}");
        }

        var response = Trace(options.Response ?? throw Missing("--response", "the column of what was recorded"), "--response", options.ResponseUnit);
        var stimulus = Trace(options.Stimulus ?? throw Missing("--stimulus", "the column of what was applied"), "--stimulus", options.StimulusUnit);
        return new([new(path, options.Clamp ?? NwbClamp.Current, response, stimulus) { Index = 0, NamedNumber = FileNumber.Of(path) }], "", "", []);
    }

    private DiagnosticException Missing(string option, string what) =>
        new("BM2913", $"a table in text does not say {what}", new Place(path), $"{option} for a file that is neither ABF nor an Igor wave", "add the option, such as --rate 10000 --stimulus 2 --stimulus-unit pA --response 3 --response-unit mV");
}
