using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json;
using BrainModular.Bench;
using BrainModular.Bench.Online;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;

// Usage: bench figure FIGURE.svg COMPARISON.json... draws comparisons of gradients for trials of several lengths.
// Usage: bench [ROUNDS [UNITS [LANES]]]. One thread, float32; all cases in turn in every round. For each it prints the time of a step, and its ratios
// round by round, each as median, least and greatest: to a forward step whose delivery is a product with all weights, and to the time that reading and writing all
// traces once in every step would take at the bandwidth of the machine's triad.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["figure", var figure, .. var files])
{
    MemoryFigure.Write(figure, files);
    return;
}

const int Steps = 320;
var rounds = args.Length > 0 ? int.Parse(args[0]) : 7;
var units = args.Length > 1 ? int.Parse(args[1]) : 512;
var lanes = args.Length > 2 ? int.Parse(args[2]) : 32;
var trials = new Trials(units, lanes);
Case[] cases =
[
    Forward("forward, all weights", 1, graded: true), Forward("forward, events", 1, graded: false), Backward("bptt", 1),
    Online("es-d-rtrl", OnlineRule.Factored, 1), Online("e-prop", OnlineRule.EligibilityPropagation, 1), Online("d-rtrl", OnlineRule.Diagonal, 1),
    Online("d-rtrl", OnlineRule.Diagonal, 0.1), Online("es-d-rtrl", OnlineRule.Factored, 0.1),
];
var times = cases.Select(static _ => new List<double>()).ToArray();
var triads = new List<double>();
using var triad = new Triad();
for (var round = -1; round < rounds; round++)
{
    for (var i = 0; i < cases.Length; i++)
    {
        var seconds = Comparison.ProcessorSeconds(cases[i].Run) / Steps;
        if (round >= 0)
        {
            times[i].Add(seconds);
        }
    }

    if (Comparison.ProcessorSeconds(triad.Run) is var taken && round >= 0)
    {
        triads.Add(Triad.Bytes / taken);
    }
}

for (var i = 0; i < cases.Length; i++)
{
    var (name, probability, synapses, _, bytes, rate) = cases[i];
    var comparison = new Comparison("online", $"{name}, {units} units, {lanes} trials, {(probability == 1 ? "all" : $"{probability:0.##} of all")} connections: one step");
    var traces = 2L * synapses * AdaptiveNetwork.TracesOfASynapse * lanes * sizeof(float);
    for (var round = 0; round < rounds; round++)
    {
        comparison.Add(times[i][round]);
        comparison.Add("forward step with all weights", times[0][round]);
        if (name is "d-rtrl" or "e-prop")
        {
            comparison.Add("trace traffic", traces / triads[round]);
        }
    }

    comparison.Print(new Dictionary<string, object?> { ["megabytes"] = bytes() / 1e6, ["spikesPerStep"] = rate(), ["triadGigabytesPerSecond"] = Comparison.Median(triads) / 1e9 });
}

Case Forward(string name, double probability, bool graded) => Trial(name, probability, AdaptiveNetwork.Build(units, probability, graded, new() { Observed = ["out"] }), learns: false);

Case Backward(string name, double probability) => Trial(name, probability, AdaptiveNetwork.Build(units, probability, false, AdaptiveNetwork.Training(null)), learns: true);

Case Trial(string name, double probability, NetworkProgram program, bool learns)
{
    var batch = NetworkBatch.Open(program, new(Steps, lanes, 1) { MemoryBudget = 4L << 30 });
    var coordinates = program.InitialCoordinates();
    var gradient = learns ? new double[program.Coordinates] : null;
    return new(
        name, probability, Synapses(program), () => batch.Run(coordinates, [trials], gradient), () => batch.Bytes, () => batch.SpikeCounts("cells")[0].Sum() / ((double)units * lanes * Steps));
}

Case Online(string name, OnlineRule rule, double probability)
{
    var program = AdaptiveNetwork.Build(units, probability, false, AdaptiveNetwork.Training(new(rule)));
    var batch = OnlineBatch.Open(program, new(lanes, 1, 1, new(3)));
    var (coordinates, gradient) = (program.InitialCoordinates(), new double[program.Coordinates]);
    return new(name, probability, Synapses(program), () =>
    {
        batch.Begin(coordinates);
        batch.Advance(coordinates, [trials], 0, Steps, isEnd: true, gradient);
    }, () => batch.Bytes, () => batch.SpikeCounts("cells")[0].Sum() / ((double)units * lanes * Steps));
}

static int Synapses(NetworkProgram program) => program.Definition.Projections.First(static p => p.Name == "recurrent").Weights.Length;

/// <summary>A network in one of its forms.</summary>
internal sealed record Case(string Name, double Probability, int Synapses, Action Run, Func<long> Bytes, Func<double> Rate);

/// <summary>a = b + s c over arrays far larger than caches, 12 bytes an element.</summary>
internal sealed unsafe class Triad : IDisposable
{
    public const long Bytes = 3L * Count * sizeof(float);
    private const int Count = 16 << 20;
    private readonly float* a = Make(0);
    private readonly float* b = Make(1);
    private readonly float* c = Make(2);

    public void Run()
    {
        var s = Vector512.Create(3f);
        for (var i = 0; i < Count; i += Vector512<float>.Count)
        {
            Vector512.FusedMultiplyAdd(s, Vector512.LoadAligned(c + i), Vector512.LoadAligned(b + i)).StoreAligned(a + i);
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(a);
        NativeMemory.AlignedFree(b);
        NativeMemory.AlignedFree(c);
    }

    private static float* Make(float value)
    {
        var made = (float*)NativeMemory.AlignedAlloc(Count * sizeof(float), 64);
        new Span<float>(made, Count).Fill(value);
        return made;
    }
}
