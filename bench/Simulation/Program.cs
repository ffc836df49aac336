using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BrainModular.Bench.Simulation;

// Usage: bench REFERENCE-FOLDER [ROUNDS] [coba|cuba:CELLSxINDEGREExSECONDS,...] [THREADS]. Simulates each network, and the C++ program w1 in turn; each round draws connections and
// initial states anew; the reference, whose seed is fixed, draws others where there are more cells, so each round has five more than the one before. The first run of a round does not
// count. On one thread processor time is measured, on several that of the clock. The exit code is 1 where the mean rate of all rounds is more than 5 % from the reference's.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = args[0];
var rounds = args.Length > 1 ? int.Parse(args[1]) : 5;
var threads = args.Length > 3 ? int.Parse(args[3]) : 1;
var agree = true;
foreach (var name in (args.Length > 2 ? args[2] : "coba:4000x80x2,coba:40000x80x0.5,coba:400000x80x0.1,cuba:4000x80x2,cuba:40000x80x0.5").Split(','))
{
    var (model, size) = (name.Split(':')[0], name.Split(':')[1].Split('x'));
    var (units, inDegree, seconds) = (int.Parse(size[0]), int.Parse(size[1]), double.Parse(size[2]));
    var (ours, theirs, rates, referenceRates, spikes, events) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), 0L, 0L);
    using (var network = new BalancedNetwork(model == "coba", units, inDegree, seconds, 0, threads))
    {
        // Until the run-time compiler has come to its final code.
        for (var start = Environment.CpuUsage.TotalTime; Environment.CpuUsage.TotalTime - start < TimeSpan.FromSeconds(2);)
        {
            network.Run();
        }
    }

    for (var round = 0; round < rounds; round++)
    {
        var cells = units + (5 * round);
        using (var network = new BalancedNetwork(model == "coba", cells, inDegree, seconds, round, threads))
        {
            network.Run();
            ours.Add(Time(network.Run));
            rates.Add(network.Rate);
            spikes += network.Spikes;
        }

        var reference = Reference(model, [$"{cells}", .. size[1..]]);
        theirs.Add(reference.GetProperty(threads > 1 ? "wall_s" : "cpu_s").GetDouble());
        referenceRates.Add(reference.GetProperty("rate_hz").GetDouble());
        events += reference.GetProperty("events").GetInt64();
    }

    var (rate, referenceRate) = (rates.Average(), referenceRates.Average());
    agree &= Math.Abs(rate - referenceRate) <= 0.05 * referenceRate;
    Console.WriteLine(JsonSerializer.Serialize(new
    {
        model, units, inDegree, simulatedSeconds = seconds, threads, rounds, seconds = Median(ours), referenceSeconds = Median(theirs), ratio = Median([.. ours.Zip(theirs, static (a, b) => a / b)]),
        leastSeconds = ours.Min(), leastReferenceSeconds = theirs.Min(), leastRatio = ours.Min() / theirs.Min(),
        nanosecondsAnEvent = 1e9 * ours.Sum() / ((double)spikes * inDegree), referenceNanosecondsAnEvent = 1e9 * theirs.Sum() / events, rate, referenceRate,
    }));
}

return agree ? 0 : 1;

static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

double Time(Action action)
{
    var (start, watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
    action();
    return threads > 1 ? watch.Elapsed.TotalSeconds : (Environment.CpuUsage.TotalTime - start).TotalSeconds;
}

// A delay of one step, and for conductances a current of 200 pA.
JsonElement Reference(string model, string[] size)
{
    var start = new ProcessStartInfo(Path.Combine(folder, "w1"), [.. size, model, $"{threads}", "1", model == "coba" ? "200" : "0"]) { RedirectStandardOutput = true };
    using var process = Process.Start(start)!;
    var output = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return JsonDocument.Parse(output).RootElement;
}
