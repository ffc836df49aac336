using BrainModular.Engine.Fitting;

namespace BrainModular.Plugins.Tests.Fitting;

/// <summary>Fits that begin with the first part of every sweep.</summary>
public sealed class HorizonTests
{
    private static readonly Horizon Growing = new(10, 3);

    [Fact]
    public void Each_round_takes_twice_what_the_one_before_does_and_the_last_all() => Assert.Equal([50, 100, 200, null], new Horizon(50, 4).Schedule);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Coupling_and_horizon_have_the_same_rounds_and_the_last_is_free(int coupled)
    {
        var schedule = TinyFit.Plan(coupling: new(0.4, coupled)) with { Horizon = Growing };
        Assert.Equal(Math.Max(coupled, 3), schedule.Schedule.Count);
        Assert.Equal(new FitRound(0.4, 10), schedule.Schedule[0]);
        Assert.Equal(FitRound.Free, schedule.Schedule[^1]);
        Assert.Equal([FitRound.Free], TinyFit.Plan().Schedule);
    }

    /// <summary>The first round is the fit of sweeps that end there, and simulates no more than that.</summary>
    [Fact]
    public void A_round_is_a_fit_of_what_it_takes()
    {
        var plan = TinyFit.Plan(starts: 1);
        var (ofPart, ofRound) = (First(plan with { Train = [.. plan.Train.Select(static s => s.Before(100))] }), First(plan with { Horizon = Growing }));
        Assert.Equal(ofPart.BestLoss, ofRound.BestLoss);
        Assert.True(ofRound.IsPreliminary);
        Assert.False(ofPart.IsPreliminary);

        // Before the first round the loss of the first values is computed over whole sweeps.
        Assert.Equal(ofPart.SimulatedSteps - 200 + 600, ofRound.SimulatedSteps);
    }

    [Fact]
    public void A_horizon_beyond_the_sweeps_takes_them_whole()
    {
        var plan = TinyFit.Plan(starts: 1);
        Assert.Equal(First(plan).BestLoss, First(plan with { Horizon = new(1000, 2) }).BestLoss);
    }

    [Theory]
    [InlineData("l-bfgs-b")]
    [InlineData("levenberg-marquardt")]
    public void A_fit_ends_where_one_of_whole_sweeps_does(string optimizer)
    {
        using var fit = new RecordingFit(TinyFit.Plan() with { Horizon = Growing, Optimizer = () => Optimizers.Drive.Create(optimizer) });
        var rounds = new List<int>();
        var best = fit.Run(p => rounds.Add(p.Round)).Best;
        Assert.Equal([0, 1, 2], rounds.Distinct());
        Assert.Equal(70, best.Values["R"], 1e-2);
        Assert.Equal(-68, best.Values["EL"], 1e-3);
    }

    [Fact]
    public void A_fit_restored_in_any_round_ends_with_the_same_bits()
    {
        var plan = TinyFit.Plan(coupling: new(0.1, 2)) with { Horizon = Growing };
        var saved = new List<byte[]>();
        using var straight = new RecordingFit(plan);
        var expected = straight.Run(_ => saved.Add(TinyFit.Saved(straight)));
        for (var at = 0; at < saved.Count; at += 3)
        {
            using var restored = new RecordingFit(plan);
            using var reader = new BinaryReader(new MemoryStream(saved[at]));
            restored.Restore(reader);
            var actual = restored.Run(static _ => { });
            Assert.Equal(expected.SimulatedSteps, actual.SimulatedSteps);
            Assert.Equal(expected.Starts.Select(static s => (s.Loss, s.Evaluations)), actual.Starts.Select(static s => (s.Loss, s.Evaluations)));
            Assert.All(expected.Starts.Zip(actual.Starts), static pair => Assert.Equal(pair.First.Values, pair.Second.Values));
        }
    }

    private static FitProgress First(FitPlan plan)
    {
        FitProgress? first = null;
        using var fit = new RecordingFit(plan);
        fit.Run(p => first ??= p);
        return first!;
    }
}
