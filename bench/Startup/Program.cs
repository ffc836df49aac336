using System.Diagnostics;
using System.Globalization;
using BrainModular.Bench;
using BrainModular.Bench.Startup;

// Usage: bench BRAIN CONFIG [ROUNDS]. Runs the command BRAIN with the configuration from the start of its process to its end, and traces, derives and compiles every neuron model that has no parts of
// its own to be chosen, the first step included; each beside the limit that is set for it.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const double LongestStart = 0.6;
const double LongestCompilation = 0.1;
var rounds = args.Length > 2 ? int.Parse(args[2]) : 5;
var start = new Comparison("start-up", "start-up: one step of 4,000 cells, from the start of the process to its end");
var folder = Directory.CreateTempSubdirectory("brain-startup").FullName;
for (var round = -1; round < rounds; round++)
{
    var watch = Stopwatch.StartNew();
    using var process = Process.Start(new ProcessStartInfo(args[0], ["run", args[1], "--out", Path.Combine(folder, $"{round}")]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
    process.ErrorDataReceived += static (_, _) => { };
    process.BeginErrorReadLine();
    await process.StandardOutput.ReadToEndAsync();
    await process.WaitForExitAsync();
    if (process.ExitCode != 0)
    {
        throw new InvalidOperationException($"{args[0]} run {args[1]} ended with {process.ExitCode}");
    }

    if (round >= 0)
    {
        start.Add(watch.Elapsed.TotalSeconds);
        start.Add("its limit", LongestStart);
    }
}

Directory.Delete(folder, recursive: true);
start.Print(new Dictionary<string, object?>());
var slowest = NeuronCompilation.All(rounds).MaxBy(static n => Comparison.Median(n.Seconds))!;
var compilation = new Comparison("start-up", $"start-up: tracing and compiling {slowest.Name}, of all neuron models the one that takes longest");
foreach (var seconds in slowest.Seconds)
{
    compilation.Add(seconds);
    compilation.Add("its limit", LongestCompilation);
}

compilation.Print(new Dictionary<string, object?>());
