using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BrainModular.Bench.Networks;

// Usage: bench REFERENCE-FOLDER [ROUNDS] [UNITSxTRIALSxSTEPS,...] [LANES]. One thread; runs each case and the C++ program w3 (event mode) in turn, each
// from initial weights with a first step that does not count; where the variable PEERS names w3_torch.py, PyTorch's eager and jit forms too (with the interpreter that PYTHON names).
// Beside medians it prints the least of each: other work on the machine lengthens the one more than the other.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = args[0];
var rounds = args.Length > 1 ? int.Parse(args[1]) : 5;
var cases = (args.Length > 2 ? args[2] : "128x32x500,512x32x500,128x1x500").Split(',').Select(static c => c.Split('x').Select(int.Parse).ToArray());
foreach (var size in cases)
{
    var (units, trials, steps) = (size[0], size[1], size[2]);
    RecurrentTraining Begin() => new(units, trials, steps, args.Length > 3 ? Math.Min(trials, int.Parse(args[3])) : trials, 1);
    using (var training = Begin())
    {
        // In processor time: beside other work a second holds few steps, and their code would not be the final one yet.
        for (var start = Environment.CpuUsage.TotalTime; Environment.CpuUsage.TotalTime - start < TimeSpan.FromSeconds(3);)
        {
            training.Step();
        }
    }

    var (ours, theirs, rate, referenceRate, bytes) = (new List<double>(), new List<double>(), 0.0, 0.0, 0L);
    var peers = (Environment.GetEnvironmentVariable("PEERS") is null ? [] : (string[])["eager", "jit"]).ToDictionary(static p => p, static _ => new List<double>());
    var (least, referenceLeast, peerLeast) = (double.PositiveInfinity, double.PositiveInfinity, new Dictionary<string, double>());
    for (var round = 0; round < rounds; round++)
    {
        using (var training = Begin())
        {
            training.Step();
            double[] times = [.. Enumerable.Range(0, 3).Select(_ => Time(training.Step))];
            ours.Add(Median(times));
            least = Math.Min(least, times.Min());
            (rate, bytes) = (training.Rate, training.Bytes);
        }

        var reference = Reference(units, trials, steps);
        theirs.Add(reference.GetProperty("cpu_s").GetDouble());
        referenceLeast = Math.Min(referenceLeast, reference.GetProperty("cpu_min").GetDouble());
        referenceRate = reference.GetProperty("rate").GetDouble();
        foreach (var (peer, seconds) in peers)
        {
            var output = Output(
                Environment.GetEnvironmentVariable("PYTHON") ?? "python3", [Environment.GetEnvironmentVariable("PEERS")!, peer, $"{units}", $"{trials}", $"{steps}", "3", "1"]);
            seconds.Add(output.GetProperty("cpu_s").GetDouble());
            peerLeast[peer] = Math.Min(peerLeast.GetValueOrDefault(peer, double.PositiveInfinity), output.GetProperty("cpu_min").GetDouble());
        }
    }

    Console.WriteLine(JsonSerializer.Serialize(new
    {
        units, trials, steps, seconds = Median(ours), referenceSeconds = Median(theirs), ratio = Median([.. ours.Zip(theirs, static (a, b) => a / b)]),
        timesFasterThan = peers.ToDictionary(static p => p.Key, p => Median([.. p.Value.Zip(ours, static (a, b) => a / b)])),
        leastSeconds = least, leastReferenceSeconds = referenceLeast, leastRatio = least / referenceLeast, leastTimesFasterThan = peerLeast.ToDictionary(static p => p.Key, p => p.Value / least),
        rate, referenceRate, megabytes = bytes >> 20,
    }));
}

static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

static double Time(Action action)
{
    var start = Environment.CpuUsage.TotalTime;
    action();
    return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
}

JsonElement Reference(int units, int trials, int steps) => Output(Path.Combine(folder, "w3"), [$"{units}", $"{trials}", $"{steps}", "3", "1", "1"]);

static JsonElement Output(string program, string[] arguments)
{
    var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
    start.Environment["OPENBLAS_NUM_THREADS"] = "1";
    using var process = Process.Start(start)!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return JsonDocument.Parse(output).RootElement;
}
