using System.Text;
using BrainModular.Diagnostics;

namespace BrainModular.Host.Reports;

/// <summary>Writes a run's report: one HTML file that needs neither network nor anything beside it, and appears whole or not at all.</summary>
internal static class ReportWriter
{
    /// <exception cref="DiagnosticException">The file cannot be written (BM6601).</exception>
    public static void Write(ReportData data, string path)
    {
        var page = ReportPage.Render(data, PageResource.PlotLibrary);
        var temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write))
            {
                stream.Write(Encoding.UTF8.GetBytes(page.Text));
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new DiagnosticException("BM6601", $"the report cannot be written: {error.Message}", new Place(path),
                "a folder that can be written to, with space left", "free space or name another folder with --out", error);
        }
    }
}
