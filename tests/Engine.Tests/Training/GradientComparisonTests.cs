using BrainModular.Diagnostics;
using BrainModular.Engine.Ir;
using BrainModular.Engine.Kernels.Random;
using BrainModular.Engine.Networks;
using BrainModular.Engine.Networks.Online;
using BrainModular.Engine.Tests.Networks;
using BrainModular.Engine.Training;
using BrainModular.Symbolics;
using Xunit;

namespace BrainModular.Engine.Tests.Training;

public sealed class GradientComparisonTests
{
    [Fact]
    public void Each_method_agrees_with_backpropagation_as_far_as_it_keeps_its_terms()
    {
        var comparison = Comparison(Network());
        var reference = Run(comparison, null);
        Assert.All(comparison.Agreement(reference, reference), static a => Assert.Equal((1, 1), (Math.Round(a.Cosine, 12), a.NormRatio)));
        Assert.All(comparison.Agreement(reference, Run(comparison, OnlineRule.RealTimeRecurrent)), static a => AssertSame(a));
        foreach (var rule in new[] { OnlineRule.Diagonal, OnlineRule.Factored, OnlineRule.EligibilityPropagation })
        {
            var agreement = comparison.Agreement(reference, Run(comparison, rule)).ToDictionary(static a => a.Projection);
            Assert.Equal(["E.E", "E.I", "E.out", "I.E", "I.out", "in.E", "in.I"], agreement.Keys.Order(StringComparer.Ordinal));

            // What ends on the readout has its gradient by every method; of what ends on cells, that through recurrent spikes is missing.
            Assert.All(agreement.Values.Where(static a => a.Projection.EndsWith(".out", StringComparison.Ordinal)), static a => AssertSame(a));
            Assert.All(agreement.Values.Where(static a => !a.Projection.EndsWith(".out", StringComparison.Ordinal)), static a => Assert.InRange(a.Cosine, 0.3, 1 - 1e-6));
        }
    }

    [Fact]
    public void Cosine_and_ratio_are_those_of_the_vectors()
    {
        var comparison = Comparison(Network());
        var length = Program(Network(), new()).Coordinates;
        double[] ones = [.. Enumerable.Repeat(1.0, length)];
        Assert.All(comparison.Agreement(ones, [.. ones.Select(static _ => -3.0)]), static a => Assert.Equal((-1, 3), (Math.Round(a.Cosine, 12), Math.Round(a.NormRatio, 12))));
        Assert.All(comparison.Agreement(ones, new double[length]), static a => Assert.Equal((double.NaN, 0), (a.Cosine, a.NormRatio)));
        Assert.All(comparison.Agreement(new double[length], ones), static a => Assert.Equal((double.NaN, double.NaN), (a.Cosine, a.NormRatio)));

        // The first weight alone of the 24 of the first projection.
        double[] one = [1, .. new double[length - 1]];
        var first = comparison.Agreement(ones, one)[0];
        Assert.Equal(("in.E", 24), (first.Projection, first.Weights));
        Assert.Equal(1 / Math.Sqrt(24), first.Cosine, 1e-12);
        Assert.Equal(1 / Math.Sqrt(24), first.NormRatio, 1e-12);
    }

    [Fact]
    public void Regularisers_are_left_out_for_all()
    {
        var network = Network();
        var regularised = Comparison(network, new() { Rates = new(1, 20), Voltages = new(1, -61, -58) });
        Assert.Equal(Run(Comparison(network), null), Run(regularised, null));
        Assert.NotEmpty(Run(regularised, OnlineRule.Diagonal));
    }

    [Fact]
    public void A_network_that_a_method_cannot_train_is_refused()
    {
        var comparison = Comparison(WrittenNetwork.Everything(new(1)));
        Assert.Equal("BM2520", Assert.Single(Assert.Throws<DiagnosticException>(() => comparison.Open(new(OnlineRule.Diagonal))).Diagnostics).Id);
        using var opened = comparison.Open(new(OnlineRule.RealTimeRecurrent));

        // Of E and I each cell has V and its receptors' conductances, E also the two states of its release; of the readout, y.
        Assert.Equal(Program(WrittenNetwork.Everything(new(1)), new()).Coordinates * ((5 * 6) + (3 * 4) + 2), comparison.Sensitivities);
    }

    /// <summary>Weaker input than is written, so that cells do not spike in every step.</summary>
    private static NetworkDefinition Network()
    {
        var network = WrittenNetwork.Recurrent(new(1));
        return network with { Projections = [.. network.Projections.Select(static p => p.Source == "in" ? p with { Weights = [.. p.Weights.Select(static w => 0.1f * w)] } : p)] };
    }

    private static void AssertSame(GradientAgreement agreement)
    {
        Assert.Equal(1, agreement.Cosine, 1e-12);
        Assert.Equal(1, agreement.NormRatio, 1e-9);
    }

    private static double[] Run(GradientComparison comparison, OnlineRule? rule)
    {
        using var method = comparison.Open(rule is { } of ? new(of) : null);
        var start = Program(Network(), new()).InitialCoordinates();
        method.Run(start);
        double[] first = [.. method.Gradient];
        method.Run(start);
        Assert.Equal(first, method.Gradient);
        Assert.All(method.Rates().Values, static r => Assert.InRange(r, 5, 800));
        Assert.True(method.Loss > 0.1 && method.Bytes > 1 << 12);
        return first;
    }

    private static NetworkProgram Program(NetworkDefinition network, NetworkOptions options) =>
        new(network, Precision.Double, options with { Training = true, Observed = ["out"] });

    private static GradientComparison Comparison(NetworkDefinition network, NetworkOptions? options = null)
    {
        var task = new WhichChannel();
        var plan = new TaskTrainingPlan(Program(network, options ?? new()), task, task.Shape(new Quantity(1, Units.ms)), "out", TaskLoss.CrossEntropy, Batch: 12) { Lanes = 8, Threads = 1 };
        return new(plan, new PhiloxStream(4));
    }
}
