using BrainModular.Engine.Fitting;

namespace BrainModular.Engine.Tests.Fitting;

/// <summary>A membrane of a resistance and a capacitance, simulated here by its closed form.</summary>
public sealed class PassiveMembraneTests
{
    private const double Interval = 0.1;

    [Theory]
    [InlineData(20, 150, -70)]
    [InlineData(3, 40, -55)]
    [InlineData(140, 800, -62.5)]
    public void Time_constant_resistance_and_rest_are_recovered(double tau, double resistance, double rest)
    {
        var fit = PassiveMembrane.Fit([.. new[] { 0.05, -0.1 }.Select((amplitude, i) => Step(tau, resistance, rest, amplitude, rest + i, _ => 0))]);
        Assert.Equal(1, fit.TimeConstant / tau, 1e-3);
        Assert.Equal(1, fit.Resistance / resistance, 1e-3);
        Assert.Equal(rest, fit.Rest, 1e-2);
    }

    [Fact]
    public void Noise_moves_the_fit_little_and_masked_samples_not_at_all()
    {
        var random = new System.Random(1);
        var trace = Step(20, 150, -70, 0.1, -70, _ => random.NextDouble() - 0.5);
        var fit = PassiveMembrane.Fit([trace]);
        Assert.InRange(fit.TimeConstant, 19, 21);
        Assert.InRange(fit.Resistance, 148, 152);

        bool[] mask = [.. trace.Mask.Select(static (_, i) => i is < 2000 or > 2500)];
        double[] spoiled = [.. trace.Potential.Select(static (v, i) => i is < 2000 or > 2500 ? v : 40.0)];
        Assert.Equal(PassiveMembrane.Fit([trace with { Mask = mask }]), PassiveMembrane.Fit([trace with { Mask = mask, Potential = spoiled }]));
    }

    [Fact]
    public void Prediction_is_the_closed_form()
    {
        var trace = Step(20, 150, -70, 0.1, -66, static _ => 0);
        var predicted = new PassiveMembrane(20, 150, -70).Predict(trace);
        Assert.All(predicted.Zip(trace.Potential), static pair => Assert.Equal(pair.Second, pair.First, 1e-9));
    }

    [Fact]
    public void Without_a_stimulus_the_rest_is_the_mean_and_the_resistance_0()
    {
        var trace = new PassiveTrace(new double[5000], [.. Enumerable.Repeat(-71.5, 5000)], [.. Enumerable.Repeat(true, 5000)], Interval, -71.5);
        var fit = PassiveMembrane.Fit([trace]);
        Assert.Equal(-71.5, fit.Rest, 1e-9);
        Assert.Equal(0, fit.Resistance);
    }

    /// <summary>A step of current from 50 to 350 of 500 ms.</summary>
    private static PassiveTrace Step(double tau, double resistance, double rest, double amplitude, double initial, Func<int, double> noise)
    {
        const int samples = 5000, on = 500, off = 3500;
        var potential = new double[samples];
        var shift = amplitude * resistance;
        for (var k = 0; k < samples; k++)
        {
            var driven = k <= on ? 0
                : k <= off ? shift * (1 - Math.Exp(-(k - on) * Interval / tau))
                : shift * (1 - Math.Exp(-(off - on) * Interval / tau)) * Math.Exp(-(k - off) * Interval / tau);
            potential[k] = rest + ((initial - rest) * Math.Exp(-k * Interval / tau)) + driven + noise(k);
        }

        double[] current = [.. Enumerable.Range(0, samples).Select(k => k is >= on and < off ? amplitude : 0)];
        return new(current, potential, [.. Enumerable.Repeat(true, samples)], Interval, initial);
    }
}
