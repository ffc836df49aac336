namespace BrainModular.Host.Tests.Reports;

/// <summary>A folder of a test's own that goes away with it.</summary>
internal sealed class ReportFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("report-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
