using BrainModular.Engine.Fitting;

namespace BrainModular.Engine.Tests.Fitting;

/// <summary>What sweeps tell of a cell before it is fitted, and which of their steep rises are spikes.</summary>
public sealed class RecordedCellTests
{
    private const double Interval = 0.05;
    private const double Rest = -70;

    // Spikes rise to 90 mV above the rest within 0.5 ms and fall in 1.5 ms to 10 mV above it, from where they decay slowly.
    private static readonly double[] Times = [100, 130, 190, 260];

    [Fact]
    public void A_passive_cell_has_the_membrane_it_was_made_with_and_no_reset()
    {
        var cell = RecordedCell.Of([Sweep(static _ => 0)]);
        Assert.Equal(150, cell.Membrane.Resistance, 0.5);
        Assert.Equal(20, cell.Membrane.TimeConstant, 0.2);
        Assert.Equal(Rest, cell.Membrane.Rest, 0.05);
        Assert.Null(cell.Reset);
        Assert.Null(cell.Refractory);
    }

    [Fact]
    public void Reset_and_refractory_period_are_where_the_fast_fall_of_spikes_ends()
    {
        var cell = RecordedCell.Of([Spiking()]);

        // The mark is half-way up, 0.25 ms after the begin, and the fall ends at 2 ms.
        Assert.InRange(cell.Refractory!.Value, 1.5, 2);
        Assert.InRange(cell.Reset!.Value, Rest + 10 - 1, Rest + 10 + 8);
    }

    [Fact]
    public void The_refractory_period_is_shorter_than_the_shortest_interval()
    {
        var sweep = Spiking();
        var doublet = sweep with { Spikes = [.. sweep.Spikes.Concat([sweep.Spikes[0] + (int)(1 / Interval)]).Order()] };
        Assert.InRange(RecordedCell.Of([doublet]).Refractory!.Value, 0.5, 0.8 + 1e-9);
    }

    [Fact]
    public void Steep_rises_that_stay_far_below_spikes_are_none()
    {
        var sweep = Sweep(static t => Times.Sum(s => Spike(t - s)) + Enumerable.Range(0, 12).Sum(k => Bump(t - (15 + (25 * k)))));
        Assert.True(sweep.Spikes.Length > Times.Length);
        var least = SpikePeaks.Least([sweep]);
        Assert.InRange(least!.Value, Rest + 30, Rest + 60);
        Assert.Equal(Spiking().Spikes, SpikePeaks.From(sweep, least).Spikes);
    }

    [Fact]
    public void Spikes_that_accommodate_stay_and_a_sweep_without_any_says_nothing()
    {
        var sweep = Sweep(static t => Times.Select(static (s, i) => (s, 1 - (0.12 * i))).Sum(p => p.Item2 * Spike(t - p.s)));
        Assert.Equal(Times.Length, sweep.Spikes.Length);
        Assert.Equal(sweep.Spikes, SpikePeaks.From(sweep, SpikePeaks.Least([sweep])).Spikes);
        Assert.Null(SpikePeaks.Least([Sweep(static _ => 0)]));
        Assert.Same(sweep, SpikePeaks.From(sweep, null));
    }

    private static PreparedSweep Spiking() => Sweep(static t => Times.Sum(s => Spike(t - s)));

    private static double Spike(double t) => t switch
    {
        < 0 or > 60 => 0,
        < 0.5 => 180 * t,
        < 2 => 90 - (80 * (t - 0.5) / 1.5),
        _ => 10 * Math.Exp(-(t - 2) / 15),
    };

    private static double Bump(double t) => t is < 0 or > 4 ? 0 : t < 1 ? 22 * t : 22 * (4 - t) / 3;

    /// <summary>A membrane of 150 MOhm and 20 ms with steps of current, and something on top.</summary>
    private static PreparedSweep Sweep(Func<double, double> added)
    {
        var (current, potential, v) = (new double[6000], new double[6000], Rest);
        for (var i = 0; i < current.Length; i++)
        {
            current[i] = i is >= 1000 and < 2000 ? -0.1 : i is >= 3000 and < 4500 ? 0.05 : 0;
            potential[i] = v + added(i * Interval);
            v = Rest + (150 * current[i]) + ((v - Rest - (150 * current[i])) * Math.Exp(-Interval / 20));
        }

        return PreparedSweep.Prepare(1, current, potential, Interval, Interval);
    }
}
