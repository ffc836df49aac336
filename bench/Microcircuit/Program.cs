using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BrainModular.Bench.Microcircuit;

// Microcircuit SCALE SECONDS FILE writes the configuration; Microcircuit SUMMARY prints what a run came to beside the published rates.
if (args.Length == 3)
{
    var (scale, seconds) = (double.Parse(args[0], CultureInfo.InvariantCulture), double.Parse(args[1], CultureInfo.InvariantCulture));
    File.WriteAllText(args[2], MicrocircuitConfig.Of(scale, seconds).ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    return;
}

var stage = JsonNode.Parse(File.ReadAllText(args[0]))!["stages"]!["simulate"]!;
Console.WriteLine("| population | rate (Hz) | published | ratio | variation of intervals | correlation |");
Console.WriteLine("|---|---|---|---|---|---|");
for (var p = 0; p < Microcircuit.Populations.Count; p++)
{
    var name = Microcircuit.Populations[p];
    var rate = (double)stage["rates"]![name]!;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {rate:0.000} | {Microcircuit.Rates[p]:0.000} | {rate / Microcircuit.Rates[p]:0.00} | {(double?)stage["intervalVariation"]![name]:0.00} | {(double?)stage["correlation"]![name]:0.0000} |"));
}

Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture, $"{(double)stage["seconds"]!:0.0} s for {(double)stage["simulatedMs"]!:0} ms, {(double)stage["seconds"]! * 1000 / (double)stage["simulatedMs"]!:0.00} times real time; {(double)stage["peakBytes"]! / 1e9:0.00} GB"));
