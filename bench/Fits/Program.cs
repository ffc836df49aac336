using System.Diagnostics;
using System.Globalization;
using BrainModular.Bench.Fits;
using BrainModular.Engine.Ir;

// Usage: BrainModular.Bench.Fits INPUTS.csv [SEEDS [STARTS [THREADS]]]; prints one JSON line a seed. The first, which compiles, is seed 0.
//        BrainModular.Bench.Fits batch CASE [ROUNDS [CANDIDATES [THREADS [PRECISION [RESETS]]]]]; loss and gradient of a batch of candidates, one JSON line a round.
//        BrainModular.Bench.Fits peers INPUTS.csv [ROUNDS [THREADS]]; beside the scripts in the folder PEERS, one JSON line a comparison.
//        BrainModular.Bench.Fits targets INPUTS.csv FOLDER [OTHERS]; writes the targets as recordings, and so many others that are drawn.
//        BrainModular.Bench.Fits errors COMPARISON.json NAME=VALUE ...; how often each fitter of a comparison came within 1 % of all of these parameters.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args[0] == "targets")
{
    PaperTargets.Write(args[1], args[2]);
    OtherTargets.Write(args[2], Option(3, 0));
    return;
}

if (args[0] == "errors")
{
    ParameterErrors.Print(args[1], args[2..]);
    return;
}

if (args[0] == "peers")
{
    PeerFits.Run(args[1], Option(2, 3), Option(3, Environment.ProcessorCount));
    return;
}

if (args[0] == "batch")
{
    new BatchCase(args[1], args.ElementAtOrDefault(6)).Run(Option(3, 1000), Option(2, 3), Option(4, Environment.ProcessorCount), args.Length > 5 ? Enum.Parse<Precision>(args[5]) : Precision.Double);
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
