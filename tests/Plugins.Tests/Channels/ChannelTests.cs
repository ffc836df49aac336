using BrainModular.Diagnostics;
using BrainModular.Models;
using BrainModular.Plugins.Neurons;
using BrainModular.Plugins.Tests.Neurons;
using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;
using static BrainModular.Symbolics.Units;

namespace BrainModular.Plugins.Tests.Channels;

/// <summary>The channels one by one, at clamped potentials: their published curves, temperature, concentrations.</summary>
public sealed class ChannelTests
{
    private const double Density = 1e-5;

    /// <summary>Equilibrium values and time constants in ms of gates at a potential in mV and the temperature of their measurement, from the publications' formulas.</summary>
    [Theory]
    [InlineData("na-hodgkin-huxley", "m", 6.3, -50)]
    [InlineData("na-hodgkin-huxley", "h", 6.3, -70)]
    [InlineData("k-hodgkin-huxley", "n", 6.3, -55)]
    [InlineData("na-traub-miles", "m", 36, -42)]
    [InlineData("na-traub-miles", "h", 36, -30)]
    [InlineData("na-traub-miles-slow", "m", 36, -42)]
    [InlineData("na-traub-miles-slow", "s", 36, -110)]
    [InlineData("na-traub-miles-slow", "s", 36, 20)]
    [InlineData("kd-traub-miles", "n", 36, -40)]
    [InlineData("m-yamada", "p", 36, -35)]
    [InlineData("cal-reuveni", "q", 36, -27)]
    [InlineData("cal-reuveni", "r", 36, -60)]
    [InlineData("cat-pospischil", "u", 24, -85)]
    [InlineData("cat-huguenard", "m", 24, -60)]
    [InlineData("cat-huguenard", "h", 24, -82)]
    [InlineData("cat-huguenard", "h", 24, -60)]
    [InlineData("a-connor", "a", 18, -40)]
    [InlineData("a-connor", "b", 18, -70)]
    [InlineData("h-kole", "l", 34, -90)]
    public void A_gate_follows_a_step_of_the_potential_as_published(string channel, string gate, double celsius, double v)
    {
        var (steady, tau) = Published(channel, gate, v);
        var (start, _) = Published(channel, gate, -65);
        var clamped = Clamp(channel, celsius);
        var name = $"{channel.Split('-')[0]}.{gate}";
        Assert.Equal(start, clamped[name], 1e-9);
        const double dt = 0.01;
        for (var k = 1; k <= 400; k++)
        {
            clamped["V"] = v;
            clamped.Step(("I", 0));
            Assert.Equal(steady + ((start - steady) * Math.Exp(-k * dt / tau)), clamped[name], 2e-9);
        }
    }

    [Fact]
    public void Ten_degrees_more_speed_gates_up_by_their_q10()
    {
        foreach (var (channel, gate, celsius, q10) in new[] { ("na-hodgkin-huxley", "na.m", 6.3, 3.0), ("m-yamada", "m.p", 36, 2.3), ("cat-huguenard", "cat.m", 24, 3.6), ("cat-huguenard", "cat.h", 24, 2.8), ("h-kole", "h.l", 34, 1), ("na-traub-miles-slow", "na.s", 36, 1) })
        {
            double Change(double temperature)
            {
                var clamped = Clamp(channel, temperature);
                var before = clamped[gate];
                clamped["V"] = -41;
                clamped.Step(("I", 0));
                return clamped[gate] - before;
            }

            // The first step relaxes by 1 - exp(-speed dt / tau).
            var steady = Published(channel, gate.Split('.')[1], -41).Steady - Published(channel, gate.Split('.')[1], -65).Steady;
            Assert.Equal(q10, Math.Log(1 - (Change(celsius + 10) / steady)) / Math.Log(1 - (Change(celsius) / steady)), 1e-6);
        }
    }

    [Fact]
    public void Reversal_potentials_follow_from_concentrations_by_nernst()
    {
        // No current flows at E = (R T / z F) ln(outside / inside).
        foreach (var (channel, ion, valence, inside, outside) in new[] { ("na-traub-miles", "Na", 1, 15.0, 120.0), ("kd-traub-miles", "K", 1, 130.0, 4.0), ("cal-reuveni", "Ca", 2, 1e-4, 1.5), ("cat-huguenard", "Ca", 2, 1e-4, 1.5) })
        {
            var clamped = Clamp(channel, 30, ($"{ion}In", inside), ($"{ion}Out", outside));
            var e = 8.314462618 * 303.15 / (valence * 96.48533212) * Math.Log(outside / inside);
            var name = $"{channel.Split('-')[0]}.I";
            clamped["V"] = e;
            Assert.Equal(0, clamped.Output(name), 1e-12);
            clamped["V"] = e + 5;
            Assert.True(clamped.Output(name) > 0);
            clamped["V"] = e - 5;
            Assert.True(clamped.Output(name) < 0);
        }
    }

