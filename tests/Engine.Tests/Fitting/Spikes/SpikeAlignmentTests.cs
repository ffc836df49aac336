using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Spikes;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels;
using BrainModular.Engine.Learning;
using BrainModular.Engine.Simulation;
using BrainModular.Engine.Steps;
using BrainModular.Engine.Tests.Ir;
using BrainModular.Engine.Tests.Steps;
using BrainModular.Engine.Tracing;
using BrainModular.Losses;
using BrainModular.Models;
using BrainModular.Symbolics;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Engine.Tests.Fitting.Spikes;

/// <summary>Potentials that are compared with spikes laid over each other.</summary>
public sealed class SpikeAlignmentTests
{
    private const double Dt = 0.05;
    private const int Steps = 600;
    private static readonly AlignmentWindow Window = new(1, 2, 8);

    [Fact]
    public void Counterparts_are_in_order_one_to_one_and_no_farther_apart_than_the_reach()
    {
        Assert.Equal([100, 210], SpikeAlignment.Counterparts([110, 200], [100, 210, 400], 50));
        Assert.Equal([null, 100], SpikeAlignment.Counterparts([10, 110], [100], 50));
        Assert.Equal([null, 100, null], SpikeAlignment.Counterparts([90, 101, 115], [100], 50));
        Assert.Equal([149], SpikeAlignment.Counterparts([100], [149], 50));
        Assert.Equal([null], SpikeAlignment.Counterparts([100], [151], 50));
        Assert.Empty(SpikeAlignment.Counterparts([], [100], 50));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(1024)]
    public void Counterparts_are_those_of_the_table_of_all_pairs(int reach)
    {
        // A power of two as reach makes all costs exact, so that ties are ties in both.
        var random = new System.Random(reach);
        int moved = 0, alone = 0;
        foreach (var (rateOfA, rateOfB) in (ReadOnlySpan<(double, double)>)[(0.02, 0.02), (0.1, 0.005), (0.005, 0.1), (0.3, 0.3), (1, 0.01), (0.002, 0.002)])
        {
            for (var repeat = 0; repeat < 20; repeat++)
            {
                var (a, b) = (Train(rateOfA), Train(rateOfB));
                var counterparts = SpikeAlignment.Counterparts(a, b, reach);
                Assert.Equal(OfAllPairs(a, b, reach), counterparts);
                moved += counterparts.Count(static c => c is not null);
                alone += counterparts.Count(static c => c is null);
            }
        }

        Assert.True(moved > 500 && alone > 500);

        int[] Train(double rate) => [.. Enumerable.Range(0, 700).Where(_ => random.NextDouble() < rate)];
    }

