namespace BrainModular.Plugins.Tests.Neurons;

public sealed class GifPozzoriniTests
{
    [Fact]
    public void Kernels_are_sums_of_exponentials_that_begin_with_each_spike()
    {
        // With a slope conductance of 0 in all but C the potential is the integral of the current; here only the kernels are looked at.
        var model = EngineRun.Model("gif-pozzorini", ("currents", 3), ("thresholds", 2));
        var run = EngineRun.Of(model, "exponential-euler", 0.05, 600, static _ => 0.5);
        Assert.InRange(run.Spikes.Length, 5, 100);
        (double Tau, double Eta)[] kernels = [(10, 0.2), (100, 0.02), (500, 0.005)];
        for (var k = 0; k < 12_000; k += 37)
        {
            // A spike in step s is in the states from step s + 1 on.
            double Kernel(double tau, double jump) => run.Spikes.Where(s => s < (k - 0.5) * 0.05).Sum(s => jump * Math.Exp(-((k * 0.05) - s - 0.05) / tau));
            for (var j = 0; j < 3; j++)
            {
                Assert.Equal(Kernel(kernels[j].Tau, kernels[j].Eta), run[$"eta{j + 1}"][k], 1e-10);
            }

            Assert.Equal(Kernel(10, 10), run["gamma1"][k], 1e-8);
            Assert.Equal(Kernel(100, 2), run["gamma2"][k], 1e-8);
        }
    }

    [Fact]
    public void It_fires_when_its_equations_written_out_by_hand_do()
    {
        const double dt = 0.01;
        static double Current(double t) => 0.35 + (0.25 * Math.Sin(t / 17)) + (0.2 * Math.Sin(t / 5));
        var model = EngineRun.Model("gif-pozzorini", ("coupling", "voltage"));
        var spikes = EngineRun.Of(model, "exponential-euler", dt, 1000, Current).Spikes;

        // Heun's method on all variables, of its own.
        var x = new double[] { -65, 0, 0, 0, 0, 3 * Math.Log(1 + Math.Exp(-10 / 4.0)) };
        var (held, expected) = (0.0, new List<double>());
        for (var t = 0.0; t < 1000 - (dt / 2); t += dt)
        {
            var current = Current(t);
            double[] Rate(double[] y) =>
            [
                held > dt / 2 ? 0 : ((-0.01 * (y[0] + 65)) - y[1] - y[2] + current) / 0.2,
                -y[1] / 10, -y[2] / 100, -y[3] / 10, -y[4] / 100,
                ((3 * Math.Log(1 + Math.Exp((y[0] + 55) / 4))) - y[5]) / 5,
            ];
            var first = Rate(x);
            var second = Rate([.. x.Zip(first, static (a, b) => a + (dt * b))]);
            x = [.. x.Select((a, j) => a + (dt / 2 * (first[j] + second[j])))];
            if (held <= dt / 2 && x[0] >= -50 + x[3] + x[4] + x[5])
            {
                expected.Add(t);
                x = [-60, x[1] + 0.2, x[2] + 0.02, x[3] + 10, x[4] + 2, x[5]];
                held = 4;
            }
            else
            {
                held = Math.Max(held - dt, 0);
            }
        }

        Assert.InRange(expected.Count, 8, 100);
        Assert.Equal(expected.Count, spikes.Length);
        Assert.All(expected.Zip(spikes), static p => Assert.Equal(p.First, p.Second, 0.25));
    }

    [Fact]
    public void Coupled_threshold_lets_fast_currents_through_and_slow_ones_not()
    {
        // Both end 5 mV above the threshold at rest; the threshold has time to follow only the slow one.
        static int Spikes(string coupling, double rise)
        {
            var model = EngineRun.Model("gif-pozzorini", ("coupling", coupling));
            (string, double)[] values = coupling == "none" ? [("C", 0.02)] : [("C", 0.02), ("tauTheta", 20), ("Vi", -58)];
            return EngineRun.Of(model, "exponential-euler", 0.02, 400, t => 0.2 * Math.Min(1, t / rise), values).Spikes.Length;
        }

        Assert.True(Spikes("none", 300) > 0);
        Assert.Equal(0, Spikes("voltage", 300));
        Assert.True(Spikes("voltage", 1) > 0);
    }

