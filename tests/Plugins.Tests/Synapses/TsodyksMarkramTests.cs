using BrainModular.Symbolics;
using BrainModular.Testing.Fakes;
using static BrainModular.Plugins.Tests.Synapses.DefinedSynapse;

namespace BrainModular.Plugins.Tests.Synapses;

public sealed class TsodyksMarkramTests
{
    [Theory]
    [InlineData(0.5, 1, 800, 50)]
    [InlineData(0.05, 1000, 100, 20)]
    [InlineData(0.38, 25.71, 365.6, 10)]
    public void Amplitudes_follow_the_published_recursion_to_its_steady_state(double use, double tauF, double tauD, int interval)
    {
        // u(n+1) = U + (1 - U) u(n) exp(-T / tauF), x(n+1) = 1 - (1 - x(n) (1 - u(n))) exp(-T / tauD), with x just before a spike and u just after.
        var sent = Trains(use, tauF, tauD, interval, spikes: 400);
        var (facilitation, recovery) = (Math.Exp(-interval / tauF), Math.Exp(-interval / tauD));
        var (u, x) = (use, 1.0);
        foreach (var amplitude in sent)
        {
            Assert.Equal(u * x, amplitude, 1e-12);
            x = 1 - ((1 - (x * (1 - u))) * recovery);
            u = use + ((1 - use) * u * facilitation);
        }

        var steadyUse = use / (1 - ((1 - use) * facilitation));
        Assert.Equal(steadyUse * (1 - recovery) / (1 - ((1 - steadyUse) * recovery)), sent[^1], 1e-12);
    }

    [Fact]
    public void Depression_weakens_and_facilitation_strengthens_the_second_response()
    {
        var depressing = Trains(0.5, 1, 800, 50, spikes: 2);
        var facilitating = Trains(0.05, 1000, 100, 20, spikes: 2);
        Assert.True(depressing[1] < 0.6 * depressing[0]);
        Assert.True(facilitating[1] > 1.5 * facilitating[0]);
    }

    [Fact]
    public void Any_receptor_follows()
    {
        foreach (var receptor in Names.Except(["tsodyks-markram", "gap-junction"]))
        {
            var synapse = Define("tsodyks-markram", ("receptor", receptor));
            Assert.Equal(["release", "receptor"], synapse.Parts.Distinct());
            Assert.Equal(Define(receptor).ReceptorPart.Names, synapse.ReceptorPart.Names);
        }

        Assert.Equal(Define("exponential-conductance").ReceptorPart.Names, Define("tsodyks-markram").ReceptorPart.Names);
    }

    /// <summary>What a regular train of spikes sends, at a step of 1 ms.</summary>
    private static double[] Trains(double use, double tauF, double tauD, int interval, int spikes)
    {
        var synapse = Define("tsodyks-markram");
        synapse.ReleasePart.Contribution = synapse.Sent;
        var release = new SmallSimulation(synapse.ReleasePart, 1, ("U", use), ("tauF", tauF), ("tauD", tauD));
        var sent = new List<double>();
        for (var k = 0; k < spikes * interval; k++)
        {
            release.Step(("pre", k % interval == 0 ? 1 : 0));
            if (k % interval == 0)
            {
                sent.Add(release.Contribution);
            }
            else
            {
                Assert.Equal(0, release.Contribution);
            }
        }

        return [.. sent];
    }
}
