using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using static BrainModular.Symbolics.Units;
using Xunit;

namespace BrainModular.Engine.Tests.Networks;

/// <summary>The methods that have no exact counterpart, against their definitions written out in plain loops.</summary>
public sealed class OnlineDefinitionTests
{
    private const int Steps = 80;
    private const int Lanes = 2;
    private static readonly StreamKey Noise = new(11);

    public static TheoryData<double[]> Pairs => [[], [20.0], [2.0, 15.0, 300.0]];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Factored_traces_are_the_products_of_their_definition(double[] timeConstants)
    {
        var network = Layers(new(1));
        var (gradient, weights) = Run(network, new(OnlineRule.Factored) { TimeConstants = timeConstants });
        var expected = Expected(network, _ => weights, (run, error) => new SlowGradient(run, error) { Weights = weights }.Factored(timeConstants));
        OnlineGradientTests.Equal(expected, gradient, 1e-9);

        // It is another gradient than that of traces for each synapse, and points to the same side.
        var traced = Run(network, new(OnlineRule.Diagonal)).Gradient;
        Assert.InRange(Cosine(gradient, traced), 0.1, 0.999);
    }

    [Fact]
    public void Random_feedback_brings_signals_by_fixed_normal_weights()
    {
        var network = Layers(new(2));
        var (gradient, weights) = Run(network, new(OnlineRule.EligibilityPropagation) { Feedback = Feedback.Random });
        var feedback = Drawn(network);
        OnlineGradientTests.Equal(Expected(network, _ => weights, (run, error) => new SlowGradient(run, error) { Weights = weights }.Propagated((cells, _) => feedback[cells])), gradient, 1e-9);
        Assert.True(Cosine(gradient, Run(network, new(OnlineRule.EligibilityPropagation)).Gradient) < 0.999);
    }

    [Fact]
    public void Adaptive_feedback_changes_as_the_weights_to_the_readout_do()
    {
        var network = Layers(new(3));
        var program = OnlineGradientTests.Program(network, new(OnlineRule.EligibilityPropagation) { Feedback = Feedback.Adaptive });
        var before = program.InitialCoordinates();
        double[] after = [.. before.Select(static (w, i) => w * (1 + (0.3 * Math.Sin(i))))];
        using var batch = OnlineBatch.Open(program, new(Lanes, 1, 1, Noise));
        var trials = WrittenTrials.Random(Steps, 4, Lanes, seed: 5);
        var (first, second) = (new double[before.Length], new double[before.Length]);
        batch.Begin(before);
        batch.Advance(before, [trials], 0, Steps / 2, isEnd: false, first);
        batch.Advance(after, [trials], Steps / 2, Steps / 2, isEnd: true, second);

        var drawn = Drawn(network);
        var output = new SlowNetwork(network).Projections.First(static p => p.Of.Name == "B.out");
        var moved = drawn.ToDictionary(static d => d.Key, static d => d.Value.Select(static row => row.ToArray()).ToArray());
        foreach (var (from, to, weight) in output.Pairs)
        {
            moved["B"][from][to] += after[weight] - before[weight];
        }

        var expected = Expected(
            network, t => t < Steps / 2 ? before : after,
            (run, error) => new SlowGradient(run, error) { Weights = before }.Propagated((cells, t) => (t < Steps / 2 ? drawn : moved)[cells]));
        OnlineGradientTests.Equal(expected, [.. first.Zip(second, static (a, b) => a + b)], 1e-9);
    }

    /// <summary>So a training that goes on in another process has the feedback weights that it had.</summary>
    [Fact]
    public void Adaptive_feedback_depends_on_the_coordinates_alone()
    {
        var program = OnlineGradientTests.Program(Layers(new(3)), new(OnlineRule.EligibilityPropagation) { Feedback = Feedback.Adaptive });
        var before = program.InitialCoordinates();
        double[] after = [.. before.Select(static (w, i) => w * (1 + (0.3 * Math.Sin(i))))];
        double[] Gradient(params double[][] way)
        {
            using var batch = OnlineBatch.Open(program, new(Lanes, 1, 1, Noise));
            var gradient = new double[before.Length];
            foreach (var coordinates in way)
            {
                batch.Begin(coordinates);
                batch.Advance(coordinates, [WrittenTrials.Random(Steps, 4, Lanes, seed: 5)], 0, Steps, isEnd: true, gradient);
            }

            Assert.True(batch.SpikeCounts("B").Sum(static c => c.Sum()) > 20);
            return gradient;
        }

        Assert.Equal(Gradient(after), Gradient(before, after));
        Assert.NotEqual(Gradient(after), Gradient(before));
    }

