using System.Globalization;
using BrainModular.Bench;
using BrainModular.Bench.Kernels;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Il;

// Usage: bench REFERENCE-FOLDER [ROUNDS] [N,N,...] [STEPS] [float32|float64]. Runs each case and the C++ program w4f or w4d in turn, ROUNDS times; where the variable PEERS names the
// folder of w4_torch.py, PyTorch too in the first two rounds, in float32.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Repetitions = 5;
const int PeerRounds = 2;
var folder = args[0];
var rounds = args.Length > 1 ? int.Parse(args[1]) : 7;
int[] counts = args.Length > 2 ? [.. args[2].Split(',').Select(int.Parse)] : [1024, 64];
var steps = args.Length > 3 ? int.Parse(args[3]) : 4000;
foreach (var (precision, program) in new[] { (Precision.Single, "w4f"), (Precision.Double, "w4d") }.Where(p => args.Length < 5 || args[4] == (p.Item1 == Precision.Single ? "float32" : "float64")))
{
    foreach (var count in counts)
    {
        using var batch = new HodgkinHuxleyBatch(count, steps, precision);
        foreach (var gradient in new[] { false, true })
        {
            var type = precision == Precision.Single ? "float32" : "float64";
            var comparison = new Comparison("kernels", $"Hodgkin-Huxley, {count} {(count == 1 ? "unit" : "units")}, {type}, {(gradient ? "forward and gradient" : "forward")}");
            var (loss, referenceLoss, referenceGradient) = (0.0, 0.0, 0.0);
            Comparison.WarmUp(() => loss = batch.Run(gradient), 1);
            for (var round = 0; round < rounds; round++)
            {
                comparison.Add(Comparison.Median([.. Enumerable.Range(0, Repetitions).Select(_ => ThreadClock.SecondsOf(() => loss = batch.Run(gradient)))]));
                var mode = gradient ? "grad" : "fwd";
                var reference = Comparison.Run(Path.Combine(folder, program), $"{count}", $"{steps}", $"{Repetitions}", mode, "1");
                comparison.Add("C++", reference.GetProperty("cpu_s").GetDouble());
                (referenceLoss, referenceGradient) = (reference.GetProperty("loss").GetDouble(), reference.GetProperty("g0").GetDouble());
                if (Comparison.Peers is not null && round < PeerRounds && precision == Precision.Single)
                {
                    foreach (var (name, form) in new[] { ("PyTorch", "eager"), ("TorchScript", "jit") })
                    {
                        comparison.Add(name, Comparison.RunPeer("w4_torch.py", form, $"{count}", $"{steps}", "2", mode, "1").GetProperty("cpu_s").GetDouble());
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
        }
    }
}
