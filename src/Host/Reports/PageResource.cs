namespace BrainModular.Host.Reports;

/// <summary>The parts of the page that the build embeds into the host.</summary>
internal static class PageResource
{
    public static string Style => Read("report.css")!;

    public static string Script => Read("training.js") + Read("uncertainty.js") + Read("report.js");

    /// <summary>plotly.js, or null where the host was built without npm's packages.</summary>
    public static string? PlotLibrary => Read("plotly.js");

    private static string? Read(string name)
    {
        using var stream = typeof(PageResource).Assembly.GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
