using BrainModular.Engine.Ir;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>Few lanes, of whose steps a tape is kept for the adjoint, against many, of whose steps none is: both give the same bits..</summary>
public sealed class TapedAdjointTests
{
    private const int Many = 20;

    [Theory]
    [MemberData(nameof(NeuronCase.Names), MemberType = typeof(NeuronCase))]
    public void Few_lanes_have_the_bits_of_many(string neuron)
    {
        foreach (var (precision, steps, memoryBudget) in new[] { (Precision.Double, 1100, long.MaxValue), (Precision.Double, 1100, 0), (Precision.Single, 700, long.MaxValue), (Precision.Single, 700, 0), (Precision.Double, 0, 0), (Precision.Double, 1, 0), (Precision.Double, 2, 0) })
        {
            using var subject = new TrainingSubject(neuron, precision, steps);
            Assert.True(steps < 700 || subject.SpikeTimes().Length > 0, $"{neuron} has no spike in {steps} steps");
            var parameters = subject.Parameters(Many);
            var many = subject.Run(parameters, memoryBudget);
            Assert.Equal(many.Loss, subject.Losses(parameters));
            foreach (var few in precision == Precision.Double ? new[] { 3, 7 } : [3, 13])
            {
                var first = parameters.Select(p => p[..few]).ToArray();
                var alone = subject.Run(first, memoryBudget);
                Assert.Equal(many.Loss[..few], alone.Loss);
                Assert.Equal(many.Loss[..few], subject.Losses(first));
                for (var p = 0; p < parameters.Length; p++)
                {
                    Assert.Equal(many.Gradient[p][..few], alone.Gradient[p]);
                }
            }
        }
    }
}