    /// <summary>Without a leak V rises as a ramp, behind which the slow potential stays by r tauR (1 - exp(-t / tauR)): so much times kR sooner the threshold is reached.</summary>
    [Theory]
    [InlineData(0.2)]
    [InlineData(2.0)]
    public void A_rising_potential_meets_a_lower_threshold(double rise)
    {
        const double k = 0.7, tau = 4, dt = 0.01;
        double Ahead(double t) => k * rise * tau * (1 - Math.Exp(-t / tau));
        var model = EngineRun.Model("gif-pozzorini", ("currents", 0), ("thresholds", 0), ("slope", "lowering"));
        var run = EngineRun.Of(model, "exponential-euler", dt, 100, _ => 0.1 * rise, ("C", 0.1), ("gL", 1e-12), ("kR", k), ("tauR", tau), ("VTstar", -55), ("DeltaV", 2));

        var (low, high) = (0.0, 100.0);
        while (high - low > 1e-9)
        {
            var t = (low + high) / 2;
            (low, high) = -65 + (rise * t) + Ahead(t) < -55 ? (t, high) : (low, t);
        }

        Assert.Equal(high, run.Spikes[0], 2 * dt);
        Assert.True(high < 10 / rise);
        for (var step = 50; step < (int)(high / dt) - 1; step += 50)
        {
            var t = step * dt;
            Assert.Equal(rise * tau * (1 - Math.Exp(-t / tau)), run["V"][step] - run["Vslow"][step], 1e-2 * rise);
            Assert.Equal(((rise * t) + Ahead(t) - 10) / 2, run["logHazard"][step], 1e-2 * rise);
        }
    }

    /// <summary>At rest all currents balance, where bisection finds it; the gate begins in equilibrium and reaches another with its time constant.</summary>
    [Fact]
    public void Gated_potassium_makes_the_resistance_fall_with_depolarisation()
    {
        static double Open(double v) => 1 / (1 + Math.Exp(-(v + 40) / 8));
        static double Rest(double current)
        {
            var (low, high) = (-100.0, 0.0);
            while (high - low > 1e-10)
            {
                var v = (low + high) / 2;
                (low, high) = (0.01 * (v + 65)) + (0.01 * Open(v) * (v + 90)) < current ? (v, high) : (low, v);
            }

            return (low + high) / 2;
        }

        var model = EngineRun.Model("gif-pozzorini", ("potassium", "gated"));
        double[] currents = [-0.1, 0, 0.4, 0.5];
        List<double> reached = [];
        foreach (var current in currents)
        {
            var run = EngineRun.Of(model, "exponential-euler", 0.1, 1000, _ => current, ("VTstar", 0));
            Assert.Empty(run.Spikes);
            Assert.Equal(Open(-65), run["n"][0], 1e-12);
            Assert.Equal(Rest(current), run["V"][^1], 1e-6);
            reached.Add(run["V"][^1]);
            Assert.Equal(0.01 * Open(Rest(current)) * (Rest(current) + 90), run["IK"][^1], 1e-8);
        }

        Assert.True(reached[3] - reached[2] < 0.7 * (reached[1] - reached[0]));
    }

    /// <summary>As in a fit, whose model begins at the recorded potential.</summary>
    [Theory]
    [InlineData(-65, null)]
    [InlineData(-48, -48.0)]
    public void Threshold_and_gate_begin_in_equilibrium_where_the_potential_begins(double start, double? given)
    {
        var model = EngineRun.Model("gif-pozzorini", ("potassium", "gated"), ("coupling", "voltage"));
        var initial = given is { } v ? new Dictionary<string, double> { ["V"] = v } : [];
        var run = EngineRun.From(initial, model, "exponential-euler", 0.1, 1, static _ => 0);
        Assert.Equal(start, run["V"][0]);
        Assert.Equal(1 / (1 + Math.Exp(-(start + 40) / 8)), run["n"][0], 1e-12);
        Assert.Equal(3 * Math.Log(1 + Math.Exp((start + 55) / 4)), run["theta"][0], 1e-12);
    }

