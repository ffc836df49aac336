using System.Text;
using BrainModular.Diagnostics;
using BrainModular.Host.Runs;

namespace BrainModular.Host.Reports;

/// <summary>Writes a run's report: one HTML file that needs neither network nor anything beside it, and appears whole or not at all.</summary>
internal static class ReportWriter
{
    /// <exception cref="DiagnosticException">The file cannot be written (BM6103, BM6104).</exception>
    public static void Write(ReportData data, string path)
    {
        var page = ReportPage.Render(data, PageResource.PlotLibrary);
        AtomicFile.Write(path, Encoding.UTF8.GetBytes(page.Text));
    }
}