    [Fact]
    public void Flow_between_concentrations_is_that_of_goldman_hodgkin_and_katz()
    {
        // J = P m^2 h z^2 F^2 V / (R T) (in - out exp(-zFV/RT)) / (1 - exp(-zFV/RT)), in uA/cm^2 with P in cm/s: A/m^2 are 100 uA/cm^2.
        var clamped = Clamp("cat-huguenard", 24, ("CaIn", 5e-4), ("CaOut", 2.5));
        foreach (var v in new[] { -100.0, -30, 0.01, 20 })
        {
            (clamped["V"], clamped["cat.m"], clamped["cat.h"]) = (v, 0.7, 0.4);
            var u = 2 * 96485.33212 * v * 1e-3 / (8.314462618 * 297.15);
            var flow = 2e-6 * 0.49 * 0.4 * 2 * 96485.33212 * u * (5e-4 - (2.5 * Math.Exp(-u))) / (1 - Math.Exp(-u));
            Assert.Equal(1, clamped.Output("cat.I") / (100 * flow), 1e-6);
        }
    }

    [Fact]
    public void Calcium_pool_fills_and_empties_by_the_closed_form()
    {
        // A current J through gates that are held: Ca = CaRest + tau J / (2 F depth) (1 - exp(-t / tau)); an outward one brings none in.
        var pool = Pool("cal-reuveni");
        var current = 0.0;
        for (var k = 1; k <= 2000; k++)
        {
            (pool["V"], pool["cal.q"], pool["cal.r"]) = (-20, 0.5, 0.5);
            pool["Ca"] = k == 1 ? 2.4e-4 : pool["Ca"];
            current = pool.Output("cal.I");
            var before = pool["Ca"];
            pool.Step(("I", 0));
            var filling = -current * 1e-2 / (2 * 96485.33212 * 1e-6) * 1e-3;
            var target = 2.4e-4 + (5 * filling);
            Assert.Equal(target + ((before - target) * Math.Exp(-0.01 / 5)), pool["Ca"], 1e-6 * target);
        }

        Assert.True(current < 0 && pool["Ca"] > 6e-4, "no calcium came in");
        for (var k = 0; k < 5000; k++)
        {
            (pool["V"], pool["cal.q"]) = (-70, 0);
            pool.Step(("I", 0));
        }

        Assert.Equal(2.4e-4, pool["Ca"], 1e-6);
    }

    [Theory]
    [InlineData("sk-koehler", "sk.z", 4.3e-4, 4.8, 1)]
    [InlineData("ahp-destexhe", "ahp.m", 0.025, 2, 2)]
    public void Calcium_opens_potassium_channels_by_their_hill_curve(string channel, string gate, double half, double exponent, int power)
    {
        foreach (var calcium in new[] { half / 3, half, 4 * half })
        {
            // With calcium and potential held, a step of any length is exact.
            var pool = Pool(channel, 1);
            for (var k = 0; k < 600; k++)
            {
                (pool["V"], pool["Ca"]) = (-50, calcium);
                pool.Step(("I", 0));
            }

            var open = 1 / (1 + Math.Pow(half / calcium, exponent));
            (pool["V"], pool["Ca"]) = (-50, calcium);
            Assert.Equal(open, pool[gate], 1e-4);
            Assert.Equal((channel[0] == 's' ? 0.5 : 1) * Math.Pow(open, power) * 40, pool.Output($"{gate.Split('.')[0]}.I"), 1e-2);
        }
    }

    [Fact]
    public void Slow_inactivation_scales_the_sodium_current()
    {
        var (plain, slow) = (Clamp("na-traub-miles", 36), Clamp("na-traub-miles-slow", 36));
        foreach (var available in new[] { 0, 0.37, 1 })
        {
            foreach (var cell in new[] { plain, slow })
            {
                (cell["V"], cell["na.m"], cell["na.h"]) = (-30, 0.8, 0.3);
            }

            slow["na.s"] = available;
            Assert.Equal(available * plain.Output("na.I"), slow.Output("na.I"), 1e-15);
        }
    }