    [Fact]
    public void Gated_potassium_opens_with_its_time_constant()
    {
        // A membrane so large that the potential stays where it is.
        var run = EngineRun.From(
            new Dictionary<string, double> { ["V"] = -45, ["n"] = 0 }, EngineRun.Model("gif-pozzorini", ("potassium", "gated")), "exponential-euler", 0.1, 100, static _ => 0,
            ("VTstar", 0), ("C", 1e9), ("tauN", 25));
        Assert.Equal(1 / (1 + Math.Exp(5 / 8.0)) * (1 - Math.Exp(-50 / 25.0)), run["n"][500], 1e-6);
    }

    /// <summary>With kernels and reset that change nothing V rests 2 mV below the threshold, and the hazard is exp(-2) per ms after each refractory period.</summary>
    [Fact]
    public void Spikes_that_escape_at_a_constant_hazard_have_exponential_intervals_after_the_refractory_period()
    {
        const double duration = 200_000;
        var hazard = Math.Exp(-2);
        var spikes = EngineRun.Of(Resting("escape"), "exponential-euler", 0.1, duration, static _ => 0, Rest).Spikes;
        double[] waits = [.. spikes.Skip(1).Zip(spikes, static (b, a) => b - a - 4)];
        var (mean, count) = (waits.Average(), waits.Length);
        Assert.InRange(count, 10_000, 30_000);
        Assert.True(waits.Min() >= 0);

        // A step of dt in which it may fire is dt of waiting, half of which is lost on the average.
        Assert.Equal(1 / hazard, mean, 5 / hazard / Math.Sqrt(count) + 0.06);
        Assert.Equal(Math.Exp(-1), waits.Count(w => w > mean) / (double)count, 0.02);
    }

    [Fact]
    public void Without_randomness_it_fires_when_half_of_those_that_escape_would_have()
    {
        var spikes = EngineRun.Of(Resting("median"), "exponential-euler", 0.01, 2000, static _ => 0, [.. Rest, ("tauHazard", 1e4)]).Spikes;
        Assert.InRange(spikes.Length, 100, 400);
        Assert.All(spikes.Skip(1).Zip(spikes, static (b, a) => b - a - 4), static wait => Assert.Equal(Math.Log(2) * Math.Exp(2), wait, 0.03));
    }

    [Fact]
    public void A_hazard_that_is_forgotten_faster_than_it_comes_fires_nothing()
    {
        // The integral tends to tauHazard times the hazard, here to 0.54, below ln 2.
        Assert.Empty(EngineRun.Of(Resting("median"), "exponential-euler", 0.01, 500, static _ => 0, [.. Rest, ("tauHazard", 4)]).Spikes);
    }

    [Fact]
    public void Settings_say_how_many_kernels_there_are()
    {
        var model = EngineRun.Model("gif-pozzorini", ("currents", 1), ("thresholds", 0));
        Assert.Equal(["refractory", "V", "eta1"], model.States.Select(static s => s.Name));
        Assert.NotNull(model.FindParameter("tauEta1"));
        Assert.Null(model.FindParameter("tauGamma1"));
        Assert.Null(model.FindParameter("tauHazard"));
        Assert.Null(model.FindParameter("gK"));
    }

    private static readonly (string, double)[] Rest = [("EL", -60), ("Vreset", -60), ("VTstar", -58)];

    private static BrainModular.Engine.Tracing.ModelDefinition Resting(string firing) => EngineRun.Model("gif-pozzorini", ("currents", 0), ("thresholds", 0), ("firing", firing));
}
