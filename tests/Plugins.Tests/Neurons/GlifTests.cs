namespace BrainModular.Plugins.Tests.Neurons;

/// <summary>The levels of GLIF neurons. Between spikes they are linear, and their exact solution is written out here.</summary>
public sealed class GlifTests
{
    private const double Tau = 20;

    [Fact]
    public void Level_one_fires_with_the_period_of_the_closed_form()
    {
        // R I = 60 mV: T = tref + tau ln(60 / (60 - 27)).
        var spikes = EngineRun.Of(EngineRun.Model("glif", ("level", 1)), "exponential-euler", 0.01, 500, static _ => 0.3).Spikes;
        Assert.InRange(spikes.Length, 25, 35);
        Assert.All(spikes.Zip(spikes.Skip(1)), static p => Assert.Equal(3 + (Tau * Math.Log(60.0 / 33)), p.Second - p.First, 0.0101));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Every_level_fires_when_its_exact_solution_does(int level)
    {
        const double dt = 0.005;
        var spikes = EngineRun.Of(EngineRun.Model("glif", ("level", level)), "exponential-euler", dt, 400, static t => t < 250 ? 0.25 : 0.5).Spikes;
        var expected = Exact(level, dt, 400);
        Assert.InRange(expected.Count, 8, 60);
        Assert.Equal(expected.Count, spikes.Length);
        Assert.All(expected.Zip(spikes), static p => Assert.Equal(p.First, p.Second, 0.05));
    }

    [Fact]
    public void Levels_have_what_the_publication_gives_them()
    {
        string[][] states = [[], ["ThetaS"], ["I1", "I2"], ["I1", "I2", "ThetaS"], ["I1", "I2", "ThetaS", "ThetaV"]];
        for (var level = 1; level <= 5; level++)
        {
            var model = EngineRun.Model("glif", ("level", level));
            Assert.Equal(["refractory", "V", .. states[level - 1]], model.States.Select(static s => s.Name));
            Assert.Equal(level is 2 or 4 or 5, model.FindParameter("fv") is not null);
        }
    }

    [Fact]
    public void Variables_have_their_stated_values_when_the_refractory_period_ends()
    {
        var neuron = Models.Simulate("glif", 0.1, ("tref", 2), ("f1", 0.5), ("fv", 0.4));
        (neuron["V"], neuron["I1"], neuron["ThetaS"], neuron["ThetaV"]) = (-43, 0.2, 1.5, 0.5);
        Assert.True(neuron.Step(("I", 0)));
        var atSpike = neuron["ThetaV"];
        Assert.InRange(neuron["V"], -75 + (0.4 * 31.5) - 3, -75 + (0.4 * 32.5) - 3);
        var held = neuron["V"];
        for (var k = 0; k < 20; k++)
        {
            Assert.Equal(held, neuron["V"], 1e-12);
            neuron.Step(("I", 1));
        }

        Assert.Equal((0.5 * 0.2 * Math.Exp(-0.01) * Math.Exp(-0.2)) - 0.01, neuron["I1"], 1e-12);
        Assert.Equal((1.5 * Math.Exp(-0.03 * 2.1)) + 4, neuron["ThetaS"], 1e-12);
        Assert.Equal(atSpike, neuron["ThetaV"], 1e-12);
        neuron.Step(("I", 1));
        Assert.NotEqual(held, neuron["V"]);
    }

    /// <summary>The publication's rules, stepped by the exact solution of each variable: V is driven by exponentials and a constant.</summary>
    private static List<double> Exact(int level, double dt, double duration)
    {
        double[] k = [0.1, 0.01];
        double[] delta = [-0.01, -0.005];
        const double bs = 0.03, av = 0.005, bv = 0.02, tref = 3, r = 200, c = 0.1;
        var (rules, currents) = (level is 2 or 4 or 5, level >= 3);
        double u = 0, thetaS = 0, thetaV = 0; // u = V - EL
        var i = new double[2];
        var spikes = new List<double>();
        for (var t = 0.0; t < duration - (dt / 2); t += dt)
        {
            // u(s) = constant + fading exp(-s / tau) + sum over j of driven_j exp(-k_j s)
            var steady = r * (t < 250 - (dt / 2) ? 0.25 : 0.5);
            double[] driven = [.. i.Select((x, j) => x / c / ((1 / Tau) - k[j]))];
            var fading = u - steady - driven.Sum();
            double At(double s) => steady + (fading * Math.Exp(-s / Tau)) + driven.Zip(k, (d, rate) => d * Math.Exp(-rate * s)).Sum();

            // dThetaV/dt = av u - bv ThetaV, driven by those exponentials.
            double[] rates = [0, 1 / Tau, .. k];
            double[] amplitudes = [steady, fading, .. driven];
            var particular = amplitudes.Zip(rates, static (a, rate) => av * a / (bv - rate)).ToArray();
            thetaV = level < 5 ? 0 : ((thetaV - particular.Sum()) * Math.Exp(-bv * dt)) + particular.Zip(rates, (p, rate) => p * Math.Exp(-rate * dt)).Sum();
            u = At(dt);
            i = [.. i.Zip(k, (x, rate) => x * Math.Exp(-rate * dt))];
            thetaS *= Math.Exp(-bs * dt);
            if (u < 27 + thetaS + thetaV)
            {
                continue;
            }

            spikes.Add(t);
            u = rules ? (0.3 * u) - 3 : 0;
            thetaS = rules ? (thetaS * Math.Exp(-bs * tref)) + 4 : 0;
            i = currents ? [.. i.Select((x, j) => (x * Math.Exp(-k[j] * tref)) + delta[j])] : i;
            t += tref;
        }

        return spikes;
    }
}
