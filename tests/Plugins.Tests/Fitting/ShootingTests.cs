using BrainModular.Engine.Fitting;
using BrainModular.Engine.Tracing;
using BrainModular.Models;
using BrainModular.Optimizers;
using BrainModular.Plugins.Neurons;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Fits whose sweeps are cut in segments at first.</summary>
public sealed class ShootingTests
{
    private static readonly Shooting Cut = new(7, 3);

    [Fact]
    public void Gaps_count_ten_times_as_much_in_each_round_and_the_last_has_none()
    {
        Assert.Equal([1, 10, 100, 0], new Shooting(5, 4).Schedule);
        Assert.Equal([1, 10, 0], (TinyFit.Plan() with { Shooting = Cut }).Schedule.Select(static r => r.Joining));
        Assert.Equal(FitRound.Free, (TinyFit.Plan() with { Shooting = Cut }).Schedule[^1]);
    }

    /// <summary>With the parameters that made the recording, and each segment where the recording is, nothing is left; with a segment moved, its gaps are.</summary>
    [Fact]
    public void The_loss_is_that_of_segments_and_of_the_gaps_between_them()
    {
        var found = ProbeOptimizer.Evaluate(Plan(70, 13, -68), static start => [start, Moved(start, start.Length - 1, 0.01)], EvaluationNeeds.Loss);
        Assert.InRange(found[0].Loss, 0, 1e-18);
        Assert.True(found[1].Loss > 1e-4);
    }

    /// <summary>Where nothing fits, and segments end elsewhere than the next ones begin.</summary>
    [Fact]
    public void Gradients_by_parameters_and_by_what_segments_begin_with_are_exact()
    {
        const double Step = 1e-6;
        double[] point = [];
        var found = ProbeOptimizer.Evaluate(Plan(60, 15, -67), start =>
        {
            if (point.Length > 0)
            {
                return [start];
            }

            point = [.. start.Select(static (x, i) => x + (0.004 * ((i % 3) - 1)))];
            return [point, .. point.Index().SelectMany(c => new[] { Moved(point, c.Index, -Step), Moved(point, c.Index, Step) })];
        });

        // Two sweeps of 30 ms in segments of 7 ms.
        Assert.True(point.Length >= 3 + (2 * 5));
        for (var c = 0; c < point.Length; c++)
        {
            var difference = (found[2 + (2 * c)].Loss - found[1 + (2 * c)].Loss) / (2 * Step);
            Assert.Equal(difference, found[0].Gradient![c], 1e-6 * Math.Max(1, Math.Abs(difference)));
        }

        Assert.True(found[0].Gradient!.Skip(3).Count(static g => g != 0) >= 2 * 5);
    }

    [Fact]
    public void A_fit_finds_the_parameters_that_made_its_sweeps_and_tells_of_them_alone()
    {
        using var fit = new RecordingFit(TinyFit.Plan() with { Shooting = Cut, Optimizer = static () => Optimizers.Drive.Create("l-bfgs-b") });
        var rounds = new List<FitProgress>();
        var result = fit.Run(rounds.Add);
        Assert.Equal([0, 1, 2], rounds.Select(static r => r.Round).Distinct());
        Assert.All(rounds, static r => Assert.Equal(r.Round < 2, r.IsPreliminary));
        Assert.Equal(70, result.Best.Values["R"], 1e-2);
        Assert.Equal(-68, result.Best.Values["EL"], 1e-3);
        Assert.Equal(3, result.Best.Values.Count);
    }

    [Fact]
    public void A_fit_restored_in_any_round_ends_with_the_same_bits()
    {
        var plan = TinyFit.Plan() with { Shooting = Cut };
        var saved = new List<byte[]>();
        using var straight = new RecordingFit(plan);
        var expected = straight.Run(_ => saved.Add(TinyFit.Saved(straight)));
        for (var at = 0; at < saved.Count; at += 4)
        {
            using var restored = new RecordingFit(plan);
            using var reader = new BinaryReader(new MemoryStream(saved[at]));
            restored.Restore(reader);
            var actual = restored.Run(static _ => { });
            Assert.Equal(expected.SimulatedSteps, actual.SimulatedSteps);
            Assert.All(expected.Starts.Zip(actual.Starts), static pair => Assert.Equal((pair.First.Loss, pair.First.Evaluations), (pair.Second.Loss, pair.Second.Evaluations)));
        }
    }

    [Fact]
    public void Random_numbers_and_aligned_spikes_keep_sweeps_whole()
    {
        var plugin = RecordingCatalog.Of(new NeuronsPlugin());
        var random = ModelTracer.Trace("gif-pozzorini", plugin.Create<INeuronModel>("gif-pozzorini", ("firing", "escape")), TinyFit.Surrogate);
        var refused = Assert.Throws<Diagnostics.DiagnosticException>(() => SegmentedSweeps.Require(TinyFit.Plan(model: random, free: []) with { Shooting = Cut }));
        Assert.Contains("BM2316", refused.Message, StringComparison.Ordinal);
        Assert.Contains("random numbers", refused.Message, StringComparison.Ordinal);
        SegmentedSweeps.Require(TinyFit.Plan() with { Shooting = Cut });
    }

    /// <summary>Resets, of which there are none, have no slope.</summary>
    private static FitPlan Plan(double r, double tau, double rest) => TinyFit.Plan() with
    {
        Shooting = Cut, HeldResets = true, Start = new Dictionary<string, double> { ["R"] = r, ["tauM"] = tau, ["EL"] = rest },
    };

    private static double[] Moved(double[] point, int coordinate, double by) => [.. point.Select((x, i) => i == coordinate ? x + by : x)];
}
