using BrainModular.Engine.Networks;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tests.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>Small networks, and models as a plugin would write them.</summary>
internal static class WrittenNetwork
{
    public static readonly INeuronModel Cell = new WrittenModel(scope =>
    {
        var tauM = scope.Parameter("tauM", 20 * ms, (1 * ms, 500 * ms), "");
        var r = scope.Parameter("R", 100 * MOhm, (1 * MOhm, 1000 * MOhm), "");
        var vth = scope.Parameter("Vth", -50 * mV, (-80 * mV, 0 * mV), "");
        var i = scope.Input("I", nA, "");
        var v = scope.State("V", -62 * mV, mV, "");
        v.Rate = (-65 * mV - v + (r * i)) / tauM;
        var spike = scope.Spike("spike", (v.Stepped - vth) / (10 * mV));
        v.Next = OnSpike(spike, -60 * mV, v.Stepped);
    });

    /// <summary>The generalised integrate-and-fire cell with one slow current that every spike makes more negative.</summary>
    public static readonly INeuronModel Adaptive = new WrittenModel(scope =>
    {
        var tauM = scope.Parameter("tauM", 20 * ms, (1 * ms, 500 * ms), "");
        var tauA = scope.Parameter("tauA", 200 * ms, (1 * ms, 5000 * ms), "");
        var r = scope.Parameter("R", 100 * MOhm, (1 * MOhm, 1000 * MOhm), "");
        var i = scope.Input("I", nA, "");
        var v = scope.State("V", -62 * mV, mV, "");
        var a = scope.State("A", 0 * nA, nA, "");
        v.Rate = (-65 * mV - v + (r * (i + a))) / tauM;
        a.Rate = -a / tauA;
        var spike = scope.Spike("spike", (v.Stepped + (50 * mV)) / (10 * mV));
        v.Next = OnSpike(spike, -60 * mV, v.Stepped);
        a.Next = a.Stepped - (spike * (0.02 * nA));
    });

    public static readonly INeuronModel Readout = new WrittenModel(scope =>
    {
        var arriving = scope.Port("in", PortKind.Event, Unit.One, Unit.One, "");
        var y = scope.State("y", 0, Unit.One, "");
        y.Rate = -y / (10 * ms);
        y.Next = y.Stepped + arriving.Sum;
    });

    /// <summary>dg/dt = -g / tau, and a current g (E - V).</summary>
    public static ISynapseModel Conductance(Quantity reversal) => new WrittenSynapse(scope =>
    {
        var e = scope.Receptor.Parameter("E", reversal, (-150 * mV, 50 * mV), "");
        var tau = scope.Receptor.Parameter("tau", 10 * ms, (1 * ms, 100 * ms), "");
        var arriving = scope.Receptor.Port("in", PortKind.Event, Unit.One, nS, "");
        var g = scope.Receptor.State("g", 0 * nS, nS, "");
        g.Rate = -g / tau;
        g.Next = g.Stepped + arriving.Sum;
        scope.Receptor.Current(g * (e - scope.Receptor.PostsynapticPotential));
    });

    /// <summary>Short-term depression and facilitation before a conductance.</summary>
    public static ISynapseModel Dynamic() => new WrittenSynapse(scope =>
    {
        var release = scope.Release;
        var u = release.State("u", 0.2, Unit.One, "");
        var x = release.State("x", 1, Unit.One, "");
        u.Rate = (0.2 - u) / (200 * ms);
        x.Rate = (1 - x) / (80 * ms);
        var facilitated = u.Stepped + (release.PresynapticSpike * 0.3 * (1 - u.Stepped));
        release.Send(release.PresynapticSpike * facilitated * x.Stepped);
        u.Next = facilitated;
        x.Next = x.Stepped * (1 - (release.PresynapticSpike * facilitated));
        Conductance(0 * mV).Define(scope);
    });

    /// <summary>A jump of the potential.</summary>
    public static ISynapseModel Delta(Unit? weight = null) =>
        new WrittenSynapse(scope => scope.Receptor.Displace(scope.Receptor.Port("in", PortKind.Event, Unit.One, weight ?? mV, "").Sum));

