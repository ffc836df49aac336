using System.Diagnostics;
using System.Globalization;
using BrainModular.Bench;
using BrainModular.Bench.Simulation;
using BrainModular.Engine.Ir;

// Usage: bench REFERENCE-FOLDER [ROUNDS] [coba|cuba:CELLSxINDEGREExSECONDS,...] [THREADS]. Simulates each network, and the C++ program w1 in turn; each round draws connections and
// initial states anew; the reference, whose seed is fixed, draws others where there are more cells, so each round has five more than the one before. The first run of a round does not
// count. On one thread its processor time is measured, on several that of the clock. A FOLDER of '-' runs no reference. Where the variable PEERS names the folder of w1_brian.py and w1_nest.py,
// Brian2's C++ standalone mode runs too, in the first three rounds, and of CUBA NEST, which steps it exactly (conductances it steps adaptively, which is no comparison); both if the interpreter has them that
// PYTHON names. NEST's cells have all the same number of connections, and its spikes are recorded; it runs with the delay of one step that the others have, and with one of 1.5 ms, which it
// takes half as long for. The exit code is 1 where the mean rate in the first round is more than 5 % from that of the same network with the same initial states in
// float64; of more than 40,000 cells, where that of all rounds is more than 5 % from the reference's (single networks of 4,000 cells differ by 6 %);
// and where a peer's rate is a quarter from ours.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const double WarmUpSeconds = 2;
const int LargestWarmedUp = 1_000_000;
const int LargestOfPeers = 40_000;
const int RoundsOfPeers = 3;
const double Tolerance = 0.05;
const double PeerTolerance = 0.25;
(string Name, string Delay)[] nest = [("NEST", "0.1"), ("NEST, delay of 1.5 ms", "1.5")];
var folder = args[0];
var rounds = args.Length > 1 ? int.Parse(args[1]) : 5;
var threads = args.Length > 3 ? int.Parse(args[3]) : 1;
var agree = true;
foreach (var name in (args.Length > 2 ? args[2] : "coba:4000x80x2,coba:40000x80x0.5,coba:400000x80x0.1,cuba:4000x80x2,cuba:40000x80x0.5").Split(','))
{
    var (model, size) = (name.Split(':')[0], name.Split(':')[1].Split('x'));
    var (units, inDegree, seconds) = (int.Parse(size[0]), int.Parse(size[1]), double.Parse(size[2]));
    var comparison = new Comparison("simulation", $"{model.ToUpperInvariant()}, {units} cells x {inDegree}, {threads} {(threads == 1 ? "thread" : "threads")}");
    var (rates, referenceRates, spikes, events, building) = (new List<double>(), new List<double>(), 0L, 0L, 0.0);
    double? exactRate = null;
    var peerRates = new Dictionary<string, List<double>>();
    void AddPeer(string peer, string script, params IEnumerable<string> arguments)
    {
        var run = Peers.Run(script, arguments);
        comparison.Add(peer, run.GetProperty(threads > 1 ? "wall_s" : "cpu_s").GetDouble());
        (peerRates.TryGetValue(peer, out var list) ? list : peerRates[peer] = []).Add(run.GetProperty("rate_hz").GetDouble());
    }

    if (units < LargestWarmedUp)
    {
        using var network = new BalancedNetwork(model == "coba", units, inDegree, seconds, 0, threads);
        Comparison.WarmUp(network.Run, WarmUpSeconds);
    }

    for (var round = 0; round < rounds; round++)
    {
        var cells = units + (5 * round);
        var watch = Stopwatch.StartNew();
        using (var network = new BalancedNetwork(model == "coba", cells, inDegree, seconds, round, threads))
        {
            building = watch.Elapsed.TotalSeconds;
            if (units < LargestWarmedUp)
            {
                network.Run();
                if (threads > 1)
                {
                    // Building the network has methods compiled anew in the background, which would take a processor from the threads that are timed.
                    Comparison.Settle();
                    network.Run();
                }
            }

            comparison.Add(Time(network.Run));
            rates.Add(network.Rate);
            spikes += network.Spikes;
        }

        if (round == 0 && units <= LargestOfPeers)
        {
            using var exact = new BalancedNetwork(model == "coba", cells, inDegree, seconds, round, threads, Precision.Double);
            exact.Run();
            exactRate = exact.Rate;
            agree &= Agree(rates[0], exact.Rate);
        }

        if (folder == "-")
        {
            continue;
        }

        // A delay of one step, and for conductances a current of 200 pA.
        var reference = Comparison.Run(Path.Combine(folder, "w1"), [$"{cells}", .. size[1..], model, $"{threads}", "1", model == "coba" ? "200" : "0"]);
        comparison.Add("C++", reference.GetProperty(threads > 1 ? "wall_s" : "cpu_s").GetDouble());
        referenceRates.Add(reference.GetProperty("rate_hz").GetDouble());
        events += reference.GetProperty("events").GetInt64();
        if (round >= RoundsOfPeers || units > LargestOfPeers)
        {
            continue;
        }

        if (Peers.Has("brian2"))
        {
            AddPeer("Brian2", "w1_brian.py", [$"{cells}", .. size[1..], model, "cpp", $"{threads}"]);
        }

        foreach (var (peer, delay) in nest.Where(_ => model == "cuba" && Peers.Has("nest")))
        {
            AddPeer(peer, "w1_nest.py", [$"{cells}", .. size[1..], model, $"{threads}", delay]);
        }
    }

    var rate = rates.Average();
    double? referenceRate = referenceRates.Count > 0 ? referenceRates.Average() : null;
    agree &= exactRate is not null || referenceRate is null || Agree(rate, referenceRate.Value);
    agree &= peerRates.Values.All(r => Math.Abs(r.Average() - rate) <= PeerTolerance * rate);
    using var process = Process.GetCurrentProcess();
    comparison.Print(new Dictionary<string, object?>
    {
        ["simulatedSeconds"] = seconds, ["rate"] = rate, ["referenceRate"] = referenceRate, ["firstRate"] = rates[0], ["firstRateInFloat64"] = exactRate, ["peerRates"] = peerRates.ToDictionary(static p => p.Key, static p => p.Value.Average()), ["nanosecondsAnEvent"] = 1e9 * comparison.Seconds * rounds / ((double)spikes * inDegree),
        ["referenceNanosecondsAnEvent"] = events > 0 ? 1e9 * comparison.SecondsOf("C++") * rounds / events : null, ["buildSeconds"] = building, ["peakGigabytes"] = process.PeakWorkingSet64 / 1e9,
    });
}

return agree ? 0 : 1;

static bool Agree(double rate, double expected) => Math.Abs(rate - expected) <= Tolerance * expected;

// On one thread its own processor time: in that of the process is what the run-time compiler makes in the background of methods that are new in this round.
double Time(Action action) => threads > 1 ? Comparison.ClockSeconds(action) : ThreadClock.SecondsOf(action);
