using BrainModular.Diagnostics;

namespace BrainModular.Formats.Tables;

/// <summary>Files of other programs that hold tables and are none that is read here. They are known by how they begin, and refused by name before they are taken for text.</summary>
internal static class ForeignTable
{
    private const string Saved = "save the table as CSV";

    private static readonly (byte[] Begin, string Name, string Cure)[] Formats =
    [
        ([0x93, .. "NUMPY"u8], "a NumPy file", "save the array as CSV: numpy.savetxt(\"table.csv\", array, delimiter=\",\")"),
        ([.. "MATLAB 5.0 MAT-file"u8], "a MATLAB file", "save the matrix as CSV: writematrix(matrix, \"table.csv\")"),
        ([.. "MATLAB 7.3 MAT-file"u8], "a MATLAB file", "save the matrix as CSV: writematrix(matrix, \"table.csv\")"),
        ([0x89, .. "HDF\r\n"u8, 0x1A, (byte)'\n'], "an HDF5 file", $"{Saved}; a connectome of SONATA is read with the type sonata, one of The Virtual Brain with the type tvb"),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Excel 97 file", "save the workbook as .xlsx, or its sheet as CSV"),
        ([.. "PAR1"u8], "a Parquet file", Saved),
        ([.. "<?xml"u8], "an XML file", "save the edges as CSV: of a graph, a row with source, target and weight for each"),
        ([.. "<graphml"u8], "an XML file", "save the edges as CSV: a row with source, target and weight for each"),
    ];

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Opens a file that is to hold a table of text, or one that <see cref="StructuredTable"/> knows.</summary>
    /// <exception cref="DiagnosticException">As <see cref="InputFile.Open"/>; BM3247: it is a file of another program.</exception>
    public static FileStream OpenOther(string path)
    {
        var stream = InputFile.Open(path, "a table of text");
        Span<byte> begin = stackalloc byte[32];
        begin = begin[..stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false)];
        stream.Position = 0;
        begin = begin.StartsWith(ByteOrderMark) ? begin[ByteOrderMark.Length..] : begin;
        foreach (var (known, name, cure) in Formats)
        {
            if (begin.StartsWith(known))
            {
                stream.Dispose();
                throw new DiagnosticException("BM3247", $"this is {name}", new Place(path), "a table of text (CSV, TSV), a workbook (.xlsx) or an SQLite database", cure);
            }
        }

        return stream;
    }
}
