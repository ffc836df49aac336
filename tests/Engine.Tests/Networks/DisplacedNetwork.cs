using BrainModular.Engine.Networks;
using BrainModular.Engine.Tests.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using static BrainModular.Symbolics.Functions;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>A small network whose events displace potentials: dense and sparse, with delays for all and for each connection, one to one, and beside a conductance.</summary>
internal static class DisplacedNetwork
{
    /// <summary>A cell that says, at times that no spike decides, that it is refractory; so its smooth loss has derivatives everywhere.</summary>
    public static readonly INeuronModel Cell = new WrittenModel(scope =>
    {
        var tauM = scope.Parameter("tauM", 20 * ms, (1 * ms, 500 * ms), "");
        var i = scope.Input("I", nA, "");
        var v = scope.State("V", -62 * mV, mV, "");
        scope.Refractory((scope.Time > 12.5 * ms) & (scope.Time < 14.5 * ms));
        v.Rate = (-65 * mV - v + (100 * MOhm * i)) / tauM;
        var spike = scope.Spike("spike", (v.Stepped + (50 * mV)) / (10 * mV));
        v.Next = OnSpike(spike, -60 * mV, v.Stepped);
    });

    /// <param name="random">What weights and connections are drawn from.</param>
    /// <param name="recurrent">Whether the populations excite and inhibit themselves and each other.</param>
    public static NetworkDefinition Of(System.Random random, bool recurrent = true)
    {
        NamedSynapse[] receptors = [new("jump", WrittenNetwork.Delta()), new("inh", WrittenNetwork.Conductance(-80 * mV))];
        var excitatory = WrittenNetwork.Population("E", 6, Cell, receptors, values: new Dictionary<string, double[]> { ["tauM"] = [10, 15, 20, 25, 30, 35] });
        var inhibitory = WrittenNetwork.Population("I", 3, Cell, receptors);
        var (ee, eew) = WrittenNetwork.Sparse(6, 6, 2, random, longestDelay: 3);
        var (ie, iew) = WrittenNetwork.Sparse(3, 6, 0.004, random);
        var ones = new Connections(3, 3, [0, 1, 2, 3], [0, 1, 2], []);
        ProjectionDefinition[] recurrence =
        [
            new("E.E", "E", "spike", "E", "jump.in", ee, eew, 1) { Trainable = true, Sign = WeightSign.Positive },
            new("E.I", "E", "spike", "I", "jump.in", null, WrittenNetwork.Dense(18, 2, random), 2) { Trainable = true },
            new("I.I", "I", "spike", "I", "jump.in", ones, [-1, -2, -1.5f], 1) { Trainable = true },
            new("I.E", "I", "spike", "E", "inh.in", ie, iew, 1) { Trainable = true },
        ];
        return new(
            1,
            [new("in", 4, PortKind.Event)],
            [excitatory, inhibitory, WrittenNetwork.Population("out", 2, WrittenNetwork.Readout)],
            [
                new("in.E", "in", "", "E", "jump.in", null, WrittenNetwork.Dense(24, 4, random), 0) { Trainable = true, Sign = WeightSign.Positive },
                new("in.I", "in", "", "I", "jump.in", null, WrittenNetwork.Dense(12, 4, random), 1) { Trainable = true },
                .. recurrent ? recurrence : [],
                new("E.out", "E", "spike", "out", "in", null, WrittenNetwork.Dense(12, 0.3, random), 0) { Trainable = true },
                new("I.out", "I", "spike", "out", "in", null, [.. WrittenNetwork.Dense(6, -0.3, random)], 0) { Trainable = true, Sign = WeightSign.Negative },
            ]);
    }
}
