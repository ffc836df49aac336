namespace BrainModular.Plugins.Tests.Neurons;

/// <summary>Integrate-and-fire neurons that draw the beginning of their spikes: exponential, adaptive exponential, quadratic.</summary>
public sealed class UpstrokeTests
{
    [Fact]
    public void Quadratic_neuron_fires_with_the_period_of_the_closed_form()
    {
        // tau du/dt = u^2 / w + e with u = V - (Vrest + Vcrit) / 2, w = 15 mV, e = R I - w / 4: an inverse tangent from Vreset to Vpeak.
        foreach (var current in new[] { 0.05, 0.1, 0.3 })
        {
            var spikes = EngineRun.Of(EngineRun.Model("quadratic-integrate-and-fire"), "rk4", 0.005, 1000, _ => current).Spikes;
            var scale = Math.Sqrt(15 * ((100 * current) - 3.75));
            var period = 10 * 15 / scale * (Math.Atan((20 + 57.5) / scale) - Math.Atan((-70 + 57.5) / scale));
            Assert.True(spikes.Length > 4);
            Assert.Equal(period, (spikes[^1] - spikes[1]) / (spikes.Length - 2), 0.006);
        }
    }

    [Theory]
    [InlineData("quadratic-integrate-and-fire", 0.0375)]
    [InlineData("exponential-integrate-and-fire", 0.0162)]
    [InlineData("adaptive-exponential-integrate-and-fire", 0.0)]
    public void It_fires_above_the_rheobase_of_the_closed_form_and_not_below(string neuron, double rheobase)
    {
        // Exponential: R I = VT - EL - DeltaT. Adaptive, a saddle-node where a / gL < tauM / tauW is not the case for the defaults' tauW, so tauW is
        // short here: I = (gL + a) (VT - EL - DeltaT + DeltaT ln(1 + a / gL)) (Touboul and Brette 2008, 10.1007/s00422-008-0267-4).
        (string, double)[] values = [];
        if (neuron.StartsWith("adaptive", StringComparison.Ordinal))
        {
            rheobase = 0.034 * (20.2 - 2 + (2 * Math.Log(1 + (4.0 / 30))));
            values = [("tauW", 5)];
        }

        var model = EngineRun.Model(neuron);
        Assert.Empty(EngineRun.Of(model, "rk4", 0.05, 3000, t => rheobase * 0.995 * Math.Min(1, t / 500), values).Spikes);
        Assert.NotEmpty(EngineRun.Of(model, "rk4", 0.05, 3000, t => rheobase * 1.005 * Math.Min(1, t / 500), values).Spikes);
    }

    [Theory]
    [InlineData("exponential-integrate-and-fire", 0.1)]
    [InlineData("adaptive-exponential-integrate-and-fire", 0.9)]
    public void It_fires_when_its_equations_integrated_in_far_smaller_steps_do(string neuron, double current)
    {
        var adaptive = neuron.StartsWith("adaptive", StringComparison.Ordinal);
        var spikes = EngineRun.Of(EngineRun.Model(neuron), "rk4", 0.01, 400, _ => current).Spikes;
        var (v, w, held, expected) = (adaptive ? -70.6 : -65, 0.0, 0.0, new List<double>());
        const double dt = 5e-5;
        for (var t = 0.0; t < 400; t += dt)
        {
            var (dv, dw) = adaptive
                ? (((0.03 * (-70.6 - v + (2 * Math.Exp((v + 50.4) / 2)))) - w + current) / 0.281, ((0.004 * (v + 70.6)) - w) / 144)
                : ((-65 - v + (3.48 * Math.Exp((v + 59.9) / 3.48)) + (100 * current)) / 10, 0);
            held -= dt;
            (v, w) = (held > 0 ? v : v + (dt * dv), w + (dt * dw));
            if (v >= (adaptive ? 20 : -30))
            {
                expected.Add(t);
                (v, w, held) = (adaptive ? -70.6 : -68, w + 0.0805, adaptive ? 0 : 1.7);
            }
        }

        Assert.InRange(expected.Count, 5, 100);
        Assert.Equal(expected.Count, spikes.Length);
        Assert.All(expected.Zip(spikes), static p => Assert.Equal(p.First, p.Second, 0.3));
    }

    [Fact]
    public void Adaptation_makes_intervals_grow_and_subthreshold_coupling_is_that_of_the_closed_form()
    {
        var spikes = EngineRun.Of(EngineRun.Model("adaptive-exponential-integrate-and-fire"), "exponential-euler", 0.05, 600, static _ => 1.0).Spikes;
        Assert.True(spikes.Length > 5);
        Assert.True(spikes[^1] - spikes[^2] > 1.5 * (spikes[1] - spikes[0]), "the interval between spikes did not grow");

        // Far below VT the upstroke is nothing, and in equilibrium I = (gL + a) (V - EL).
        var rest = EngineRun.Of(EngineRun.Model("adaptive-exponential-integrate-and-fire"), "exponential-euler", 0.1, 3000, static _ => -0.34);
        Assert.Equal(-70.6 - 10, rest["V"][^1], 1e-4);
        Assert.Equal(0.004 * -10, rest["w"][^1], 1e-6);
    }

    [Fact]
    public void Upstroke_stays_finite_with_every_integrator_and_however_sharp_it_is()
    {
        foreach (var integrator in Engine.Steps.Integrator.All)
        {
            foreach (var sharpness in new[] { 0.2, 2, 10 })
            {
                var run = EngineRun.Of(EngineRun.Model("adaptive-exponential-integrate-and-fire"), integrator.Name, 0.1, 300, static _ => 1.5, ("DeltaT", sharpness));
                Assert.All(run["V"], static v => Assert.InRange(v, -200, 20));
                Assert.True(run.Spikes.Length > 5);
            }
        }
    }
}
