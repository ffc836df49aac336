using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BrainModular.Bench;
using BrainModular.Bench.Microcircuit;

// Usage: bench BRAIN FOLDER SCALE SECONDS ROUNDS THREADS. Writes the configuration to FOLDER, runs it with the command BRAIN, ROUNDS times, and prints what the last run came to beside the published rates. Then one JSON line
// of the seconds by the clock for each that is simulated; where the variable PEERS is set and the interpreter that PYTHON names has NEST, also of NEST's with the same configuration, in turn in every round. In ours are the
// half second that is left out of rates, with its many spikes, and the compilation of kernels, in NEST's neither. The exit code is 1 where a population's rate, mean of the rounds, is a tenth from NEST's.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const double Tolerance = 0.1;
var (brain, folder, scale, seconds, rounds, threads) = (args[0], args[1], double.Parse(args[2]), double.Parse(args[3]), int.Parse(args[4]), int.Parse(args[5]));
var (config, run) = (Path.Combine(folder, "microcircuit.json"), Path.Combine(folder, "run"));
File.WriteAllText(config, MicrocircuitConfig.Of(scale, seconds).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
var comparison = new Comparison("microcircuit", $"microcircuit, {scale} of its size, {threads} {(threads == 1 ? "thread" : "threads")}: one second");
var (rates, peerRates) = (new double[Microcircuit.Populations.Count], new double[Microcircuit.Populations.Count]);
JsonNode stage = null!;
for (var round = 0; round < rounds; round++)
{
    stage = Run();
    comparison.Add((double)stage["seconds"]! * 1000 / (double)stage["simulatedMs"]!);
    AddTo(rates, name => (double)stage["rates"]![name]!);
    if (Peers.Has("nest"))
    {
        var peer = Peers.Run("microcircuit_nest.py", config, $"{threads}");
        comparison.Add("NEST", peer.GetProperty("wall_s").GetDouble() / seconds);
        AddTo(peerRates, name => peer.GetProperty("rates").GetProperty(name).GetDouble());
    }
}

Console.WriteLine("| population | rate (Hz) | published | ratio | variation of intervals | correlation |");
Console.WriteLine("|---|---|---|---|---|---|");
for (var p = 0; p < Microcircuit.Populations.Count; p++)
{
    var name = Microcircuit.Populations[p];
    var rate = (double)stage["rates"]![name]!;
    Console.WriteLine($"| {name} | {rate:0.000} | {Microcircuit.Rates[p]:0.000} | {rate / Microcircuit.Rates[p]:0.00} | {(double?)stage["intervalVariation"]![name]:0.00} | {(double?)stage["correlation"]![name]:0.0000} |");
}

Console.WriteLine($"{(double)stage["seconds"]!:0.0} s for {(double)stage["simulatedMs"]!:0} ms, {(double)stage["seconds"]! * 1000 / (double)stage["simulatedMs"]!:0.00} times real time; {(double)stage["peakBytes"]! / 1e9:0.00} GB");
comparison.Print(new Dictionary<string, object?>
{
    ["simulatedSeconds"] = seconds, ["rate"] = Mean(rates), ["referenceRate"] = Peers.Has("nest") ? Mean(peerRates) : null, ["rates"] = rates, ["referenceRates"] = Peers.Has("nest") ? peerRates : null,
});
return Peers.Has("nest") && rates.Zip(peerRates).Any(static r => Math.Abs(r.First - r.Second) > Tolerance * r.Second) ? 1 : 0;

JsonNode Run()
{
    if (Directory.Exists(run))
    {
        Directory.Delete(run, recursive: true);
    }

    using var process = Process.Start(new ProcessStartInfo(brain, ["run", config, "--out", run, "--threads", $"{threads}"]) { RedirectStandardOutput = true })!;
    process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0
        ? JsonNode.Parse(File.ReadAllText(Path.Combine(run, "summary.json")))!["stages"]!["simulate"]!
        : throw new InvalidOperationException($"{brain} run {config} ended with {process.ExitCode}");
}

void AddTo(double[] means, Func<string, double> rate)
{
    for (var p = 0; p < means.Length; p++)
    {
        means[p] += rate(Microcircuit.Populations[p]) / rounds;
    }
}

// Of all cells.
static double Mean(double[] rates) => rates.Zip(Microcircuit.Counts, static (rate, count) => rate * count).Sum() / Microcircuit.Counts.Sum();
