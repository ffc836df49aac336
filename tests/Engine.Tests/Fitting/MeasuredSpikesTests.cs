using BrainModular.Engine.Fitting;

namespace BrainModular.Engine.Tests.Fitting;

/// <summary>Which currents show recorded spikes, of sweeps of 1 s with a spike every 50 ms.</summary>
public sealed class MeasuredSpikesTests
{
    private const double TimeStep = 0.1;
    private const int Steps = 10_000;

    private static readonly int[] Spikes = [.. Enumerable.Range(0, 18).Select(static k => 700 + (500 * k))];

    /// <summary>Down by 0.6 nA while the spike rises and up by 0.4 nA after it, on a step with noise of 5 pA.</summary>
    [Fact]
    public void A_current_that_swings_at_spikes_shows_them()
    {
        var found = MeasuredSpikes.In([Sweep(static t => Step(t) + Noise(t) + Artefact(t))]);
        Assert.NotNull(found);
        Assert.InRange(found.Swing, 0.38, 0.42);
        Assert.InRange(found.Elsewhere, 0.001, 0.02);
    }

    [Fact]
    public void Without_noise_it_shows_them_too() => Assert.NotNull(MeasuredSpikes.In([Sweep(static t => Step(t) + Artefact(t))]));

    [Fact]
    public void Once_taken_out_they_are_shown_no_more() =>
        Assert.Null(MeasuredSpikes.In([SpikeArtefacts.Remove(Sweep(static t => Step(t) + Noise(t) + Artefact(t)), new(1, 5))]));

    [Theory]
    [InlineData("step")]
    [InlineData("noisy step")]
    [InlineData("ramp")]
    [InlineData("sine")]
    [InlineData("pulse at each spike")]
    [InlineData("step at each spike")]
    [InlineData("two phases at each spike")]
    [InlineData("pulse and rebound at each spike")]
    [InlineData("the same fluctuation at each spike")]
    [InlineData("fluctuating")]
    public void A_clean_current_shows_nothing(string kind)
    {
        Func<int, double> current = kind switch
        {
            "step" => Step,
            "noisy step" => static t => Step(t) + Noise(t),
            "ramp" => static t => 1e-5 * t,
            "sine" => static t => 0.1 * Math.Sin(t / 30.0),
            "pulse at each spike" => static t => Spikes.Any(s => t >= s - 7 && t < s + 3) ? 1 : 0,
            "step at each spike" => static t => 0.1 * Spikes.Count(s => t >= s - 10),
            "two phases at each spike" => static t => AtSpikes(t, static i => i is >= -6 and < -1 ? 2 : i is >= -1 and < 4 ? -2 : 0),
            "pulse and rebound at each spike" => static t => AtSpikes(t, static i => i is >= -6 and < 2 ? 1 : i is >= 2 and < 22 ? -0.4 : 0),
            "the same fluctuation at each spike" => static t => AtSpikes(t, static i => i is >= -6 and < 34 ? Fluctuation(1000 + i) : 0),
            _ => Fluctuation,
        };
        Assert.Null(MeasuredSpikes.In([Sweep(current)]));
    }

    /// <summary>Pulses to both sides that make the cell fire, over a current that changes elsewhere, too: in until it rises, out while it does; both before it rises; and first out, then in.</summary>
    [Theory]
    [InlineData(-9, -3, 1, 3, -1)]
    [InlineData(-9, -6, 2, -3, -2)]
    [InlineData(-9, -3, -1, 3, 1)]
    [InlineData(-9, -6, -1, -3, 1)]
    [InlineData(-3, 3, 1, 20, -0.4)]
    public void Pulses_to_both_sides_that_make_the_cell_fire_show_nothing(int first, int second, double before, int end, double after)
    {
        double Pulses(int t) => AtSpikes(t, i => i >= first && i < second ? before : i >= second && i < end ? after : 0);
        Assert.Null(MeasuredSpikes.In([Sweep(t => Step(t) + Noise(t) + Pulses(t))]));
        Assert.NotNull(MeasuredSpikes.In([Sweep(t => Step(t) + Noise(t) + Artefact(t))]));
    }

    /// <summary>A cell that fires while its current fluctuates and rests before: what is large at spikes is another at each, and no spike.</summary>
    [Fact]
    public void A_current_that_fluctuates_only_while_the_cell_fires_shows_nothing() =>
        Assert.Null(MeasuredSpikes.In([Sweep(static t => t < 5000 ? 0 : Fluctuation(t)) with { Spikes = [.. Spikes.Where(static s => s > 5100)] }]));

    [Fact]
    public void Two_spikes_are_too_few() => Assert.Null(MeasuredSpikes.In([Sweep(static t => Artefact(t)) with { Spikes = Spikes[..2] }]));

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    [InlineData(50)]
    public void Steps_too_long_to_show_a_spike_show_none(double timeStep) =>
        Assert.Null(MeasuredSpikes.In([Sweep(static t => Step(t) + Noise(t) + Artefact(t)) with { TimeStep = timeStep }]));

    private static readonly double[] Filtered = Correlated();

    private static double Step(int t) => t is > 600 and < 9500 ? 0.2 : 0;

    private static double Noise(int t) => 0.005 * Math.Sin(t * (double)t);

    private static double Fluctuation(int t) => Filtered[t];

    private static double AtSpikes(int t, Func<int, double> current) => Spikes.Sum(s => current(t - s));

    private static double Artefact(int t) => Spikes.Sum(s => (t - s) is var i && i is >= -3 and < 3 ? -0.6 : i is >= 3 and < 20 ? 0.4 : 0);

    /// <summary>An Ornstein-Uhlenbeck process of 0.3 nA and 3 ms.</summary>
    private static double[] Correlated()
    {
        var (random, values, decay) = (new System.Random(1), new double[Steps], Math.Exp(-TimeStep / 3));
        for (var t = 1; t < Steps; t++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[t] = (decay * values[t - 1]) + (0.3 * Math.Sqrt(1 - (decay * decay)) * normal);
        }

        return values;
    }

    private static PreparedSweep Sweep(Func<int, double> current) =>
        new(1, TimeStep, [.. Enumerable.Range(0, Steps).Select(current)], [.. Enumerable.Range(0, Steps).Select(Potential)], [.. Enumerable.Repeat(true, Steps)], Spikes, -70);

    /// <summary>At each spike up by 80 mV in 0.6 ms, and down in 1.7 ms.</summary>
    private static double Potential(int t) => -70 + AtSpikes(t, static i => i is >= -3 and < 3 ? 80 * (i + 3) / 6.0 : i is >= 3 and < 20 ? 80 * (20 - i) / 17.0 : 0);
}
