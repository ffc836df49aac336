using System.Diagnostics;
using System.Globalization;
using BrainModular.Bench.Fits;

// Usage: BrainModular.Bench.Fits INPUTS.csv [SEEDS [STARTS [THREADS]]]; prints one JSON line a seed. The first, which compiles, is seed 0.
//        BrainModular.Bench.Fits targets INPUTS.csv FOLDER; writes the targets as recordings.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args[0] == "targets")
{
    PaperTargets.Write(args[1], args[2]);
    return;
}

var (seeds, starts, threads) = (Option(1, 10), Option(2, 20), Option(3, Environment.ProcessorCount));
var subject = new HodgkinHuxleyCase(args[0]);
for (var seed = 0; seed <= seeds; seed++)
{
    var (watch, cpu) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime);
    var (recovered, worst, evaluations, steps) = subject.Run((ulong)seed, starts, threads);
    var seconds = watch.Elapsed.TotalSeconds;
    var used = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
    Console.WriteLine($"{{\"seed\":{seed},\"starts\":{starts},\"recovered\":{recovered},\"largestLoss\":{worst:g3},\"evaluations\":{evaluations},\"steps\":{steps},\"threads\":{threads},\"wall_s\":{seconds:0.000},\"cpu_s\":{used:0.000},\"spikes\":{subject.Spikes}}}");
}

int Option(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
