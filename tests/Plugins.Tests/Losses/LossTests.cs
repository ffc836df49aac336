using BrainModular.Diagnostics;
using BrainModular.Losses;
using BrainModular.Plugins.Losses;
using BrainModular.Testing.Fakes;

namespace BrainModular.Plugins.Tests.Losses;

public sealed class LossTests
{
    private const double Dt = 0.01;

    [Fact]
    public void Voltage_error_is_the_squared_difference_in_square_millivolts()
    {
        var (loss, unit) = Simulate("voltage-mean-squared-error");
        loss.Step(("model.V", -50), ("data.V", -53));
        Assert.Equal(9, loss.Contribution, 1e-12);
        Assert.Equal("mV^2", unit);
    }

    [Fact]
    public void Aligned_error_is_the_squared_difference_from_the_moved_recording_where_that_counts()
    {
        var (loss, unit) = Simulate("aligned-voltage-error");
        loss.Step(("model.V", -50), ("data.V.aligned", -52), ("data.V.counts", 1));
        Assert.Equal(4, loss.Contribution, 1e-12);
        loss.Step(("model.V", -50), ("data.V.aligned", -52), ("data.V.counts", 0));
        Assert.Equal(0, loss.Contribution);
        Assert.Equal("mV^2", unit);
    }

    [Fact]
    public void Likelihood_is_that_of_a_step_and_a_hazard_far_too_high_costs_by_its_logarithm()
    {
        var (loss, unit) = Simulate("spike-likelihood");
        double Cost(double logExpected, bool spike)
        {
            loss.Step(("model.logHazard", logExpected - Math.Log(Dt)), ("data.spike", spike ? 1 : 0));
            return loss.Contribution * Dt;
        }

        Assert.Equal("Hz", unit);
        Assert.Equal(0.02, Cost(Math.Log(0.02), false), 1e-12);
        Assert.Equal(-Math.Log(1 - Math.Exp(-0.02)), Cost(Math.Log(0.02), true), 1e-9);
        Assert.Equal(1 + 50, Cost(50, false), 1e-9);
        Assert.Equal(5000, Cost(-5000, true), 1e-6);
        Assert.Equal(0, Cost(-1e30, true));
    }

