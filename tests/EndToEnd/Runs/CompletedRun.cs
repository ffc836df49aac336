using System.Text.Json.Nodes;

namespace BrainModular.EndToEnd.Runs;

/// <summary>One run through fit, simulation and export that several tests look at.</summary>
public sealed class CompletedRun : IDisposable
{
    public CompletedRun()
    {
        Place = new();
        Config = Place.Write("whole.json", Workplace.Fit(after: """ "simulate": { "from": "fit" }, "export": { "from": "fit" } """));
        Outcome = Place.Run("run", "whole.json", "--out", "out", "--seed", "7", "--threads", "1").Succeeded();
        Summary = SummaryText.Read(Folder);
    }

    internal Workplace Place { get; }

    internal string Config { get; }

    internal Outcome Outcome { get; }

    internal JsonObject Summary { get; }

    internal string Folder => Place["out"];

    public void Dispose() => Place.Dispose();
}