    public static ISynapseModel GapJunction() => new WrittenSynapse(scope =>
    {
        var port = scope.Receptor.Port("in", PortKind.Graded, mV, nS, "");
        scope.Receptor.Current(port.Sum - (port.WeightSum * scope.Receptor.PostsynapticPotential));
    });

    public static PopulationDefinition Population(
        string name, int count, INeuronModel model, IReadOnlyList<NamedSynapse>? receptors = null, IReadOnlyList<NamedSynapse>? releases = null,
        IReadOnlyDictionary<string, double[]>? values = null, ISurrogate? surrogate = null) =>
        new(name, count, ModelTracer.Trace(name, model, surrogate ?? new SigmoidStep(), null, receptors, releases), Integrator.All.First(static i => i.Name == "exponential-euler"), values ?? new Dictionary<string, double[]>());

    /// <summary>Each pair with a probability of 1/2, with weights around a mean.</summary>
    public static (Connections Connections, float[] Weights) Sparse(int sources, int targets, double mean, System.Random random, int longestDelay = 0)
    {
        var rowStart = new long[sources + 1];
        var target = new List<int>();
        for (var s = 0; s < sources; s++)
        {
            target.AddRange(Enumerable.Range(0, targets).Where(_ => random.Next(2) == 0));
            rowStart[s + 1] = target.Count;
        }

        float[] weights = [.. target.Select(_ => (float)(mean * (0.5 + random.NextDouble())))];
        ushort[]? delays = longestDelay == 0 ? null : [.. target.Select(_ => (ushort)random.Next(1, longestDelay + 1))];
        var connections = new Connections(sources, targets, rowStart, [.. target], weights, delays);
        ConnectionOrder.Sort(connections);
        return (connections, weights);
    }

    public static float[] Dense(int count, double mean, System.Random random) => [.. Enumerable.Range(0, count).Select(_ => (float)(mean * (0.5 + random.NextDouble())))];

    /// <summary>Input to two populations that excite and inhibit themselves and each other, with delays, short-term plasticity and a gap junction, and a readout.</summary>
    public static NetworkDefinition Everything(System.Random random, ISurrogate? surrogate = null)
    {
        NamedSynapse[] receptors = [new("exc", Conductance(0 * mV)), new("inh", Conductance(-80 * mV)), new("dyn", Dynamic())];
        var excitatory = Population("E", 5, Cell, [.. receptors, new("gap", GapJunction())], [new("dyn", Dynamic())], new Dictionary<string, double[]> { ["tauM"] = [10, 15, 20, 25, 30] }, surrogate);
        var inhibitory = Population("I", 3, Cell, receptors, surrogate: surrogate);
        var (ee, eew) = Sparse(5, 5, 0.004, random, longestDelay: 4);
        var (ie, iew) = Sparse(3, 5, 0.004, random);
        var (gap, gapw) = Sparse(5, 5, 0.001, random);
        return new(
            1,
            [new("in", 4, PortKind.Event)],
            [excitatory, inhibitory, Population("out", 2, Readout)],
            [
                new("in.E", "in", "", "E", "exc.in", null, Dense(20, 0.02, random), 0) { Trainable = true, Sign = WeightSign.Positive },
                new("E.E", "E", "dyn.release.sent", "E", "dyn.in", ee, eew, 1) { Trainable = true, Sign = WeightSign.Positive },
                new("E.I", "E", "spike", "I", "exc.in", null, Dense(15, 0.02, random), 2) { Trainable = true },
                new("I.E", "I", "spike", "E", "inh.in", ie, iew, 1) { Trainable = true, Frozen = [.. iew.Select((_, i) => i == 1)] },
                new("gaps", "E", "V", "E", "gap.in", gap, gapw, 1) { Trainable = true },
                new("E.out", "E", "spike", "out", "in", null, Dense(10, 0.3, random), 0) { Trainable = true },
                new("I.out", "I", "spike", "out", "in", null, [.. Dense(6, -0.3, random)], 0) { Trainable = true, Sign = WeightSign.Negative },
            ]);
    }

