using System.Diagnostics;
using System.Text.Json.Nodes;

namespace BrainModular.EndToEnd.Runs;

/// <summary>Runs that are interrupted go on to the bits of one that was not.</summary>
public sealed class InterruptionTests : IDisposable
{
    /// <summary>Sixteen cells as the fit found them learn which side a cue was on.</summary>
    private const string Training = """
        "train": {
          "network": {
            "rescaling": { "fitted": "fit" },
            "populations": { "cells": { "count": 16, "fitted": "fit", "neuron": { "type": "leaky-integrate-and-fire" } }, "readout": { "neuron": { "type": "leaky-readout" } } },
            "synapses": { "excitation": { "type": "exponential-current", "parameters": { "tau": "10 ms" } } },
            "projections": {
              "in": { "from": "input", "to": "cells", "synapse": "excitation", "weights": { "scale": 2 } },
              "among": { "from": "cells", "to": "cells", "synapse": "excitation", "weights": { "scale": 0.5 } },
              "out": { "from": "cells", "to": "readout" }
            }
          },
          "task": { "type": "evidence-accumulation", "cues": 1, "cue": "30 ms", "gap": "5 ms", "delay": "10 ms", "recall": "15 ms", "channels": 5, "cueRate": "200 Hz", "recallRate": "100 Hz" },
          "batch": 32, "maxTrials": 12800, "validateEvery": 20, "validationTrials": 64, "evaluationTrials": 64
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Workplace place = new();

    public void Dispose() => place.Dispose();

    [SkippableTheory]
    [InlineData("\"l-bfgs-b\", \"maxIterations\": 60, \"ftol\": 0", "INT", "KILL", "INT,KILL")]
    [InlineData("\"adam\", \"maxIterations\": 100", "TERM")]
    public void A_run_that_was_interrupted_goes_on_to_the_same_bits(string optimizer, params string[] interruptions)
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        var config = Workplace.Fit(neuron: """{ "type": "hodgkin-huxley" }""", after: """ "simulate": { "from": "fit" } """);
        place.Write("long.json", config.Replace("\"l-bfgs-b\", \"maxIterations\": 8", optimizer, StringComparison.Ordinal));
        RunWhole();
        foreach (var name in interruptions)
        {
            string[] command = ["run", "long.json", "--out", name];
            foreach (var signal in name.Split(','))
            {
                Interrupt(signal, name, command);
                command = ["resume", name];
            }

            AssertSameBits(name, place.Run(command).Succeeded());
        }
    }

    [SkippableFact]
    public void A_run_that_was_interrupted_in_its_search_goes_on_in_it_to_the_same_bits()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        const string name = "searching", search = """ "search": { "type": "differential-evolution", "population": 256, "maxGenerations": 60 },""";
        place.Write("long.json", Workplace.Fit(neuron: """{ "type": "hodgkin-huxley" }""", keys: search));
        RunWhole();
        Interrupt("INT", name, ["run", "long.json", "--out", name]);
        var first = Metrics(name);
        Assert.All(first, static line => Assert.Equal(0, (int)line["round"]!));
        Interrupt("INT", name, ["resume", name]);
        var second = Metrics(name);
        Assert.All(second, static line => Assert.Equal(0, (int)line["round"]!));
        Assert.True(first.Count < second.Count);

        var resumed = place.Run("resume", name).Succeeded();
        Assert.StartsWith($"fit: round 1 of 2, iteration {second.Count + 1},", resumed.Error, StringComparison.Ordinal);
        AssertSameBits(name, resumed);
        Assert.Equal([0, 1], Metrics(name).Select(static line => (int)line["round"]!).Distinct());
    }

    [SkippableFact]
    public void A_sampler_that_was_interrupted_goes_on_to_the_same_bits()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        UncertaintyTests.WriteNoisyCell(place);
        place.Write("long.json", UncertaintyTests.Config(""" { "type": "nuts", "chains": 2, "warmUp": 200, "draws": 400 } """));
        RunWhole();
        Interrupt("INT", "cut", ["run", "long.json", "--out", "cut"], static line => (int?)line["transition"] >= 100);
        Interrupt("KILL", "cut", ["resume", "cut"], static line => (int?)line["transition"] >= 300);
        AssertSameBits("cut", place.Run("resume", "cut").Succeeded());
    }

    [SkippableFact]
    public void A_training_that_was_interrupted_after_its_fit_goes_on_to_the_same_bits_and_lines()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        place.Write("long.json", Workplace.Fit(after: Training));
        RunWhole();
        var whole = Metrics("whole");
        Assert.Equal(["fit", "train"], whole.Select(Stage).Distinct());
        Assert.InRange((double)SummaryText.Read(place["whole"])["stages"]!["train"]!["rates"]!["cells"]!, 1, 200);
        Interrupt("INT", "cut", ["run", "long.json", "--out", "cut"], static line => (int?)line["batch"] >= 100);
        var first = Metrics("cut");
        Assert.InRange(first.Count(static line => Stage(line) == "train"), 100, whole.Count(static line => Stage(line) == "train") - 1);
        AssertSameBits("cut", place.Run("resume", "cut").Succeeded());
    }

    [SkippableFact]
    public void A_stream_that_learns_online_and_was_killed_goes_on_to_the_same_bits()
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        const string given = "\"batch\": 32, \"maxTrials\": 12800, \"validateEvery\": 20";
        Assert.Contains(given, Training, StringComparison.Ordinal);
        var stream = Training.Replace(given, """ "method": "d-rtrl", "stream": true, "updateEvery": 15, "batch": 8, "maxTrials": 12000, "validateEvery": 100 """, StringComparison.Ordinal);
        place.Write("long.json", Workplace.Fit(after: stream));
        RunWhole();
        var trained = SummaryText.Read(place["whole"])["stages"]!["train"]!;
        Assert.Equal(("d-rtrl", 1500), ((string?)trained["method"], (int)trained["steps"]!));
        Assert.InRange((double)trained["rates"]!["cells"]!, 1, 400);
        Interrupt("INT", "cut", ["run", "long.json", "--out", "cut"], static line => (int?)line["batch"] >= 300);
        Interrupt("KILL", "cut", ["resume", "cut"], static line => (int?)line["batch"] >= 700);
        AssertSameBits("cut", place.Run("resume", "cut").Succeeded());
    }

    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task What_is_still_being_put_together_ends_at_once_and_leaves_nothing(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "signals are those of Unix");
        place.Write("large.json", """
            { "stages": { "simulate": { "duration": "1 s", "network": { "synapses": { "exc": { "type": "exponential-current" } },
              "populations": { "cells": { "count": 400000, "neuron": { "type": "leaky-integrate-and-fire" } } },
              "projections": { "among": { "from": "cells", "to": "cells", "synapse": "exc", "connectome": { "type": "fixed-probability", "probability": 0.001 }, "weights": { "distribution": "constant", "value": 1, "unit": "1 pA" } } }
            } } } }
            """);
        var files = Directory.GetFileSystemEntries(place.Root);
        using var brain = Brain.Start("env", place.Root, [], ["--default-signal=INT,TERM", Brain.Executable, "run", "large.json", "--out", "out", "--plugin", "absent.dll"]);

        // Plugins are looked for once signals are handled, and before the network is made.
        Assert.Contains("absent.dll is left out", await brain.StandardError.ReadLineAsync().WaitAsync(Patience), StringComparison.Ordinal);
        using (var kill = Process.Start("kill", [$"-{signal}", $"{brain.Id}"]))
        {
            kill.WaitForExit();
        }

        var watch = Stopwatch.StartNew();
        Brain.Finish(brain).EndedWith(130);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 3);
        Assert.Equal(files, Directory.GetFileSystemEntries(place.Root));
    }

    private void RunWhole() => place.Run("run", "long.json", "--out", "whole").Succeeded();

    private List<JsonNode> Metrics(string name) => [.. File.ReadLines(place[$"{name}/metrics.jsonl"]).Select(static line => JsonNode.Parse(line)!)];

    private void AssertSameBits(string name, Outcome resumed)
    {
        Assert.Equal(place[name], resumed.LastLine);
        Assert.Equal(SummaryText.WithoutSeconds(place["whole"]), SummaryText.WithoutSeconds(place[name]));
        Assert.Equal(File.ReadAllBytes(place["whole/metrics.jsonl"]), File.ReadAllBytes(place[$"{name}/metrics.jsonl"]));
        Assert.True(File.Exists(place[$"{name}/report.html"]));
    }

    private static string Stage(JsonNode line) => (string)line["stage"]!;

    private static bool IsTime(string metrics, long before, Predicate<JsonNode> after)
    {
        if (!File.Exists(metrics))
        {
            return false;
        }

        var lines = File.ReadAllText(metrics);
        return lines.Length > before + 200 && lines[..lines.LastIndexOf('\n')].Split('\n').Any(line => after(JsonNode.Parse(line)!));
    }

    private void Interrupt(string signal, string name, string[] command) => Interrupt(signal, name, command, static _ => true);

    /// <summary>Ends a run by a signal once it has written some metrics, and among them a certain line.</summary>
    private void Interrupt(string signal, string name, string[] command, Predicate<JsonNode> after)
    {
        var metrics = place[$"{name}/metrics.jsonl"];
        var before = File.Exists(metrics) ? new FileInfo(metrics).Length : 0;
        
        // Where the tests themselves run in the background of a shell, they and what they start ignore Ctrl-C.
        using var brain = Brain.Start("env", place.Root, [], ["--default-signal=INT,TERM", Brain.Executable, .. command]);
        var watch = Stopwatch.StartNew();
        while (!IsTime(metrics, before, after))
        {
            Assert.False(brain.HasExited || watch.Elapsed > Patience, $"{name}: the run has no metrics to be interrupted after\n{(brain.HasExited ? Brain.Finish(brain).Error : "")}");
            Thread.Sleep(2);
        }

        using (var kill = Process.Start("kill", [$"-{signal}", $"{brain.Id}"]))
        {
            kill.WaitForExit();
            Assert.Equal(0, kill.ExitCode);
        }

        var outcome = Brain.Finish(brain);
        var isKilled = signal == "KILL";
        Assert.True(outcome.Code == (isKilled ? 137 : 130), $"{signal}: exit code {outcome.Code}\n{outcome.Error}");
        Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        var summary = SummaryText.Read(place[name]);
        Assert.Equal(isKilled ? "running" : "cancelled", (string)summary["status"]!);
        Assert.All((string[])["resolved.json", "run.json"], file => Assert.IsType<JsonObject>(JsonNode.Parse(File.ReadAllBytes(place[$"{name}/{file}"]))));
        if (!isKilled)
        {
            Assert.Equal(place[name] + "\n", outcome.Output);
            Assert.EndsWith($"to go on: brain resume {place[name]}\ncancelled\n", outcome.Error, StringComparison.Ordinal);
            Assert.Contains("</html>", File.ReadAllText(place[$"{name}/report.html"]), StringComparison.Ordinal);
        }
    }
}
