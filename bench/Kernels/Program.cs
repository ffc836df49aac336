using System.Globalization;
using BrainModular.Bench;
using BrainModular.Bench.Kernels;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Il;
using BrainModular.Engine.Threads;

// Usage: bench REFERENCE-FOLDER [ROUNDS] [N,N,...] [STEPS] [float32|float64]. Runs each case and the C++ program w4f or w4d in turn, ROUNDS times; where the variable PEERS names the
// folder of w4_torch.py, PyTorch too in the first two rounds, in float32.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Repetitions = 5;
const int DividedRepetitions = 15;
const int PeerRounds = 2;
const int MostOfPeers = 4096;
const int LargestBlock = 1000;
var folder = args[0];
var rounds = args.Length > 1 ? int.Parse(args[1]) : 7;
int[] counts = args.Length > 2 ? [.. args[2].Split(',').Select(int.Parse)] : [1024, 64];
var steps = args.Length > 3 ? int.Parse(args[3]) : 4000;
foreach (var (precision, program) in new[] { (Precision.Single, "w4f"), (Precision.Double, "w4d") }.Where(p => args.Length < 5 || args[4] == (p.Item1 == Precision.Single ? "float32" : "float64")))
{
    foreach (var count in counts)
    {
        // Many units go through all steps block by block, as in fits, so that what is kept for the way back stays in the caches.
        var blocks = count > MostOfPeers ? count / LargestBlock : 1;
        var repetitions = blocks > 1 ? 1 : Repetitions;
        using var batch = new HodgkinHuxleyBatch(count / blocks, steps, precision);
        double RunAll(bool gradient)
        {
            var sum = 0.0;
            for (var block = 0; block < blocks; block++)
            {
                sum += batch.Run(gradient);
            }

            return sum / blocks;
        }

        foreach (var gradient in new[] { false, true })
        {
            var type = precision == Precision.Single ? "float32" : "float64";
            var comparison = new Comparison("kernels", $"Hodgkin-Huxley, {count} {(count == 1 ? "unit" : "units")}, {type}, {(gradient ? "forward and gradient" : "forward")}");
            var (loss, referenceLoss, referenceGradient) = (0.0, 0.0, 0.0);
            Comparison.WarmUp(() => loss = batch.Run(gradient), 1);
            for (var round = 0; round < rounds; round++)
            {
                comparison.Add(Comparison.Median([.. Enumerable.Range(0, repetitions).Select(_ => ThreadClock.SecondsOf(() => loss = RunAll(gradient)))]));
                var mode = gradient ? "grad" : "fwd";
                var reference = Comparison.Run(Path.Combine(folder, program), $"{count}", $"{steps}", $"{repetitions}", mode, "1");
                comparison.Add("C++", reference.GetProperty("cpu_s").GetDouble());
                (referenceLoss, referenceGradient) = (reference.GetProperty("loss").GetDouble(), reference.GetProperty("g0").GetDouble());
                if (Peers.Has("torch") && round < PeerRounds && count <= MostOfPeers && precision == Precision.Single)
                {
                    foreach (var (name, form) in new[] { ("PyTorch", "eager"), ("TorchScript", "jit") })
                    {
                        comparison.Add(name, Peers.Run("w4_torch.py", form, $"{count}", $"{steps}", "2", mode, "1").GetProperty("cpu_s").GetDouble());
                    }
                }
            }

            double PerStep(double seconds) => seconds / count / steps * 1e9;
            comparison.Print(new Dictionary<string, object?>
            {
                ["vectorBytes"] = VectorUnit.Bytes, ["nsPerUnitStep"] = PerStep(comparison.Seconds), ["referenceNsPerUnitStep"] = PerStep(comparison.SecondsOf("C++")),
                ["loss"] = loss, ["referenceLoss"] = referenceLoss, ["gradient"] = gradient ? batch.FirstGradient : 0, ["referenceGradient"] = referenceGradient,
                ["compileMilliseconds"] = batch.CompileMilliseconds,
            });
            if (count >= LargestBlock && blocks == 1)
            {
                Divide($"Hodgkin-Huxley, {count} units, {type}, {(gradient ? "forward and gradient" : "forward")}", count, gradient, precision);
            }
        }
    }
}

// One half of the units on each of two threads, then all of them on one, by the clock.
void Divide(string name, int count, bool gradient, Precision precision)
{
    var comparison = new Comparison("kernels", $"{name}, on two threads");
    using var whole = new HodgkinHuxleyBatch(count, steps, precision);
    HodgkinHuxleyBatch[] halves = [new(count / 2, steps, precision), new(count / 2, steps, precision)];
    void Halves() => Workers.ForEach(halves.Length, threads: 2, i => halves[i].Run(gradient));
    Comparison.WarmUp(Halves, 1);
    Comparison.WarmUp(() => whole.Run(gradient), 1);
    for (var round = 0; round < rounds; round++)
    {
        comparison.Add(Seconds(Halves));
        comparison.Add("one thread", Seconds(() => whole.Run(gradient)));
    }

    Array.ForEach(halves, static half => half.Dispose());
    comparison.Print(new Dictionary<string, object?>());

    static double Seconds(Action run)
    {
        run();
        return Comparison.Median([.. Enumerable.Range(0, DividedRepetitions).Select(_ => Comparison.ClockSeconds(run))]);
    }
}
