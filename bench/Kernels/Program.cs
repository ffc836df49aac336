using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using BrainModular.Bench.Kernels;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Il;

// Usage: bench REFERENCE-FOLDER [ROUNDS] [N,N,...] [STEPS]. Runs each case and the C++ program in turn, ROUNDS times; prints JSON lines, then a table.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var folder = args[0];
var rounds = args.Length > 1 ? int.Parse(args[1]) : 7;
int[] counts = args.Length > 2 ? [.. args[2].Split(',').Select(int.Parse)] : [1024, 64];
var steps = args.Length > 3 ? int.Parse(args[3]) : 4000;
const int repetitions = 5;

var table = new List<string> { "| case | ns per unit and step | C++ | ratio | loss | C++ loss |", "|---|---|---|---|---|---|" };
foreach (var (precision, program) in new[] { (Precision.Single, "w4f"), (Precision.Double, "w4d") })
{
    foreach (var count in counts)
    {
        using var batch = new HodgkinHuxleyBatch(count, steps, precision);
        foreach (var gradient in new[] { false, true })
        {
            var (ours, theirs, referenceLoss, referenceGradient) = (new List<double>(), new List<double>(), 0.0, 0.0);
            var loss = 0.0;

            // Until the run-time compiler has optimised the loop around the kernels too.
            for (var warmUp = Stopwatch.StartNew(); warmUp.ElapsedMilliseconds < 1000;)
            {
                loss = batch.Run(gradient);
            }

            for (var round = 0; round < rounds; round++)
            {
                ours.Add(Median([.. Enumerable.Range(0, repetitions).Select(_ => Time(() => loss = batch.Run(gradient)))]));
                var reference = Reference(program, count, gradient);
                theirs.Add(reference.GetProperty("cpu_s").GetDouble());
                (referenceLoss, referenceGradient) = (reference.GetProperty("loss").GetDouble(), reference.GetProperty("g0").GetDouble());
            }

            var ratio = Median([.. ours.Zip(theirs, static (a, b) => a / b)]);
            double PerStep(List<double> seconds) => Median(seconds) / count / steps * 1e9;
            var name = $"HH {(precision == Precision.Single ? "float32" : "float64")} N={count} {(gradient ? "forward+gradient" : "forward")}";
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                name, count, steps, vectorBytes = VectorUnit.Bytes, nsPerUnitStep = PerStep(ours), referenceNsPerUnitStep = PerStep(theirs), ratio,
                loss, referenceLoss, gradient = gradient ? batch.FirstGradient : 0, referenceGradient, compileMilliseconds = batch.CompileMilliseconds,
            }));
            table.Add($"| {name} | {PerStep(ours):F2} | {PerStep(theirs):F2} | {ratio:F2} | {loss:G6} | {referenceLoss:G6} |");
        }
    }
}

table.ForEach(Console.WriteLine);

static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

static double Time(Action action)
{
    var start = ThreadClock.Seconds;
    action();
    return ThreadClock.Seconds - start;
}

JsonElement Reference(string program, int count, bool gradient)
{
    var start = new ProcessStartInfo(Path.Combine(folder, program), [$"{count}", $"{steps}", $"{repetitions}", gradient ? "grad" : "fwd", "1"]) { RedirectStandardOutput = true };
    using var process = Process.Start(start)!;
    var line = process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return JsonDocument.Parse(line).RootElement;
}