    /// <summary>Two layers of cells with connections among themselves, the second reached after two steps, and a readout of the second.</summary>
    internal static NetworkDefinition Layers(System.Random random)
    {
        NamedSynapse[] receptors = [new("exc", WrittenNetwork.Conductance(0 * mV)), new("inh", WrittenNetwork.Conductance(-80 * mV))];
        var euler = Integrator.All.First(static i => i.Name == "euler");
        PopulationDefinition Layer(string name, double[] tauA) =>
            WrittenNetwork.Population(name, tauA.Length, WrittenNetwork.Adaptive, receptors, values: new Dictionary<string, double[]> { ["tauA"] = tauA }) with { Integrator = euler };
        var (among, amongWeights) = WrittenNetwork.Sparse(5, 5, 0.004, random);
        return new(
            1,
            [new("in", 4, PortKind.Event)],
            [Layer("A", [100, 150, 200, 250, 300]), Layer("B", [300, 400, 500, 600]), WrittenNetwork.Population("out", 2, WrittenNetwork.Readout) with { Integrator = euler }],
            [
                new("in.A", "in", "", "A", "exc.in", null, WrittenNetwork.Dense(20, 0.012, random), 0) { Trainable = true },
                new("A.A", "A", "spike", "A", "exc.in", among, amongWeights, 1) { Trainable = true },
                new("A.B", "A", "spike", "B", "exc.in", null, WrittenNetwork.Dense(20, 0.02, random), 2) { Trainable = true },
                new("B.B", "B", "spike", "B", "inh.in", null, WrittenNetwork.Dense(16, 0.004, random), 1) { Trainable = true },
                new("B.out", "B", "spike", "out", "in", null, WrittenNetwork.Dense(8, 0.3, random), 0) { Trainable = true },
            ]);
    }

    private static (double[] Gradient, double[] Weights) Run(NetworkDefinition network, OnlineMethod method)
    {
        var program = OnlineGradientTests.Program(network, method);
        using var batch = OnlineBatch.Open(program, new(Lanes, 1, 1, Noise));
        var (coordinates, gradient) = (program.InitialCoordinates(), new double[program.Coordinates]);
        batch.Begin(coordinates);
        batch.Advance(coordinates, [WrittenTrials.Random(Steps, 4, Lanes, seed: 5)], 0, Steps, isEnd: true, gradient);
        Assert.All(new[] { "A", "B" }, cells => Assert.All(batch.SpikeCounts(cells)[0], static s => Assert.True(s > 10)));
        return (gradient, coordinates);
    }

    /// <summary>The sum of the gradients of all lanes.</summary>
    private static double[] Expected(NetworkDefinition network, Func<int, double[]> weights, Func<SlowNetwork, double[][], double[]> gradient)
    {
        var trials = WrittenTrials.Random(Steps, 4, Lanes, seed: 5);
        var (row, sum) = (new float[4 * Lanes], new double[weights(0).Length]);
        for (var lane = 0; lane < Lanes; lane++)
        {
            var run = new SlowNetwork(network);
            var error = new double[Steps][];
            for (var t = 0; t < Steps; t++)
            {
                trials.Read(0, t, row);
                run.Step(weights(t), [.. Enumerable.Range(0, 4).Select(channel => (double)row[(channel * Lanes) + lane])]);
                var all = new double[2 * Lanes];
                if (trials.Counts(t))
                {
                    trials.Differentiate(t, [.. run.Readout[t].SelectMany(static y => Enumerable.Repeat(y, Lanes))], all);
                }

                error[t] = [.. Enumerable.Range(0, 2).Select(unit => all[(unit * Lanes) + lane])];
            }

            sum = [.. sum.Zip(gradient(run, error), static (a, b) => a + b)];
        }

        return sum;
    }

    /// <summary>The feedback weights before they adapt: normal with variance 1 / 2 for a readout of two.</summary>
    internal static Dictionary<string, double[][]> Drawn(NetworkDefinition network, StreamKey? noise = null) =>
        network.Populations.Where(static p => p.Name != "out").ToDictionary(static p => p.Name, p =>
        {
            var random = new PhiloxStream((noise ?? Noise).Split("feedback").Split($"{p.Name}>out"));
            return Enumerable.Range(0, p.Count).Select(_ => Enumerable.Range(0, 2).Select(_ => random.Normal() / Math.Sqrt(2)).ToArray()).ToArray();
        });

    /// <summary>The cosine of the angle between the gradients by the weights that end on cells: those of the readout are the same by all methods.</summary>
    private static double Cosine(double[] a, double[] b) => CosineOf(a[..^8], b[..^8]);

    private static double CosineOf(double[] a, double[] b) =>
        a.Zip(b, static (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(static x => x * x) * b.Sum(static y => y * y));
}