    /// <summary>Excitatory and inhibitory adaptive cells with recurrent spikes, delays of several steps, and a readout that they reach after some.</summary>
    public static NetworkDefinition Recurrent(System.Random random, int readoutDelay = 0)
    {
        NamedSynapse[] receptors = [new("exc", Conductance(0 * mV)), new("inh", Conductance(-80 * mV))];
        var excitatory = Population("E", 6, Adaptive, receptors, values: new Dictionary<string, double[]> { ["tauA"] = [100, 200, 300, 400, 500, 600] });
        var inhibitory = Population("I", 3, Adaptive, receptors);
        var (ee, eew) = Sparse(6, 6, 0.006, random, longestDelay: 3);
        var (ie, iew) = Sparse(3, 6, 0.006, random);
        return new(
            1,
            [new("in", 4, PortKind.Event)],
            [excitatory, inhibitory, Population("out", 2, Readout)],
            [
                new("in.E", "in", "", "E", "exc.in", null, Dense(24, 0.02, random), 0) { Trainable = true, Sign = WeightSign.Positive },
                new("in.I", "in", "", "I", "exc.in", null, Dense(12, 0.02, random), 1) { Trainable = true },
                new("E.E", "E", "spike", "E", "exc.in", ee, eew, 1) { Trainable = true, Sign = WeightSign.Positive },
                new("E.I", "E", "spike", "I", "exc.in", null, Dense(18, 0.01, random), 2) { Trainable = true },
                new("I.E", "I", "spike", "E", "inh.in", ie, iew, 1) { Trainable = true, Frozen = [.. iew.Select((_, i) => i == 1)] },
                new("E.out", "E", "spike", "out", "in", null, Dense(12, 0.3, random), readoutDelay) { Trainable = true },
                new("I.out", "I", "spike", "out", "in", null, [.. Dense(6, -0.3, random)], 0) { Trainable = true, Sign = WeightSign.Negative },
            ]);
    }

    /// <summary>Two layers of adaptive cells, the first of which reaches the readout only through the second.</summary>
    public static NetworkDefinition Layered(System.Random random, int units = 8)
    {
        NamedSynapse[] receptors = [new("exc", Conductance(0 * mV))];
        return new(
            1,
            [new("in", 4, PortKind.Event)],
            [Population("first", units, Adaptive, receptors), Population("second", units, Adaptive, receptors), Population("out", 2, Readout)],
            [
                new("in.first", "in", "", "first", "exc.in", null, Dense(4 * units, 0.02, random), 0) { Trainable = true },
                new("first.second", "first", "spike", "second", "exc.in", null, Dense(units * units, 0.02, random), 1) { Trainable = true },
                new("second.out", "second", "spike", "out", "in", null, Dense(2 * units, 0.3, random), 0) { Trainable = true },
            ]);
    }

    private sealed class WrittenSynapse(Action<ISynapseScope> define) : ISynapseModel
    {
        public void Define(ISynapseScope scope) => define(scope);
    }
}

/// <summary>The logistic function of 4 x.</summary>
internal sealed class SigmoidStep : ISurrogate
{
    public Expr Derivative(Expr x)
    {
        var s = Sigmoid(4 * x);
        return 4 * s * (1 - s);
    }

    public Expr Smooth(Expr x) => Sigmoid(4 * x);
}

/// <summary>A triangle of half width 1.</summary>
internal sealed class TriangleStep(bool declared = true) : ISurrogate
{
    public double? Support => declared ? 1 : null;

    public Expr Derivative(Expr x) => Where(Abs(x) < 1, 1 - Abs(x), 0);

    public Expr Smooth(Expr x) => Where(x < -1, 0, Where(x < 0, 0.5 * (1 + x) * (1 + x), Where(x < 1, 1 - (0.5 * (1 - x) * (1 - x)), 1)));
}