    [Fact]
    public void Slow_inactivation_lowers_the_spikes_of_a_train_and_they_recover()
    {
        // Half a second of firing, then 1.4 s of rest and as many spikes again as that leaves time for.
        (double[] First, double[] Again) Peaks(string sodium)
        {
            var run = EngineRun.Of(
                EngineRun.Cell("conductance-based", [], "leak", sodium, "kd-traub-miles"), "exponential-euler", 0.02, 2000, static t => t is (> 50 and < 550) or > 1900 ? 0.5 : 0);
            double Peak(double t) => run["V"].Skip((int)(t / 0.02)).Take(100).Max();
            return ([.. run.Spikes.Where(static t => t < 600).Select(Peak)], [.. run.Spikes.Where(static t => t > 600).Select(Peak)]);
        }

        var (plain, slow) = (Peaks("na-traub-miles"), Peaks("na-traub-miles-slow"));
        Assert.InRange(slow.First.Length, 20, plain.First.Length);
        Assert.InRange(plain.First[1] - plain.First[^2], -0.1, 0.1);
        Assert.InRange(slow.First[1] - slow.First[^2], 1, 3);
        Assert.InRange(slow.Again[1], slow.First[^2] + 0.3, slow.First[1] - 0.3);
    }

    [Fact]
    public void Transient_potassium_delays_the_first_spike()
    {
        double First(params string[] more) => EngineRun.Of(
            EngineRun.Cell("conductance-based", [("temperature", 18 * degC)], ["leak", "na-traub-miles", "kd-traub-miles", .. more]), "exponential-euler", 0.02, 600, static t => t > 50 ? 0.3 : 0, ("Vinit", -70)).Spikes.FirstOrDefault(9999);
        Assert.InRange(First(), 50, 150);
        Assert.True(First("a-connor") > First() + 5, $"{First("a-connor")} after {First()} ms");
    }

    [Fact]
    public void Current_h_makes_hyperpolarisation_sag()
    {
        EngineRun Run(params string[] more) => EngineRun.Of(
            EngineRun.Cell("conductance-based", [], ["leak", .. more]), "exponential-euler", 0.05, 1500, static t => t is > 500 and < 1200 ? -0.2 : 0);
        var (sagging, plain) = (Run("h-kole")["V"], Run()["V"]);
        Assert.True(sagging[10_000..24_000].Min() < sagging[23_990] - 1, "no sag");
        Assert.Equal(plain[10_000..24_000].Min(), plain[23_990], 0.01);
        Assert.True(sagging[24_100..].Max() > sagging[9_990] + 0.5, "no rebound");
    }

    [Fact]
    public void Potassium_that_calcium_opens_makes_firing_adapt()
    {
        double[] Spikes(params string[] more)
        {
            (string, double)[] values = [("depth", 0.1), ("tauCa", 200), .. more.Select(static _ => ("ahp.gMax", 20 * Density))];
            var cell = EngineRun.Cell("conductance-based", [("calcium", "pool")], ["leak", "na-traub-miles", "kd-traub-miles", "cal-reuveni", .. more]);
            return EngineRun.Of(cell, "exponential-euler", 0.02, 800, static t => t > 50 ? 0.4 : 0, values).Spikes;
        }

        static double Growth(double[] s) => (s[^1] - s[^2]) / (s[1] - s[0]);
        var (plain, adapting) = (Spikes(), Spikes("ahp-destexhe"));
        Assert.True(plain.Length > 5 && adapting.Length > 3 && adapting.Length < plain.Length, $"{plain.Length} and {adapting.Length} spikes");
        Assert.True(Growth(adapting) > 1.2 * Growth(plain), $"{Growth(plain)} and {Growth(adapting)}");
    }

    [Fact]
    public void A_channel_that_needs_what_the_cell_does_not_know_says_so()
    {
        var fault = Assert.Throws<DiagnosticException>(static () => EngineRun.Cell("conductance-based", [], "leak", "sk-koehler")).Diagnostics[0];
        Assert.Equal("BM4902", fault.Id);
        Assert.Contains("\"calcium\": \"pool\"", fault.Cure, StringComparison.Ordinal);
        Assert.Equal("BM4313", Assert.Throws<DiagnosticException>(static () => EngineRun.Cell("izhikevich", [], "leak")).Diagnostics[0].Id);
        Assert.Equal("BM4301", Assert.Throws<DiagnosticException>(static () => EngineRun.Cell("hodgkin-huxley", [], "leak")).Diagnostics[0].Id);
    }

