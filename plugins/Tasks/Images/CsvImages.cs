using System.Globalization;
using System.Text;
using BrainModular.Diagnostics;

namespace BrainModular.Plugins.Tasks.Images;

/// <summary>Images as text: one a line, values of at least 0 separated by commas, the label last.</summary>
internal static class CsvImages
{
    public static ImageSet Read(string path, byte[] bytes)
    {
        List<float> values = [];
        List<int> labels = [];
        var pixels = -1;
        var number = 0;
        foreach (var line in Encoding.UTF8.GetString(bytes).AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace())
            {
                continue;
            }

            var before = values.Count;
            ReadLine(path, line, number, values, labels);
            var found = values.Count - before;
            if (pixels >= 0 && found != pixels)
            {
                throw new DiagnosticException(
                    "BM3203", $"the image has {found} values", new(path, Line: number, Column: 1), $"{pixels} values and a label, as in the lines before", "complete or leave out the line");
            }

            pixels = found;
        }

        return pixels > 0
            ? ImageSet.Scale(pixels, [.. values], [.. labels])
            : throw new DiagnosticException("BM3203", "the file holds no images", new(path, Line: 1, Column: 1), "one image a line, values and then a label", "check the path");
    }

    private static void ReadLine(string path, ReadOnlySpan<char> line, int number, List<float> values, List<int> labels)
    {
        foreach (var cell in line.Split(','))
        {
            var text = line[cell];
            var place = new Place(path, Line: number, Column: cell.Start.GetOffset(line.Length) + 1);
            if (cell.End.GetOffset(line.Length) == line.Length)
            {
                labels.Add(int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var label) && label is >= 0 and <= ImageSet.HighestLabel
                    ? label
                    : throw new DiagnosticException("BM3202", $"'{text}' is no label", place, $"a whole number from 0 to {ImageSet.HighestLabel} at the end of the line", "mend the line"));
            }
            else
            {
                values.Add(float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value) && value >= 0
                    ? value
                    : throw new DiagnosticException("BM3202", $"'{text}' is no intensity", place, "a number of at least 0", "mend the line; a line of names has to go"));
            }
        }
    }
}
