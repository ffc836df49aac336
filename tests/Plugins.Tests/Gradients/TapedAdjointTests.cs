using BrainModular.Engine.Ir;

namespace BrainModular.Plugins.Tests.Gradients;

/// <summary>Few lanes, of whose steps a tape is kept for the adjoint, against many, of whose steps none is: both give the same bits.</summary>
public sealed class TapedAdjointTests
{
    private const int Few = 3;
    private const int Many = 20;

    [Theory]
    [MemberData(nameof(NeuronCase.Names), MemberType = typeof(NeuronCase))]
    public void Few_lanes_have_the_bits_of_many(string neuron)
    {
        foreach (var (precision, steps, memoryBudget) in new[] { (Precision.Double, 1100, long.MaxValue), (Precision.Double, 1100, 0), (Precision.Single, 700, long.MaxValue), (Precision.Double, 0, 0), (Precision.Double, 1, 0), (Precision.Double, 2, 0) })
        {
            using var subject = new TrainingSubject(neuron, precision, steps);
            var parameters = subject.Parameters(Many);
            var (many, few) = (subject.Run(parameters, memoryBudget), subject.Run([.. parameters.Select(static p => p[..Few])], memoryBudget));
            Assert.Equal(many.Loss[..Few], few.Loss);
            for (var p = 0; p < parameters.Length; p++)
            {
                Assert.Equal(many.Gradient[p][..Few], few.Gradient[p]);
            }
        }
    }
}