    [Fact]
    public void Violation_is_the_squared_distance_on_the_wrong_side_of_the_threshold_and_the_margin()
    {
        var (loss, unit) = Simulate("threshold-violation", ("margin", 0.25), ("missed", Ms(0.5)));
        double Cost(double excess, bool spike)
        {
            loss.Step(("model.spike.excess", excess), ("data.spike", spike ? 1 : 0));
            return loss.Contribution;
        }

        Assert.Equal("1", unit);
        Assert.Equal(4, Cost(1.75, false), 1e-12);
        Assert.Equal(0.01, Cost(-0.15, false), 1e-12);
        Assert.Equal(0, Cost(-0.25, false));
        Assert.Equal(0, Cost(-8, false));
        Assert.Equal(0, Cost(0.25, true));
        Assert.Equal(0.5 / Dt * 0.01, Cost(0.15, true), 1e-12);
        Assert.Equal(0.5 / Dt * 4, Cost(-1.75, true), 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Spikes_that_count_nothing_when_they_are_missed_are_refused(double missed)
    {
        var fault = Assert.Single(Assert.Throws<DiagnosticException>(() => Simulate("threshold-violation", ("missed", Ms(missed)))).Diagnostics);
        Assert.Equal("BM4316", fault.Id);
        Assert.Contains($"'missed' {missed} ms", fault.Problem, StringComparison.Ordinal);
        Assert.Contains("'missed'", fault.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(5)]
    [InlineData(40)]
    public void Two_spikes_apart_cost_the_distance_of_van_Rossum(double apart)
    {
        // (1 / tau) times the integral of (f - g)^2 is 1 - exp(-d / tau) for one spike in each train, d apart.
        var (loss, _) = Simulate("spike-aware", ("tau", Ms(8)));
        var sum = Sum(loss, 400, modelSpikes: [20], dataSpikes: [20 + apart]);
        Assert.Equal(1 - Math.Exp(-apart / 8), sum / (100 * 8), 2e-3);
    }

    [Fact]
    public void Spike_that_the_other_train_lacks_costs_one_half()
    {
        var (loss, _) = Simulate("spike-aware", ("tau", Ms(8)));
        Assert.Equal(0.5, Sum(loss, 400, modelSpikes: [20], dataSpikes: []) / (100 * 8), 2e-3);
        (loss, _) = Simulate("spike-aware", ("tau", Ms(8)));
        Assert.Equal(0.5, Sum(loss, 400, modelSpikes: [], dataSpikes: [20]) / (100 * 8), 2e-3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(20)]
    public void Distances_of_trains_have_their_closed_forms_for_one_spike_each(double apart)
    {
        var (rossum, unit) = Simulate("van-rossum", ("tau", Ms(8)));
        Assert.Equal("Hz", unit);
        Assert.Equal(1 - Math.Exp(-apart / 8), Sum(rossum, 400, modelSpikes: [20], dataSpikes: [20 + apart], ofPotential: false), 2e-3);

        // Two alpha functions overlap by (1 + d / tau) exp(-d / tau), which is a half at the precision. The step of the second filter follows that of the first: dt / tau of it is lost.
        var (coincidence, _) = Simulate("spike-coincidence");
        var x = apart / 4 * 1.6783469900166605;
        var sum = Sum(coincidence, 400, modelSpikes: [20 + apart], dataSpikes: [20], ofPotential: false);
        Assert.Equal(1 - ((1 + x) * Math.Exp(-x)), sum, 5e-3);
        Assert.True(apart != 4 || Math.Abs(sum - 0.5) < 5e-3, $"{sum}");
    }

    [Theory]
    [InlineData("van-rossum")]
    [InlineData("spike-coincidence")]
    public void Spikes_without_a_partner_add_one_half_each(string name)
    {
        Assert.Equal(1.5, Sum(Simulate(name).Loss, 2000, modelSpikes: [20, 1200], dataSpikes: [600], ofPotential: false), 8e-3);
        Assert.Equal(0, Sum(Simulate(name).Loss, 100, modelSpikes: [20, 31, 70], dataSpikes: [20, 31, 70], ofPotential: false));
    }

    [Fact]
    public void Equal_trains_cost_nothing()
    {
        var (loss, _) = Simulate("spike-aware");
        Assert.Equal(0, Sum(loss, 100, modelSpikes: [20, 31, 70], dataSpikes: [20, 31, 70]));
    }

    [Fact]
    public void Potential_counts_less_from_a_recorded_spike_until_it_is_no_longer_near()
    {
        var (loss, _) = Simulate("spike-aware", ("near", Ms(0.05)), ("nearWeight", 0.25));
        double Error(bool spike, double recorded)
        {
            loss.Step(("model.V", recorded + 2), ("data.V", recorded), ("model.spike", spike ? 1 : 0), ("data.spike", spike ? 1 : 0));
            return loss.Contribution;
        }

        Assert.Equal(4, Error(false, -60), 1e-12);
        Assert.Equal(1, Error(false, -10), 1e-12);
        Assert.Equal(1, Error(true, -60), 1e-12);
        for (var k = 0; k < 5; k++)
        {
            Assert.Equal(1, Error(false, -60), 1e-12);
        }

        Assert.Equal(4, Error(false, -60), 1e-12);
    }

    private static double Sum(SmallSimulation loss, double duration, double[] modelSpikes, double[] dataSpikes, bool ofPotential = true)
    {
        var sum = 0.0;
        for (var k = 0; k < duration / Dt; k++)
        {
            (string, double)[] spikes = [("model.spike", At(modelSpikes, k)), ("data.spike", At(dataSpikes, k))];
            loss.Step(ofPotential ? [("model.V", -60), ("data.V", -60), .. spikes] : spikes);
            sum += loss.Contribution * Dt;
        }

        return sum;

        static double At(double[] spikes, int step) => spikes.Any(t => (int)Math.Round(t / Dt) == step) ? 1 : 0;
    }

    private static (SmallSimulation Loss, string Unit) Simulate(string name, params (string, object)[] settings)
    {
        var scope = new RecordingLossScope(new Definition());
        RecordingCatalog.Of(new LossesPlugin()).Create<ILoss>(name, settings).Define(scope);
        return (new SmallSimulation(scope.Definition, Dt), scope.Unit!.Value.Symbol);
    }

    private static object Ms(double value) => value * Symbolics.Units.ms;
}
