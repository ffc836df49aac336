using System.Globalization;
using System.IO.Compression;
using BrainModular.Diagnostics;

namespace BrainModular.Formats.Tvb;

/// <summary>
/// Reads a connectivity of The Virtual Brain: a zip of text files, <c>weights.txt</c>, <c>tract_lengths.txt</c>, <c>centres.txt</c> and, where
/// there are, <c>areas.txt</c>, <c>cortical.txt</c>, <c>hemispheres.txt</c>, in one folder of it (Sanz Leon et al. 2013,
/// DOI 10.3389/fninf.2013.00010). Entries are read in memory: none is ever written, and none gives more than a fixed number of bytes.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="mostBytes">How many bytes one entry may expand to.</param>
public sealed class TvbArchive(string path, long mostBytes = TvbArchive.MostBytes)
{
    /// <summary>How many bytes one entry may expand to: weights between 4000 regions.</summary>
    public const long MostBytes = 1L << 28;

    private const string Expected = "a zip with weights.txt, tract_lengths.txt and centres.txt";

    /// <summary>Reads the file.</summary>
    /// <exception cref="DiagnosticException">
    /// BM3001 missing, BM3002 a folder, BM3003 empty, BM3240 not a zip or damaged, BM3241 an entry is missing or ambiguous, BM3242 an entry's name leads
    /// out of the archive, BM3243 an entry expands to too much, BM3223 a cell is no number, BM3228 sizes that do not fit together.
    /// </exception>
    public TvbConnectivity Read()
    {
        using var stream = InputFile.Open(path, Expected);
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            return Read(zip);
        }
        catch (InvalidDataException exception)
        {
            throw new DiagnosticException("BM3240", $"the zip cannot be read: {exception.Message}", new Place(path), Expected, "copy or download the file again", exception);
        }
    }

    private TvbConnectivity Read(ZipArchive zip)
    {
        foreach (var entry in zip.Entries.Where(entry => LeadsOut(entry.FullName)))
        {
            throw new DiagnosticException(
                "BM3242", "the entry's name leads out of the archive", new Place(path, entry.FullName), "names of files inside the archive", "do not trust this file");
        }

        var weightsEntry = Find(zip, null, "weights.txt") ?? throw Missing("weights.txt", zip);
        var folder = weightsEntry.FullName[..^"weights.txt".Length];
        var weights = Numbers(weightsEntry);
        var count = weights.Length;
        var centresEntry = Find(zip, folder, "centres.txt") ?? Find(zip, folder, "centers.txt") ?? throw Missing("centres.txt", zip);
        var centres = Rows(centresEntry).ToArray();
        CheckSize(weightsEntry, weights, count, count);
        // Some files have further columns after the three coordinates.
        var positions = centres.Select(row => Enumerable.Range(1, Math.Min(3, row.Cells.Length - 1)).Select(column => Number(centresEntry, row, column)).ToArray()).ToArray();
        CheckSize(centresEntry, positions, count, 3);
        return new TvbConnectivity(
            [.. centres.Select(row => row.Cells[0])], positions, weights, Matrix(zip, folder, "tract_lengths.txt", count), Vector(zip, folder, "areas.txt", count),
            Vector(zip, folder, "cortical.txt", count), Vector(zip, folder, "hemispheres.txt", count));
    }

    private static bool LeadsOut(string name) =>
        name.StartsWith('/') || name.Contains('\\', StringComparison.Ordinal) || name.Contains(':', StringComparison.Ordinal) || name.Split('/').Contains("..");

    // What macOS adds beside each file is not looked at.
    private ZipArchiveEntry? Find(ZipArchive zip, string? folder, string name)
    {
        var found = zip.Entries.Where(entry => entry.Name == name && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal)
            && (folder is null || entry.FullName == folder + name)).ToArray();
        return found.Length <= 1 ? found.FirstOrDefault() : throw new DiagnosticException(
            "BM3241", $"the archive has {found.Length} entries {name}", new Place(path, found[1].FullName), "one", "make an archive with one connectivity");
    }

    private double[][]? Matrix(ZipArchive zip, string folder, string name, int count)
    {
        if (Find(zip, folder, name) is not { } entry)
        {
            return null;
        }

        var matrix = Numbers(entry);
        CheckSize(entry, matrix, count, count);
        return matrix;
    }

    // Some files have a number a line, others all in one.
    private double[]? Vector(ZipArchive zip, string folder, string name, int count)
    {
        if (Find(zip, folder, name) is not { } entry)
        {
            return null;
        }

        double[] numbers = [.. Numbers(entry).SelectMany(row => row)];
        CheckSize(entry, [numbers], 1, count);
        return numbers;
    }

    private double[][] Numbers(ZipArchiveEntry entry) =>
        [.. Rows(entry).Select(row => row.Cells.Select((_, i) => Number(entry, row, i)).ToArray())];

    private IEnumerable<(string[] Cells, int Line)> Rows(ZipArchiveEntry entry)
    {
        using var reader = new StreamReader(new BoundedStream(entry.Open(), mostBytes, () => new DiagnosticException(
            "BM3243", $"the entry expands to more than {mostBytes} bytes", new Place(path, entry.FullName), $"at most {mostBytes} bytes", "do not trust this file")));
        var line = 0;
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } cells)
            {
                yield return (cells, line);
            }
        }
    }

    private double Number(ZipArchiveEntry entry, (string[] Cells, int Line) row, int column) =>
        double.TryParse(row.Cells[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw new DiagnosticException(
                "BM3223", $"'{row.Cells[column]}' is no number", new Place(path, entry.FullName, row.Line, column + 1), "a finite number with a decimal point", "mend the cell");

    private void CheckSize(ZipArchiveEntry entry, double[][] rows, int count, int width)
    {
        if (rows.Length != count || Array.Exists(rows, row => row.Length != width))
        {
            var odd = Array.Find(rows, row => row.Length != width)?.Length ?? width;
            throw new DiagnosticException(
                "BM3228", $"the entry has {rows.Length} rows of {odd} numbers", new Place(path, entry.FullName), $"{count} rows of {width}", "mend the entry, or copy the file again");
        }
    }

    private DiagnosticException Missing(string name, ZipArchive zip) => new(
        "BM3241", $"the archive has no entry {name}", new Place(path),
        $"{Expected}; it has {string.Join(", ", zip.Entries.Select(entry => entry.FullName).Take(10).DefaultIfEmpty("none"))}",
        "name a connectivity's archive; entries compressed once more (.bz2) have to be unpacked first");
}