    [Fact]
    public void Every_channel_is_checked_here()
    {
        // Those without gates that follow the potential alone have facts of their own.
        var gated = typeof(ChannelTests).GetMethod(nameof(A_gate_follows_a_step_of_the_potential_as_published))!
            .GetCustomAttributesData().Where(static a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(static a => (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[0].Value!);
        Assert.Equal(
            RecordingCatalog.Of(new NeuronsPlugin()).Names<IIonChannel>().Order(), gated.Distinct().Concat(["leak", "sk-koehler", "ahp-destexhe"]).Order());
    }

    /// <summary>A cell with one channel, whose concentrations are known, at -65 mV; its potential is set before each step.</summary>
    private static SmallSimulation Clamp(string channel, double celsius, params (string, double)[] values) => Cell(
        [("temperature", celsius * degC), ("reversal", "nernst")], channel, [("Vinit", -65), .. values]);

    private static SmallSimulation Pool(string channel, double dt = 0.01) => Cell([("calcium", "pool")], channel, [("Vinit", -65)], dt, staggered: false);

    private static SmallSimulation Cell((string, object)[] settings, string channel, (string, double)[] values, double dt = 0.01, bool staggered = true)
    {
        var catalog = RecordingCatalog.Of(new NeuronsPlugin());
        return new(RecordingNeuronScope.Define(catalog.Create<INeuronModel>("conductance-based", settings), (channel.Split('-')[0], catalog.Create<IIonChannel>(channel))), dt, values) { Staggered = staggered };
    }

    private static (double Steady, double Tau) Published(string channel, string gate, double v)
    {
        var u = v + 55; // The Traub-Miles channels' default shift.
        return (channel, gate) switch
        {
            ("na-hodgkin-huxley", "m") => Rates(0.1 * (v + 40) / (1 - Math.Exp(-(v + 40) / 10)), 4 * Math.Exp(-(v + 65) / 18)),
            ("na-hodgkin-huxley", "h") => Rates(0.07 * Math.Exp(-(v + 65) / 20), 1 / (1 + Math.Exp(-(v + 35) / 10))),
            ("k-hodgkin-huxley", "n") => Rates(v == -55 ? 0.1 : 0.01 * (v + 55) / (1 - Math.Exp(-(v + 55) / 10)), 0.125 * Math.Exp(-(v + 65) / 80)),
            ("na-traub-miles-slow", "s") => Rates(0.001 * Math.Exp((-85 - v) / 30), 0.0034 / (Math.Exp((-17 - v) / 10) + 1)),
            ("na-traub-miles" or "na-traub-miles-slow", "m") => Rates(u == 13 ? 1.28 : -0.32 * (u - 13) / (Math.Exp(-(u - 13) / 4) - 1), 0.28 * (u - 40) / (Math.Exp((u - 40) / 5) - 1)),
            ("na-traub-miles", "h") => Rates(0.128 * Math.Exp(-(u - 17) / 18), 4 / (1 + Math.Exp(-(u - 40) / 5))),
            ("kd-traub-miles", "n") => Rates(u == 15 ? 0.16 : -0.032 * (u - 15) / (Math.Exp(-(u - 15) / 5) - 1), 0.5 * Math.Exp(-(u - 10) / 40)),
            ("m-yamada", "p") => (1 / (1 + Math.Exp(-(v + 35) / 10)), 1000 / ((3.3 * Math.Exp((v + 35) / 20)) + Math.Exp(-(v + 35) / 20))),
            ("cal-reuveni", "q") => Rates(v == -27 ? 0.209 : 0.055 * (-27 - v) / (Math.Exp((-27 - v) / 3.8) - 1), 0.94 * Math.Exp((-75 - v) / 17)),
            ("cal-reuveni", "r") => Rates(0.000457 * Math.Exp((-13 - v) / 50), 0.0065 / (Math.Exp((-15 - v) / 28) + 1)),
            ("cat-pospischil", "u") => (1 / (1 + Math.Exp((v + 83) / 4)), 30.8 + ((211.4 + Math.Exp((v + 115.2) / 5)) / (1 + Math.Exp((v + 86) / 3.2)))),
            ("cat-huguenard", "m") => (1 / (1 + Math.Exp(-(v + 57) / 6.2)), 0.612 + (1 / (Math.Exp(-(v + 132) / 16.7) + Math.Exp((v + 16.8) / 18.2)))),
            ("cat-huguenard", "h") => (1 / (1 + Math.Exp((v + 81) / 4)), v < -80 ? Math.Exp((v + 467) / 66.6) : 28 + Math.Exp(-(v + 22) / 10.5)),
            ("a-connor", "a") => (Math.Cbrt(0.0761 * Math.Exp((v + 94.22) / 31.84) / (1 + Math.Exp((v + 1.17) / 28.93))), 0.3632 + (1.158 / (1 + Math.Exp((v + 55.96) / 20.12)))),
            ("a-connor", "b") => (1 / Math.Pow(1 + Math.Exp((v + 53.3) / 14.54), 4), 1.24 + (2.678 / (1 + Math.Exp((v + 50) / 16.027)))),
            ("h-kole", "l") => Rates(0.00643 * (v + 154.9) / (Math.Exp((v + 154.9) / 11.9) - 1), 0.193 * Math.Exp(v / 33.1)),
            _ => throw new ArgumentException($"no formula of {channel} {gate}", nameof(channel)),
        };

        static (double, double) Rates(double alpha, double beta) => (alpha / (alpha + beta), 1 / (alpha + beta));
    }
}