    [Fact]
    public void Memory_grows_with_pairs_within_the_reach_alone()
    {
        // A candidate that fires at every step; a table of all pairs takes 8 bytes each, 320 MB.
        int[] every = [.. Enumerable.Range(0, 100_000)], recorded = [.. Enumerable.Range(0, 400).Select(static k => 250 * k)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        var counterparts = SpikeAlignment.Counterparts(every, recorded, 1000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
        Assert.Equal(recorded, counterparts.OfType<int>());
        Assert.All(recorded, r => Assert.Equal(r, counterparts[r]));
    }

    [Fact]
    public void Within_a_window_the_recording_is_moved_and_where_the_model_has_no_spike_it_does_not_count()
    {
        // A spike at step 100 that the model has at 130, another at 400 that it has not, and one of the model's own at 570.
        var (potential, counts) = Alignment([100, 400]).Align([130, 570]);
        for (var t = 0; t < Steps; t++)
        {
            // From 1 ms before to 2 ms after a spike are 20 and 40 steps.
            var moved = t is >= 110 and <= 170;
            Assert.Equal(moved ? Recorded(t - 30) : Recorded(t), potential[t]);
            Assert.Equal(t is >= 80 and < 110 ? 0 : 1, counts[t]);
        }
    }

    [Fact]
    public void A_sample_belongs_to_the_nearest_spike_and_what_was_not_recorded_does_not_count()
    {
        var (potential, counts) = Alignment([5, 60]).Align([25, 50]);

        // 20 steps earlier, 10 later; the middle is at 37.
        Assert.Equal(Recorded(37 - 20), potential[37]);
        Assert.Equal(Recorded(38 + 10), potential[38]);
        Assert.Equal(0, counts[19]);
        Assert.Equal((1, Recorded(0)), (counts[20], potential[20]));
        Assert.Equal(Recorded(90 + 10), potential[90]);
        Assert.Equal((0, 1), (counts[91], counts[101]));
    }

    [Fact]
    public void A_model_that_does_the_same_later_costs_nothing_where_its_spikes_are()
    {
        using var case_ = new OscillatorCase(delay: 20);
        var (loss, _, _) = case_.Run([40, 1, -60]);
        var plain = case_.PlainLoss([40, 1, -60]);
        Assert.True(plain > 100);
        Assert.Equal(0, loss, 1e-18);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    public void The_gradient_is_that_of_central_differences_while_no_spike_moves(int delay)
    {
        using var case_ = new OscillatorCase(delay);
        double[] at = [36, 0.994, -58];
        var (loss, gradient, squares) = case_.Run(at);
        Assert.True(loss > 1 && loss < case_.PlainLoss(at));
        for (var p = 0; p < at.Length; p++)
        {
            var h = 1e-5 * Math.Abs(at[p]);
            Assert.Equal(case_.Spikes(Moved(at, p, -h)), case_.Spikes(Moved(at, p, h)));
            Assert.InRange(case_.Spikes(at).Length, 2, 6);
            var numeric = (case_.Run(Moved(at, p, h)).Loss - case_.Run(Moved(at, p, -h)).Loss) / (2 * h);
            Assert.True(Math.Abs(gradient[p] - numeric) <= 1e-6 * Math.Abs(numeric), $"{p}: {gradient[p]} against {numeric}");
            Assert.Equal(gradient[p], 2 * squares[p], 1e-9 * Math.Abs(gradient[p]));
        }

        static double[] Moved(double[] values, int p, double by) => [.. values.Select((v, i) => i == p ? v + by : v)];
    }

    /// <summary>The path of Victor and Purpura's distance through the table of all pairs, from its end; where it is free to, it deletes, then adds.</summary>
    private static int?[] OfAllPairs(int[] a, int[] b, double reach)
    {
        var cost = new double[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0 ? i + j : Math.Min(cost[i - 1, j - 1] + (2 * Math.Abs(a[i - 1] - b[j - 1]) / reach), Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
            }
        }

        var counterparts = new int?[a.Length];
        for (var (i, j) = (a.Length, b.Length); i > 0 && j > 0;)
        {
            if (cost[i, j] == cost[i - 1, j] + 1)
            {
                i--;
            }
            else if (cost[i, j] == cost[i, j - 1] + 1)
            {
                j--;
            }
            else
            {
                counterparts[--i] = b[--j];
            }
        }

        return counterparts;
    }

    private static double Recorded(int t) => -70 + (t * 0.01);

    private static SpikeAlignment Alignment(int[] spikes) =>
        new(new(1, Dt, new double[Steps], [.. Enumerable.Range(0, Steps).Select(Recorded)], [.. Enumerable.Range(0, Steps).Select(static _ => true)], spikes, -70), Window, null!, new Dictionary<string, double>());

    /// <summary>A potential that swings, each time with the shape of a spike, beside one that swings some steps later.</summary>
    private sealed class OscillatorCase : IDisposable
    {
        private readonly ModelDefinition model;
        private readonly StepOptions options;
        private readonly Simulator simulator;
        private readonly Trace trace;
        private readonly BackpropagationThroughTime run;
        private readonly ForwardSensitivities forward;
        private readonly TrainingProgram program;
        private readonly SensitivityProgram squares;
        private readonly double[] recorded;

        public OscillatorCase(int delay)
        {
            model = ModelTracer.Trace("oscillator", new WrittenModel(static scope =>
            {
                var amplitude = scope.Parameter("A", 40 * mV, new(1 * mV, 100 * mV), "amplitude");
                var frequency = scope.Parameter("omega", 1 / ms, new(0.1 / ms, 2 / ms), "angular frequency");
                var rest = scope.Parameter("EL", -60 * mV, new(-90 * mV, -30 * mV), "what it swings around");
                scope.Input("I", nA, "none");
                var v = scope.State("V", rest, mV, "potential");
                var (x, y) = (scope.State("x", 0, one, "sine"), scope.State("y", 1, one, "cosine"));
                (x.Rate, y.Rate) = (frequency * y, -frequency * x);
                v.Next = rest + (amplitude * x.Stepped);
            }), new LogisticSurrogate());
            var loss = ModelTracer.Trace("aligned", new Aligned(), model, new LogisticSurrogate());
            options = new(Dt, Integrator.All.First(static i => i.Name == "rk4"), SharedInputs: true, Bindings: model.Parameters.ToDictionary(static p => p.Name, static _ => ParameterBinding.PerElement));
            simulator = new(StepFunction.Build(model, options), Dt, Precision.Double, CompileOptions.Default, ["V"]);
            using var quiet = new Trace(Steps, new Dictionary<string, double[]> { ["I"] = new double[Steps] }, new Dictionary<string, double>(), Precision.Double);
            var own = simulator.Run(quiet, Values([40, 1, -60]), 1)["V"][0];
            recorded = [.. Enumerable.Range(0, Steps).Select(t => own[Math.Max(0, t - delay)])];
            int[] spikes = [.. SpikeDetector.Detect(recorded, Dt).Select(static s => s - 1)];
            var sweep = new PreparedSweep(1, Dt, new double[Steps], recorded, [.. recorded.Select(static _ => true)], spikes, recorded[0]);
            trace = new(
                Steps,
                new Dictionary<string, double[]> { ["I"] = new double[Steps], ["data.V"] = recorded, ["weight"] = [.. recorded.Select(static _ => 1.0)] },
                new Dictionary<string, double>(), Precision.Double)
            {
                OfLanes = new SpikeAlignment(sweep, loss.Alignment!, simulator, new Dictionary<string, double>()),
            };
            program = new(TrainingFunctions.Derive(StepFunction.Build(model, loss, null, options)), Dt, Precision.Double, CompileOptions.Default);
            squares = new(SensitivityFunctions.Derive(StepFunction.BuildResiduals(model, loss, null, options)), Dt, Precision.Double, CompileOptions.Default);
            (run, forward) = (new(program, trace, 1, long.MaxValue), new(squares, trace, 1));
        }

        public (double Loss, double[] Gradient, double[] Squares) Run(double[] values)
        {
            var (loss, gradient) = (new double[1], values.Select(static _ => new double[1]).ToArray());
            var named = Values(values);
            run.Run([.. program.Functions.Parameters.Select(n => named[n])], loss, gradient);
            var sums = forward.Run([.. squares.Functions.Parameters.Select(n => named[n])]);
            return (loss[0], [.. Names.Select(n => gradient[program.Functions.Parameters.ToList().IndexOf(n)][0])], [.. Names.Select(n => sums.Gradient[squares.Functions.Parameters.ToList().IndexOf(n)][0])]);
        }

        public double PlainLoss(double[] values) => simulator.Run(trace, Values(values), 1)["V"][0].Zip(recorded, static (v, r) => (v - r) * (v - r)).Sum();

        public int[] Spikes(double[] values) => SpikeDetector.Detect(simulator.Run(trace, Values(values), 1)["V"][0], Dt);

        public void Dispose()
        {
            run.Dispose();
            forward.Dispose();
            trace.Dispose();
        }

        private IEnumerable<string> Names => model.Parameters.Select(static p => p.Name);

        private Dictionary<string, double[]> Values(double[] values) => Names.Zip(values).ToDictionary(static v => v.First, static v => new[] { v.Second });
    }

    private sealed class Aligned : ILoss
    {
        public void Define(ILossScope scope)
        {
            var (recorded, counts) = scope.AlignedPotential(20 * ms, 20 * ms, 8 * ms);
            scope.Add(counts * Functions.Power(scope.Model("V") - recorded, 2), mV * mV);
        }
    }
}
