using BrainModular.Engine.Fitting;
using BrainModular.Engine.Fitting.Spikes;
using BrainModular.Engine.Kernels.Random;

namespace BrainModular.Engine.Tests.Fitting;

public sealed class SpikeTrainsTests
{
    private const double TimeStep = 0.1;

    [Fact]
    public void Each_spike_coincides_with_one_other_at_most()
    {
        Assert.Equal(2, SpikeTrains.Coincidences([100, 110, 300], [105, 305], 10));
        Assert.Equal(1, SpikeTrains.Coincidences([100, 110], [105], 10));
        Assert.Equal(0, SpikeTrains.Coincidences([100], [111], 10));
        Assert.Equal(0, SpikeTrains.Coincidences([], [111], 10));
    }

    [Fact]
    public void Gamma_is_1_for_equal_trains_0_by_chance_and_what_its_formula_says_between()
    {
        int[] train = [.. Enumerable.Range(1, 100).Select(static k => 997 * k)];
        Assert.Equal(1, SpikeTrains.Gamma(train, train, 10_000, TimeStep, 4)!.Value, 1e-12);

        // 50 of 100 coincide, at 10 Hz 2 nu D is 0.08: (50 - 8) / 100 / 0.92.
        int[] half = [.. train.Select(static (s, k) => k % 2 == 0 ? s + 30 : s + 400)];
        Assert.Equal(42 / 92.0, SpikeTrains.Gamma(train, half, 10_000, TimeStep, 4)!.Value, 1e-12);

        var random = new PhiloxStream(4);
        int[] Poisson() => [.. Enumerable.Range(0, 1_000_000).Where(_ => random.Uniform() < 1e-3)];
        Assert.Equal(0, SpikeTrains.Gamma(Poisson(), Poisson(), 100_000, TimeStep, 4)!.Value, 0.1);
        Assert.Null(SpikeTrains.Gamma([], [], 1000, TimeStep, 4));
    }

    [Fact]
    public void Gamma_of_a_model_that_fires_all_the_time_or_far_too_often_is_0()
    {
        int[] recorded = [.. Enumerable.Range(0, 100).Select(static k => 100 * k)];
        int[] always = [.. Enumerable.Range(0, 110).Select(static k => 90 * k)];
        Assert.Equal(0, SpikeTrains.Gamma(recorded, always, 1000, TimeStep, 4));
        Assert.True(SpikeTrains.IsGuarded(recorded, always, 1000, 4));
        Assert.False(SpikeTrains.IsGuarded(recorded, [.. recorded.Select(static s => s + 50)], 10_000, 4));
        int[] few = [.. Enumerable.Range(0, 10).Select(static k => 1000 * k)];
        Assert.Equal(0, SpikeTrains.Gamma(few, [.. few, .. few.Take(4).Select(static s => s + 500)], 10_000, TimeStep, 4));
    }

    [Fact]
    public void Distances_have_their_closed_forms_for_one_spike_each()
    {
        Assert.Equal(0.5, SpikeTrains.VanRossum([100], [], TimeStep, 8), 1e-12);
        Assert.Equal(1 - Math.Exp(-5 / 8.0), SpikeTrains.VanRossum([100], [150], TimeStep, 8), 1e-12);
        Assert.Equal(1, SpikeTrains.VictorPurpura([100], [], TimeStep, 8));
        Assert.Equal(5 / 8.0, SpikeTrains.VictorPurpura([100], [150], TimeStep, 8), 1e-12);
        Assert.Equal(2, SpikeTrains.VictorPurpura([100], [400], TimeStep, 8), 1e-12);
        Assert.Equal(1 + (1 / 8.0), SpikeTrains.VictorPurpura([100, 500], [110], TimeStep, 8), 1e-12);
    }

