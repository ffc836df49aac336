using System.Globalization;
using BrainModular.Bench;
using BrainModular.Bench.Networks;

// Usage: bench REFERENCE-FOLDER [ROUNDS] [UNITSxTRIALSxSTEPS[xDRIVE[xSUPPORT]],...] [LANES]. With a mean input DRIVE of 0.7 (0.1 is the default) units spike in two thirds of the steps, and the
// reference is w3's dense mode, whose time does not depend on it. With a SUPPORT our surrogate has a slope only so near threshold (which is 1 away from rest); the references keep theirs, the fast sigmoid, and would take as
// long with another. One thread; runs each case and the C++ program w3 (event mode) in turn, each
// from initial weights with a first step that does not count; where the variable PEERS names the folder of w3_torch.py, and at the default drive, those of PyTorch's eager and jit forms, snnTorch, Norse and
// SpikingJelly too that the interpreter has which PYTHON names. "best peer" is in each round the least of their times, and of their memories. Their neurons differ in surrogate and reset, Norse's has a
// synaptic current besides; the exit code is 1 where units of one spike a quarter more or less often than ours.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const double WarmUpSeconds = 3;
const double Drive = 0.1;
const long LeastToCompareMemory = 8_000_000;
const int LeastToDivide = 8;
const int MostToDivide = 512;
const int MostLanes = 32;
const int FewRepetitions = 3;
const int ManyRepetitions = 15;
const long ShortStep = 1_000_000;
const double RateTolerance = 0.25;
(string Name, string Module, string Form)[] peers =
[
    ("PyTorch", "torch", "eager"), ("TorchScript", "torch", "jit"), ("snnTorch", "snntorch", "snntorch"), ("Norse", "norse", "norse"), ("SpikingJelly", "spikingjelly", "spikingjelly"),
];
var present = peers.Where(static p => Peers.Has(p.Module)).ToArray();
var agree = true;
var folder = args[0];
var rounds = args.Length > 1 ? int.Parse(args[1]) : 5;
var cases = (args.Length > 2 ? args[2] : "128x32x500,512x32x500,128x1x500").Split(',').Select(static c => c.Split('x'));
foreach (var size in cases)
{
    var (units, trials, steps) = (int.Parse(size[0]), int.Parse(size[1]), int.Parse(size[2]));
    var drive = size.Length > 3 ? double.Parse(size[3]) : Drive;
    var support = size.Length > 4 ? double.Parse(size[4]) : double.PositiveInfinity;

    // A step of less than a millisecond is over before the caches and the predictors of branches are warm again: the median of more of them, on all sides.
    var repetitions = drive == Drive && (long)units * trials * steps < ShortStep ? ManyRepetitions : FewRepetitions;
    RecurrentTraining Begin() => new(units, trials, steps, Math.Min(trials, args.Length > 3 ? int.Parse(args[3]) : MostLanes), 1, drive, support);
    using (var training = Begin())
    {
        Comparison.WarmUp(training.Step, WarmUpSeconds);
    }

    var name = $"recurrent LIF, {units} units, {trials} {(trials == 1 ? "trial" : "trials")}, {steps} steps{(drive > Drive ? ", most of them with a spike" : "")}{(double.IsFinite(support) ? ", surrogate of compact support" : "")}: forward, backward, Adam";
    var comparison = new Comparison("training", name);
    var memory = new Comparison("training", $"{name}: memory above that of the process", "MB");
    var (rate, referenceRate, sloped, bytes) = (0.0, 0.0, 0.0, 0L);
    var peerRates = new Dictionary<string, double>();
    for (var round = 0; round < rounds; round++)
    {
        using (var training = Begin())
        {
            training.Step();
            comparison.Add(Comparison.Median([.. Enumerable.Range(0, repetitions).Select(_ => Comparison.ProcessorSeconds(training.Step))]));
            (rate, sloped, bytes) = (training.Rate, training.Sloped(), training.Bytes);
        }

        string[] arguments = [$"{units}", $"{trials}", $"{steps}", $"{repetitions}", "1"];
        var reference = Comparison.Run(Path.Combine(folder, "w3"), [.. arguments, drive > Drive ? "0" : "1"]);
        comparison.Add("C++", reference.GetProperty("cpu_s").GetDouble());
        referenceRate = reference.GetProperty("rate").GetDouble();
        if (present.Length > 0 && drive == Drive)
        {
            memory.Add(bytes / 1e6);
            var (seconds, megabytes) = (double.PositiveInfinity, double.PositiveInfinity);
            foreach (var peer in present)
            {
                var run = Peers.Run("w3_torch.py", [peer.Form, .. arguments]);
                var (its, above) = (run.GetProperty("cpu_s").GetDouble(), (run.GetProperty("rss_mb").GetDouble() - run.GetProperty("base_mb").GetDouble()) * 1.048576);
                comparison.Add(peer.Name, its);
                memory.Add(peer.Name, above);
                (seconds, megabytes) = (Math.Min(seconds, its), Math.Min(megabytes, above));
                peerRates[peer.Name] = run.GetProperty("rate").GetDouble();
            }

            comparison.Add("best peer", seconds);
            memory.Add("best peer", megabytes);
        }
    }

    comparison.Print(new Dictionary<string, object?> { ["rate"] = rate, ["referenceRate"] = referenceRate, ["peerRates"] = peerRates, ["sloped"] = sloped, ["megabytes"] = bytes / 1e6 });
    agree &= peerRates.Values.All(r => Math.Abs(r - rate) <= RateTolerance * rate);
    if (peerRates.Count > 0 && (long)units * trials * steps >= LeastToCompareMemory)
    {
        memory.Print(new Dictionary<string, object?>());
    }

    if (trials >= LeastToDivide && units <= MostToDivide)
    {
        Divide(name, rounds, threads => new(units, trials, steps, Math.Min(trials / 2, MostLanes), threads, drive, support));
    }
}

return agree ? 0 : 1;

// The same halves of a batch on two threads, then on one, whose steps no thread that waits for work disturbs; by the clock.
static void Divide(string name, int rounds, Func<int, RecurrentTraining> begin)
{
    var comparison = new Comparison("training", $"{name}, on two threads");
    for (var round = 0; round < rounds; round++)
    {
        comparison.Add(Seconds(begin(2), isFirst: round == 0));
        comparison.Add("one thread", Seconds(begin(1), isFirst: round == 0));
    }

    comparison.Print(new Dictionary<string, object?>());

    static double Seconds(RecurrentTraining training, bool isFirst)
    {
        using (training)
        {
            training.Step();
            Comparison.WarmUp(training.Step, isFirst ? WarmUpSeconds : 0);
            return Comparison.Median([.. Enumerable.Range(0, ManyRepetitions).Select(_ => Comparison.ClockSeconds(training.Step))]);
        }
    }
}
