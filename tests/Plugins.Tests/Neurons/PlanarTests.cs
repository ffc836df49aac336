namespace BrainModular.Plugins.Tests.Neurons;

/// <summary>Excitability in two equations: where and how repetitive firing begins.</summary>
public sealed class PlanarTests
{
    [Fact]
    public void FitzHugh_Nagumo_begins_to_oscillate_at_the_hopf_bifurcation_of_the_closed_form()
    {
        // The fixed point x loses its stability where 1 - x^2 = b phi; the current there is w - x + x^3 / 3 with w = (x + a) / b. In nA: times Vscale / R.
        const double a = 0.7, b = 0.8, phi = 0.08;
        var x = -Math.Sqrt(1 - (b * phi));
        var hopf = (((x + a) / b) - x + (x * x * x / 3)) * 0.3;
        var model = EngineRun.Model("fitzhugh-nagumo");

        // From rest into a current that rises slowly, so that only the fixed point's own stability counts.
        double Amplitude(double current)
        {
            var v = EngineRun.Of(model, "rk4", 0.2, 6000, t => current * Math.Min(1, t / 2000)).Last("V", 0.2);
            return v.Max() - v.Min();
        }

        Assert.InRange(Amplitude(hopf * 0.98), 0, 0.5);
        Assert.InRange(Amplitude(hopf * 1.03), 60, 150);

        // Just below, a push rings with the imaginary part of the eigenvalues: omega^2 = det - (trace / 2)^2.
        var current = hopf * 0.97;
        var ringing = EngineRun.Of(model, "rk4", 0.02, 3000, t => t < 2000 ? current * Math.Min(1, t / 1000) : current + (t < 2000.5 ? 0.003 : 0));
        var (rest, after) = (ringing["V"][99_000], ringing["V"][100_500..]);
        var crossings = Enumerable.Range(1, after.Length - 1).Where(k => after[k - 1] < rest && after[k] >= rest).Take(4).ToArray();
        var at = (rest + 30) / 30;
        var (trace, det) = (1 - (at * at) - (b * phi), phi * (1 - (b * (1 - (at * at)))));
        Assert.Equal(2 * Math.PI / Math.Sqrt(det - (trace * trace / 4)), (crossings[3] - crossings[0]) * 0.02 / 3, 0.4);
    }

    [Fact]
    public void FitzHugh_Nagumo_is_at_rest_without_current_and_has_the_published_limits()
    {
        var rest = EngineRun.Of(EngineRun.Model("fitzhugh-nagumo"), "rk4", 0.1, 500, static _ => 0);
        Assert.All(rest["V"], static v => Assert.Equal(-30 - (30 * 1.1994), v, 0.01));
        Assert.NotEmpty(EngineRun.Of(EngineRun.Model("fitzhugh-nagumo"), "rk4", 0.1, 500, static _ => 0.15).Spikes);

        // Too much current blocks: the upper Hopf bifurcation lies at the mirror image.
        Assert.True(EngineRun.Of(EngineRun.Model("fitzhugh-nagumo"), "rk4", 0.1, 1000, static _ => 0.6).Spikes.Length < 3);
    }

    [Fact]
    public void Morris_Lecar_of_type_one_begins_to_fire_at_frequency_zero_where_its_equilibrium_vanishes()
    {
        (string, double)[] values = [("gCa", 0.004), ("V3", 12), ("V4", 17.4), ("phi", 1 / 15.0)];
        var model = EngineRun.Model("morris-lecar");
        double Frequency(double pA)
        {
            var spikes = EngineRun.Of(model, "rk4", 0.2, 6000, _ => pA * 1e-3, values).Spikes;
            return spikes.Length < 4 ? 0 : 1 / (spikes[^1] - spikes[^2]);
        }

        // The onset is the maximum of the steady current over V below the spike: a saddle-node.
        var onset = Enumerable.Range(0, 4000).Max(static k => Steady(-50 + (k * 0.008), 4, 12, 17.4));
        Assert.InRange(onset, 39, 41);
        Assert.Equal(0, Frequency(onset - 0.05));
        var (near, far) = (Frequency(onset + 0.05), Frequency(onset + 0.2));
        Assert.InRange(near, 1e-4, 2e-3);

        // On a saddle-node the frequency grows with the square root of the distance.
        Assert.Equal(2, far / near, 0.15);
    }

    [Fact]
    public void Morris_Lecar_of_type_two_begins_to_fire_at_a_frequency_of_its_own()
    {
        var model = EngineRun.Model("morris-lecar");
        double[] Spikes(double pA, double rise) => EngineRun.Of(model, "rk4", 0.2, 6000, t => pA * 1e-3 * Math.Min(1, t / rise)).Spikes;

        // The Hopf bifurcation: the equilibrium of a current at which the trace of the Jacobian vanishes.
        var v = Enumerable.Range(0, 60_000).Select(static k => -50 + (k * 0.001)).First(static v => Trace(v) > 0);
        var hopf = Steady(v, 4.4, 2, 30);
        Assert.Equal(93.86, hopf, 0.1);
        Assert.True(Spikes(hopf - 2, 3000).Length < 3, "it fires below its Hopf bifurcation, although led there slowly");
        var above = Spikes(hopf + 2, 3000);
        Assert.True(above.Length > 20);
        Assert.InRange(above[^1] - above[^2], 60, 120);

        // A sudden current finds the limit cycle somewhat below, again with a finite period.
        var sudden = Spikes(90, 1e-9);
        Assert.InRange(sudden[^1] - sudden[^2], 80, 130);
        Assert.True(Spikes(85, 1e-9).Length < 3);
    }

    /// <summary>The current in pA that holds the cell at V.</summary>
    private static double Steady(double v, double gCa, double v3, double v4) =>
        (gCa * (1 + Math.Tanh((v + 1.2) / 18)) / 2 * (v - 120)) + (8 * (1 + Math.Tanh((v - v3) / v4)) / 2 * (v + 84)) + (2 * (v + 60));

    /// <summary>The trace of the Jacobian at the equilibrium V of type II, in 1/ms.</summary>
    private static double Trace(double v)
    {
        var (m, w) = (Math.Tanh((v + 1.2) / 18), (1 + Math.Tanh((v - 2) / 30)) / 2);
        var fast = -((4.4 * (((1 - (m * m)) / 36 * (v - 120)) + ((1 + m) / 2))) + (8 * w) + 2) / 20;
        return fast - (0.04 * Math.Cosh((v - 2) / 60));
    }
}