    /// <summary>Against their definitions: the least cost over all ways to pair spikes, and the sum over all pairs.</summary>
    [Theory]
    [InlineData(0.3, 0.3)]
    [InlineData(0.02, 0.5)]
    [InlineData(0.5, 0.004)]
    [InlineData(0.01, 0.01)]
    public void Distances_of_random_trains_are_what_their_definitions_give(double one, double other)
    {
        var random = new PhiloxStream(3);
        int[] Train(double p) => [.. Enumerable.Range(0, 400).Where(_ => random.Uniform() < p).Select(static k => 10 * k)];
        for (var k = 0; k < 20; k++)
        {
            var (a, b) = (Train(one), Train(other));
            double Moved(int i, int j) => Math.Abs(a[i] - b[j]) * TimeStep / 3;
            var costs = new double[a.Length + 1, b.Length + 1];
            for (var i = 0; i <= a.Length; i++)
            {
                for (var j = 0; j <= b.Length; j++)
                {
                    costs[i, j] = i * j == 0 ? i + j : Math.Min(costs[i - 1, j - 1] + Moved(i - 1, j - 1), 1 + Math.Min(costs[i - 1, j], costs[i, j - 1]));
                }
            }

            Assert.Equal(costs[a.Length, b.Length], SpikeTrains.VictorPurpura(a, b, TimeStep, 3), 1e-9);
            double Overlap(int[] x, int[] y) => x.Sum(s => y.Sum(t => Math.Exp(-Math.Abs(s - t) * TimeStep / 3)));
            Assert.Equal(0.5 * (Overlap(a, a) + Overlap(b, b) - (2 * Overlap(a, b))), SpikeTrains.VanRossum(a, b, TimeStep, 3), 1e-9);
        }
    }

    /// <summary>As of a model that fires all the time beside a long recording: pair by pair this would take days.</summary>
    [Fact]
    public void Trains_of_millions_of_spikes_are_compared()
    {
        int[] many = [.. Enumerable.Range(0, 2_000_000).Select(static k => 100 * k)];
        Assert.Equal(0, SpikeTrains.VanRossum(many, many, TimeStep, 4));
        Assert.Equal(0, SpikeTrains.VictorPurpura(many, many, TimeStep, 4));
        Assert.Equal(many.Length, SpikeTrains.VictorPurpura(many, [], TimeStep, 4));
    }

    /// <summary>Both fire each of 1000 spikes with the probability 0.8: within and between, 0.64 of them coincide.</summary>
    [Fact]
    public void A_model_that_is_as_random_as_the_cell_is_similar_by_1()
    {
        var random = new PhiloxStream(9);
        IReadOnlyList<int[]> Trains(double p) =>
            [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(1, 1000).Where(_ => random.Uniform() < p).Select(static k => 1000 * k).ToArray())];
        var recorded = Trains(0.8);
        Assert.Equal(1, SpikeTrains.Similarity(recorded, Trains(0.8), TimeStep, 4)!.Value, 0.02);

        // Between 0.4, within 0.64 and 0.25.
        Assert.Equal(0.8 / 0.89, SpikeTrains.Similarity(recorded, Trains(0.5), TimeStep, 4)!.Value, 0.02);
        Assert.Null(SpikeTrains.Similarity(recorded, [recorded[0]], TimeStep, 4));
    }

    [Fact]
    public void Statistics_are_of_the_compared_part_and_latency_is_from_the_steps_onset()
    {
        var sweep = new PreparedSweep(1, TimeStep, [.. Enumerable.Range(0, 10_000).Select(static t => t is >= 3000 and < 8000 ? 0.2 : 0)], new double[10_000], [], [], 0) { First = 2000 };
        Assert.Equal((3000, 7999), SpikeStatistics.Stimulus(sweep));

        // Transients of a millisecond, as spikes leave them in a measured current, and a pulse as short as them.
        var measured = sweep with { Current = [.. sweep.Current.Select(static (i, t) => i + (t % 500 < 10 && t is >= 3200 and < 7000 ? 0.9 : 0))] };
        Assert.Equal((3000, 7999), SpikeStatistics.Stimulus(measured));
        Assert.Equal((5000, 5009), SpikeStatistics.Stimulus(sweep with { Current = [.. sweep.Current.Select(static (_, t) => t is >= 5000 and < 5010 ? 0.2 : 0)] }));
        var of = SpikeStatistics.Of([3200, 4200, 6200], sweep);
        Assert.Equal(3, of.Count);
        Assert.Equal(3 / 0.8, of.Rate, 1e-12);
        Assert.Equal(20, of.Latency!.Value, 1e-12);
        Assert.Equal(1 / 3.0, of.IntervalVariation!.Value, 1e-12);
        Assert.Null(SpikeStatistics.Of([], sweep).Latency);
    }
}
